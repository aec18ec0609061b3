//! `serialize name = value`: fixes the order of the rows, for functions that look at their neighbours.

use super::Syntax;
use crate::dialect::kusto::ast::{Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Serialize {
    pub fields: Vec<Field>,
}

impl Syntax for Serialize {
    const SPELLINGS: &'static [&'static str] = &["serialize"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let fields = if parser.at_operand() { parser.list(Parser::field)? } else { Vec::new() };
        Ok(Serialize { fields })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        if self.fields.is_empty() {
            return;
        }
        let assignments = lowering.fields(&self.fields, rows);
        rows.also_has(assignments.iter().map(|assignment| assignment.name.value.clone()));
        rows.push(StageKind::Extend(assignments));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
