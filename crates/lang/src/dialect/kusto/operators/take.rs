//! `take n` or `limit n`: some rows, which ones is not said.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    pub properties: Vec<Property>,
    pub count: Expr,
}

impl Syntax for Take {
    const SPELLINGS: &'static [&'static str] = &["take", "limit"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Take { properties: parser.properties()?, count: parser.value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.limit(&self.count, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.count);
    }
}
