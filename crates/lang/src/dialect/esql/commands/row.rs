//! `ROW a = 1, b = "x"`: one row of constants.

use super::Syntax;
use crate::dialect::esql::ast::Field;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::Diagnostic;

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub fields: Vec<Field>,
}

impl Syntax for Row {
    type Meaning = ir::Source;
    const SPELLINGS: &'static [&'static str] = &["ROW"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Row { fields: parser.list(Parser::field)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<ir::Source, Diagnostic> {
        Ok(ir::Source::Row(lowering.fields(&self.fields)?))
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
