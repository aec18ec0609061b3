//! `invoke function(...)`: calls a function with the rows as its first argument.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Invoke {
    pub call: Expr,
}

impl Syntax for Invoke {
    const SPELLINGS: &'static [&'static str] = &["invoke"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Invoke { call: parser.primary_value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        lowering.invoke(&self.call, rows);
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.call);
    }
}
