//! `mv-apply column on (query)`: a query over the elements of each row's array.
//! 
//! Where the query looks at one element at a time, this is an expansion and the query's own stages.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Pipe, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

use super::Operator;
use super::mv_expand::{Item, expand, item, print_item};

#[derive(Clone, Debug, PartialEq)]
pub struct MvApply {
    pub properties: Vec<Property>,
    pub items: Vec<Item>,
    pub limit: Option<Expr>,
    pub query: Pipe,
}

impl Syntax for MvApply {
    const SPELLINGS: &'static [&'static str] = &["mv-apply", "mvapply"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let items = parser.list(item)?;
        let limit = if parser.eat_keyword("limit") { Some(parser.value()?) } else { None };
        parser.expect_keyword("on")?;
        Ok(MvApply { properties, items, limit, query: parser.inner_query("(", ")")? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let names = expand(&self.items, "mv-apply", rows, lowering);
        lowering.run(&self.query.operators, rows);
        let by_element = |operator: &Operator| matches!(operator, Operator::Where(_) | Operator::Extend(_));
        let whole = !self.query.operators.iter().all(|operator| by_element(&operator.kind));
        if whole || self.limit.is_some() || !self.properties.is_empty() {
            rows.other("mv-apply over all elements of a row", names, lowering);
        }
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.items, print_item);
        if let Some(limit) = &self.limit {
            out.push(" limit ");
            out.expr(limit);
        }
        out.push(" on ");
        out.inner_query("(", &self.query, ")");
    }
}
