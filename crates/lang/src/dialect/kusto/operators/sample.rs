//! `sample n`: some rows, by chance.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub properties: Vec<Property>,
    pub count: Expr,
}

impl Syntax for Sample {
    const SPELLINGS: &'static [&'static str] = &["sample"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Sample { properties: parser.properties()?, count: parser.value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.limit(&self.count, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.count);
    }
}
