//! `append [search]`: the rows of a subsearch after those that are there. `appendpipe` makes more rows of the rows
//! themselves; `appendcols` puts rows side by side by their number, parses alike, and is reported.

use super::Syntax;
use crate::dialect::spl::ast::{Query, Setting};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Append {
    pub name: &'static str,
    pub settings: Vec<Setting>,
    pub query: Query,
}

impl Syntax for Append {
    const NAMES: &'static [&'static str] = &["append", "appendpipe", "appendcols"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        Ok(Append { name, settings, query: parser.subsearch()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let appended = match self.name {
            "appendpipe" => rows.pipe(&self.query),
            _ => Some(rows.subsearch(&self.query)),
        };
        match appended.filter(|_| self.name != "appendcols") {
            Some(pipeline) => rows.push(StageKind::Append(vec![pipeline])),
            None => rows.other(self.name, Vec::new()),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.subsearch(&self.query);
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
