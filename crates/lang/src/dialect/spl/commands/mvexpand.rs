//! `mvexpand field`: a row for each of several values.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, spanned};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct MvExpand {
    pub field: Word,
    pub settings: Vec<Setting>,
}

impl Syntax for MvExpand {
    const NAMES: &'static [&'static str] = &["mvexpand"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let field = parser.field()?;
        Ok(MvExpand { field, settings: parser.settings()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        self.settings.iter().for_each(|setting| rows.ignored(setting));
        rows.push(StageKind::Expand(spanned(&self.field)));
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.word(&self.field);
        out.settings(&self.settings);
    }
}
