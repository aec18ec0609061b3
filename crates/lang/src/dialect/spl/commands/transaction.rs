//! `transaction fields maxspan=... startswith=(...)`: events that belong together as one. Kept as it is written: there is no form
//! of it in `ir` but for the sequences of other languages, which find less than a transaction does.

use super::Syntax;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    pub text: String,
}

impl Syntax for Transaction {
    const NAMES: &'static [&'static str] = &["transaction"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(Transaction { text: parser.verbatim() })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        rows.other("transaction", vec!["duration".to_owned(), "eventcount".to_owned()]);
    }

    fn print(&self, out: &mut Printer) {
        out.then(&self.text);
    }
}
