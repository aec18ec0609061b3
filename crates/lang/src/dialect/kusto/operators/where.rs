//! `where condition`: rows for which the condition is true.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    pub properties: Vec<Property>,
    pub condition: Expr,
}

impl Syntax for Where {
    const SPELLINGS: &'static [&'static str] = &["where", "filter"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Where { properties: parser.properties()?, condition: parser.value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        lowering.filter(&self.condition, rows);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.condition);
    }
}
