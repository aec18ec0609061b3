//! `as name`: gives the rows a name that later parts of the query can read them by.

use super::Syntax;
use crate::dialect::kusto::ast::{Name, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct As {
    pub properties: Vec<Property>,
    pub name: Name,
}

impl Syntax for As {
    const SPELLINGS: &'static [&'static str] = &["as"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(As { properties: parser.properties()?, name: parser.name()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.bind(&self.name.value, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.name(&self.name.value);
    }
}
