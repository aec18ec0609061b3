//! `outputlookup table`: keeps the rows for other searches; they pass as they are.

use super::Syntax;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct OutputLookup {
    pub text: String,
}

impl Syntax for OutputLookup {
    const NAMES: &'static [&'static str] = &["outputlookup"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(OutputLookup { text: parser.verbatim() })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        rows.without_effect("outputlookup", "no lookup table is written");
    }

    fn print(&self, out: &mut Printer) {
        out.then(&self.text);
    }
}
