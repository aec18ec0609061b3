//! `facet by a, b with (...)`: a table of counts for each column, and the rows themselves through a query.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Pipe};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    pub by: Vec<Expr>,
    pub with: Option<Pipe>,
}

impl Syntax for Facet {
    const SPELLINGS: &'static [&'static str] = &["facet"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        parser.expect_keyword("by")?;
        let by = parser.list(Parser::value)?;
        let with = if !parser.eat_keyword("with") {
            None
        } else if parser.at_symbol("(") {
            Some(parser.inner_query("(", ")")?)
        } else {
            Some(parser.single_operator()?)
        };
        Ok(Facet { by, with })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("facet", Vec::new(), lowering);
        if let Some(with) = &self.with {
            lowering.run(&with.operators, rows);
        }
    }

    fn print(&self, out: &mut Printer) {
        out.push("by ");
        out.list(&self.by, |expr, out| out.expr(expr));
        if let Some(with) = &self.with {
            out.push(" with ");
            out.inner_query("(", with, ")");
        }
    }
}
