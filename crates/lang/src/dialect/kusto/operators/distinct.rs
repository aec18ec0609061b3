//! `distinct a, b`: each combination of values once.

use super::Syntax;
use crate::dialect::kusto::ast::{ExprKind, Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Aggregate, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Distinct {
    pub properties: Vec<Property>,
    /// A single `*` for all columns.
    pub fields: Vec<Field>,
}

impl Syntax for Distinct {
    const SPELLINGS: &'static [&'static str] = &["distinct"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Distinct { properties: parser.properties()?, fields: parser.list(Parser::field)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        if let [field] = self.fields.as_slice()
            && field.expr.kind == ExprKind::Star
        {
            return rows.other("distinct *", Vec::new(), lowering);
        }
        let by = lowering.fields(&self.fields, rows);
        rows.has_only(by.iter().map(|assignment| assignment.name.value.clone()).collect());
        rows.push(StageKind::Aggregate(Aggregate { aggregates: Vec::new(), by, inline: false }));
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.fields, |field, out| out.field(field));
    }
}
