//! `WHERE condition`: rows for which the condition is true.

use super::Syntax;
use crate::dialect::esql::ast::Expr;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    pub condition: Expr,
}

impl Syntax for Where {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["WHERE"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Where { condition: parser.expression()? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        Ok(StageKind::Filter(lowering.expr(&self.condition)?))
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.condition);
    }
}
