//! `lookup kind=leftouter (table) on column`: a join with a small table.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{JoinKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    pub properties: Vec<Property>,
    pub table: Expr,
    pub on: Vec<Expr>,
}

impl Syntax for Lookup {
    const SPELLINGS: &'static [&'static str] = &["lookup"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let table = parser.primary_value()?;
        parser.expect_keyword("on")?;
        Ok(Lookup { properties, table, on: parser.list(Parser::value)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let kind = super::join::kind(&self.properties, JoinKind::Left, lowering);
        super::join::join(kind, &self.table, &self.on, rows, lowering);
    }

    fn print(&self, out: &mut Printer) {
        super::join::print(&self.properties, &self.table, &self.on, out);
    }
}
