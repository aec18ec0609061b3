//! `top n by key desc`: the first rows in an order.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

use super::sort::Key;

#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    pub properties: Vec<Property>,
    pub count: Expr,
    pub keys: Vec<Key>,
}

impl Syntax for Top {
    const SPELLINGS: &'static [&'static str] = &["top"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let count = parser.value()?;
        parser.expect_keyword("by")?;
        Ok(Top { properties, count, keys: parser.list(Key::parse)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let keys = self.keys.iter().map(|key| key.lower(rows, lowering)).collect();
        rows.push(StageKind::Sort(keys));
        rows.limit(&self.count, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.count);
        out.push(" by ");
        out.list(&self.keys, Key::print);
    }
}
