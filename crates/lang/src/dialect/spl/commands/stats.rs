//! `stats`, `eventstats`, `streamstats`: groups of rows reduced to one row each, or with the result beside each row.

use super::Syntax;
use crate::dialect::spl::ast::{Aggregate, Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    pub name: &'static str,
    pub settings: Vec<Setting>,
    pub aggregates: Vec<Aggregate>,
    pub by: Vec<Word>,
}

impl Syntax for Stats {
    const NAMES: &'static [&'static str] = &["stats", "eventstats", "streamstats"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        let aggregates = parser.aggregates()?;
        if aggregates.is_empty() {
            return Err(parser.expected("an aggregate function"));
        }
        let by = if parser.eat_by() { parser.fields()? } else { Vec::new() };
        Ok(Stats { name, settings, aggregates, by })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let aggregates = rows.aggregates(&self.aggregates);
        // A running result depends on the order of rows and a window over them.
        if self.name == "streamstats" {
            let creates = aggregates.into_iter().map(|aggregate| aggregate.name.value).collect();
            return rows.other(self.name, creates);
        }
        let by = rows.keys(&self.by, None);
        let inline = self.name == "eventstats";
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline }));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.aggregates(&self.aggregates);
        out.by(&self.by);
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
