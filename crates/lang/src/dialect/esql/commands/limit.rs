//! `LIMIT n` or `LIMIT n BY a, b`: the first rows, of each group in the second form.

use super::Syntax;
use crate::dialect::esql::ast::Expr;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, Literal, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub count: Expr,
    pub by: Vec<Expr>,
}

impl Syntax for Limit {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["LIMIT"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let count = parser.constant()?;
        let by = if parser.eat_keyword("BY") { parser.list(Parser::expression)? } else { Vec::new() };
        Ok(Limit { count, by })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let count = match lowering.constant(&self.count)? {
            Literal::Integer(count) => u64::try_from(count).ok(),
            _ => None,
        };
        let count = count.ok_or_else(|| {
            let message = format!("LIMIT takes an integer from 0 to {}", i32::MAX);
            Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(self.count.span)
        })?;
        Ok(StageKind::Limit { count, by: lowering.exprs(&self.by)? })
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.count);
        if !self.by.is_empty() {
            out.push(" BY ");
            out.list(&self.by, |expr, out| out.expr(expr));
        }
    }
}
