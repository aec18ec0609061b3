//! `consume`: reads the rows and gives none.

use super::Syntax;
use crate::dialect::kusto::ast::{Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Consume {
    pub properties: Vec<Property>,
}

impl Syntax for Consume {
    const SPELLINGS: &'static [&'static str] = &["consume"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Consume { properties: parser.properties()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("consume", Vec::new(), lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
    }
}
