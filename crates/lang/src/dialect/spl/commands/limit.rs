//! `head 10` and `tail 10`: the first or last rows.

use super::Syntax;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub name: &'static str,
    /// A count, or what else is written: a condition, or options.
    pub text: String,
}

impl Syntax for Limit {
    const NAMES: &'static [&'static str] = &["head", "tail"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        Ok(Limit { name, text: parser.verbatim() })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let text = self.text.strip_prefix("limit=").unwrap_or(&self.text);
        // Splunk's default is 10.
        let count = if text.is_empty() { Some(10) } else { text.parse().ok() };
        match count.filter(|_| self.name == "head") {
            Some(count) => rows.push(StageKind::Limit { count, by: Vec::new() }),
            None => rows.other(self.name, Vec::new()),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.then(&self.text);
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
