//! `print name = value, ...`: one row of constants.

use super::Syntax;
use crate::dialect::kusto::ast::{Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Source};

#[derive(Clone, Debug, PartialEq)]
pub struct Print {
    pub fields: Vec<Field>,
}

impl Syntax for Print {
    const SPELLINGS: &'static [&'static str] = &["print"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Print { fields: parser.list(Parser::field)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let assignments = lowering.fields(&self.fields, rows);
        rows.has_only(assignments.iter().map(|assignment| assignment.name.value.clone()).collect());
        rows.pipeline.source = Source::Row(assignments);
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
