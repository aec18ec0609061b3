//! `parse-where value with ...`: as `parse`, and only the rows that fit.

use super::Syntax;
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

use super::parse::Clause;

#[derive(Clone, Debug, PartialEq)]
pub struct ParseWhere {
    pub clause: Clause,
}

impl Syntax for ParseWhere {
    const SPELLINGS: &'static [&'static str] = &["parse-where"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(ParseWhere { clause: Clause::parse(parser)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        self.clause.lower("parse-where", rows, lowering);
        // A row that does not fit has null in every column.
        let Some(column) = self.clause.columns().into_iter().next() else {
            return rows.other("parse-where without columns", Vec::new(), lowering);
        };
        let value = Box::new(ir::Expr::new(ir::ExprKind::Field(column), rows.span()));
        let fits = ir::Expr::new(ir::ExprKind::IsNull { value, negated: true }, rows.span());
        rows.push(StageKind::Filter(fits));
    }

    fn print(&self, out: &mut Printer) {
        self.clause.print(out);
    }
}
