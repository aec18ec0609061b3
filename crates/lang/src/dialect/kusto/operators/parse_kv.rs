//! `parse-kv value as (name: type, ...) with (pair_delimiter=" ", ...)`: columns from keys and values in a string.

use super::Syntax;
use crate::dialect::kusto::ast::{Column, Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct ParseKv {
    pub input: Expr,
    pub columns: Vec<Column>,
    pub options: Vec<Property>,
}

impl Syntax for ParseKv {
    const SPELLINGS: &'static [&'static str] = &["parse-kv"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let input = parser.value()?;
        parser.expect_keyword("as")?;
        let columns = parser.schema()?;
        let options = if parser.eat_keyword("with") { parser.property_list()? } else { Vec::new() };
        Ok(ParseKv { input, columns, options })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let names: Vec<_> = self.columns.iter().map(|column| column.name.value.clone()).collect();
        rows.also_has(names.clone());
        rows.other("parse-kv", names, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.input);
        out.push(" as ");
        out.schema(&self.columns);
        out.with_properties(&self.options);
    }
}
