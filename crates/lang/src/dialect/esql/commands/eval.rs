//! `EVAL a = x + 1, b = a * 2`: new columns, each visible to the next.

use super::Syntax;
use crate::dialect::esql::ast::Field;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Eval {
    pub fields: Vec<Field>,
}

impl Syntax for Eval {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["EVAL"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Eval { fields: parser.list(Parser::field)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        Ok(StageKind::Extend(lowering.fields(&self.fields)?))
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
