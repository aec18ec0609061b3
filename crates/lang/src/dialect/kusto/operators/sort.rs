//! `sort by a asc nulls last, b`: rows in order.
//! 
//! Without a word the order is descending; nulls are the least values.

use super::Syntax;
use crate::dialect::kusto::ast::{Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{SortKey, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    pub properties: Vec<Property>,
    pub keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub field: Field,
    /// `None` where the query leaves it to the default.
    pub descending: Option<bool>,
    pub nulls_first: Option<bool>,
}

impl Syntax for Sort {
    const SPELLINGS: &'static [&'static str] = &["sort", "order"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        parser.expect_keyword("by")?;
        Ok(Sort { properties, keys: parser.list(Key::parse)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let keys = self.keys.iter().map(|key| key.lower(rows, lowering)).collect();
        rows.push(StageKind::Sort(keys));
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.push("by ");
        out.list(&self.keys, Key::print);
    }
}

impl Key {
    pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let field = parser.field()?;
        let descending = if parser.eat_keyword("desc") {
            Some(true)
        } else {
            parser.eat_keyword("asc").then_some(false)
        };
        let mut nulls_first = None;
        if parser.eat_keyword("nulls") {
            nulls_first = Some(parser.eat_keyword("first"));
            if nulls_first == Some(false) && !parser.eat_keyword("last") {
                return Err(parser.expected("`first` or `last`"));
            }
        }
        Ok(Key { field, descending, nulls_first })
    }

    pub(super) fn lower<'a>(&'a self, rows: &Rows<'a>, lowering: &mut Lowering<'a>) -> SortKey {
        let descending = self.descending.unwrap_or(true);
        let expr = lowering.value(&self.field.expr, rows);
        SortKey { expr, descending, nulls_first: self.nulls_first.unwrap_or(!descending) }
    }

    pub(super) fn print(key: &Self, out: &mut Printer) {
        out.field(&key.field);
        out.push(match key.descending {
            Some(true) => " desc",
            Some(false) => " asc",
            None => "",
        });
        out.push(match key.nulls_first {
            Some(true) => " nulls first",
            Some(false) => " nulls last",
            None => "",
        });
    }
}
