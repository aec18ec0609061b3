//! `extend name = value, ...`: new columns.

use super::Syntax;
use crate::dialect::kusto::ast::{Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Extend {
    pub fields: Vec<Field>,
}

impl Syntax for Extend {
    const SPELLINGS: &'static [&'static str] = &["extend"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Extend { fields: parser.list(Parser::field)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let assignments = lowering.fields(&self.fields, rows);
        let assignments = rows.in_order(assignments, lowering);
        rows.also_has(assignments.iter().map(|assignment| assignment.name.value.clone()));
        rows.push(StageKind::Extend(assignments));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
