//! `fork name=(query) (query)`: the rows through several queries at once.

use super::Syntax;
use crate::dialect::kusto::ast::{Name, Pipe};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    pub legs: Vec<Leg>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    pub name: Option<Name>,
    pub query: Pipe,
}

impl Syntax for Fork {
    const SPELLINGS: &'static [&'static str] = &["fork"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let mut legs = Vec::new();
        loop {
            let name = if parser.at_name() { Some(parser.name()?) } else { None };
            if name.is_some() {
                parser.expect("=")?;
            }
            legs.push(Leg { name, query: parser.inner_query("(", ")")? });
            if !parser.at_symbol("(") && !parser.at_leg() {
                return Ok(Fork { legs });
            }
        }
    }

    /// Kusto gives a table for each query; here they are one after another.
    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let legs = self.legs.iter().map(|leg| {
            let mut rows = lowering.copy(rows);
            lowering.run(&leg.query.operators, &mut rows);
            rows
        });
        let legs = legs.collect();
        rows.become_union(legs);
    }

    fn print(&self, out: &mut Printer) {
        for (position, leg) in self.legs.iter().enumerate() {
            if position > 0 {
                out.push(" ");
            }
            if let Some(name) = &leg.name {
                out.name(&name.value);
                out.push("=");
            }
            out.inner_query("(", &leg.query, ")");
        }
    }
}
