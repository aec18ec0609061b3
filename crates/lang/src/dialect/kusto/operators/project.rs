//! `project a, name = value, ...`: only these columns.

use super::Syntax;
use crate::dialect::kusto::ast::{Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    pub fields: Vec<Field>,
}

impl Syntax for Project {
    const SPELLINGS: &'static [&'static str] = &["project"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let fields = if parser.at_operand() { parser.list(Parser::field)? } else { Vec::new() };
        Ok(Project { fields })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let assignments = lowering.fields(&self.fields, rows);
        let names: Vec<_> = assignments.iter().map(|assignment| assignment.name.clone()).collect();
        let new = rows.new_columns(assignments);
        let new = rows.in_order(new, lowering);
        if !new.is_empty() {
            rows.push(StageKind::Extend(new));
        }
        rows.has_only(names.iter().map(|name| name.value.clone()).collect());
        rows.push(StageKind::Keep(names.iter().map(Rows::plain_pattern).collect()));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
