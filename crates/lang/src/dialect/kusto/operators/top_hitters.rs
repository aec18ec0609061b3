//! `top-hitters n of column by weight`: about the most frequent values.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

use super::sort::Key;

#[derive(Clone, Debug, PartialEq)]
pub struct TopHitters {
    pub count: Expr,
    pub of: Field,
    pub by: Option<Key>,
}

impl Syntax for TopHitters {
    const SPELLINGS: &'static [&'static str] = &["top-hitters"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let count = parser.value()?;
        parser.expect_keyword("of")?;
        let of = parser.field()?;
        let by = if parser.eat_keyword("by") { Some(Key::parse(parser)?) } else { None };
        Ok(TopHitters { count, of, by })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("top-hitters", Vec::new(), lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.count);
        out.push(" of ");
        out.field(&self.of);
        if let Some(by) = &self.by {
            out.push(" by ");
            Key::print(by, out);
        }
    }
}
