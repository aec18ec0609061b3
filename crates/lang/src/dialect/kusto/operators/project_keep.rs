//! `project-keep a, b*`: only these columns, in their old order.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct ProjectKeep {
    pub names: Vec<Expr>,
}

impl Syntax for ProjectKeep {
    const SPELLINGS: &'static [&'static str] = &["project-keep"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(ProjectKeep { names: parser.list(Parser::name_or_wildcard)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, _: &mut Lowering<'a>) {
        let names = Rows::patterns(&self.names);
        rows.push(StageKind::Keep(names));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.names, |name, out| out.expr(name));
    }
}
