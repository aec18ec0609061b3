//! `where expression`: rows for which it is true.

use super::Syntax;
use crate::dialect::spl::ast::Expr;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    pub condition: Expr,
}

impl Syntax for Where {
    const NAMES: &'static [&'static str] = &["where"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(Where { condition: parser.expression()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let condition = rows.eval(&self.condition);
        rows.keep_where(vec![condition], self.condition.span);
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.expr(&self.condition);
    }
}
