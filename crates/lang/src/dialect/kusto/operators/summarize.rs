//! `summarize n = count(), max(x) by key, bin(time, 1h)`: one row for each group.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Aggregate, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Summarize {
    pub properties: Vec<Property>,
    pub aggregates: Vec<Field>,
    pub by: Vec<Field>,
    /// `bin=1h`, of older versions.
    pub bin: Option<Expr>,
}

impl Syntax for Summarize {
    const SPELLINGS: &'static [&'static str] = &["summarize"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let aggregates =
            if parser.at_keyword("by") || !parser.at_operand() { Vec::new() } else { parser.list(Parser::field)? };
        let by = if parser.eat_keyword("by") { parser.list(Parser::field)? } else { Vec::new() };
        if aggregates.is_empty() && by.is_empty() {
            return Err(parser.expected("an aggregate or `by`"));
        }
        let bin = if parser.eat_keyword("bin") {
            parser.expect("=")?;
            Some(parser.value()?)
        } else {
            None
        };
        Ok(Summarize { properties, aggregates, by, bin })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let by = lowering.fields(&self.by, rows);
        let aggregates = lowering.aggregates(&self.aggregates, rows);
        let names = by.iter().chain(&aggregates).map(|assignment| assignment.name.value.clone()).collect();
        rows.has_only(names);
        rows.push(StageKind::Aggregate(Aggregate { aggregates, by, inline: false }));
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.aggregates, |field, out| out.field(field));
        if !self.by.is_empty() {
            out.push(if self.aggregates.is_empty() { "by " } else { " by " });
            out.list(&self.by, |field, out| out.field(field));
        }
        if let Some(bin) = &self.bin {
            out.push(" bin=");
            out.expr(bin);
        }
    }
}
