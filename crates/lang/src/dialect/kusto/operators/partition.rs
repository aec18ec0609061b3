//! `partition by column (query)`: a query over the rows of each value of a column.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Pipe, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    pub properties: Vec<Property>,
    pub by: Expr,
    pub query: Query,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// `(operator | ...)` over the rows of the value.
    Inner(Pipe),
    /// `{ query }` with a source of its own.
    Whole(Expr),
}

impl Syntax for Partition {
    const SPELLINGS: &'static [&'static str] = &["partition"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        parser.expect_keyword("by")?;
        let by = parser.name_or_wildcard()?;
        if parser.eat("{") {
            let query = Query::Whole(parser.expression()?);
            parser.expect("}")?;
            return Ok(Partition { properties, by, query });
        }
        Ok(Partition { properties, by, query: Query::Inner(parser.inner_query("(", ")")?) })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("partition", Vec::new(), lowering);
        match &self.query {
            Query::Inner(query) => lowering.run(&query.operators, rows),
            Query::Whole(query) => {
                let found = lowering.table(query, &rows.env());
                rows.append(vec![found]);
            }
        }
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.push("by ");
        out.expr(&self.by);
        match &self.query {
            Query::Inner(query) => {
                out.push(" ");
                out.inner_query("(", query, ")");
            }
            Query::Whole(query) => {
                out.push(" { ");
                out.expr(query);
                out.push(" }");
            }
        }
    }
}
