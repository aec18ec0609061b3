//! `rename field AS name, ...`; with `*` on both sides, all fields that fit.

use super::Syntax;
use crate::dialect::spl::ast::Renaming;
use crate::dialect::spl::lower::{Rows, spanned};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    pub renamings: Vec<Renaming>,
}

impl Syntax for Rename {
    const NAMES: &'static [&'static str] = &["rename"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut renamings = Vec::new();
        while parser.at_field() {
            let from = parser.field()?;
            if !parser.eat_keyword("as") {
                return Err(parser.expected("`AS`"));
            }
            renamings.push(Renaming { from, to: Some(parser.field()?) });
            while parser.eat(",") {}
        }
        if renamings.is_empty() { Err(parser.expected("the name of a field")) } else { Ok(Rename { renamings }) }
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let renames = self.renamings.iter().filter_map(|renaming| {
            let to = renaming.to.as_ref()?;
            Some(ir::Rename { from: spanned(&renaming.from), to: spanned(to) })
        });
        rows.push(StageKind::Rename(renames.collect()));
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.renamings(&self.renamings);
    }
}
