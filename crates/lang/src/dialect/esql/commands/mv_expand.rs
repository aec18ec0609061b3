//! `MV_EXPAND a`: one row for each value of the column.

use super::Syntax;
use crate::dialect::esql::ast::Name;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct MvExpand {
    pub name: Name,
}

impl Syntax for MvExpand {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["MV_EXPAND"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(MvExpand { name: parser.name()? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        Ok(StageKind::Expand(lowering.name(&self.name)?))
    }

    fn print(&self, out: &mut Printer) {
        out.name(&self.name);
    }
}
