//! `assert-schema (name: type, ...)`: fails where the rows have other columns.

use super::Syntax;
use crate::dialect::kusto::ast::{Column};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct AssertSchema {
    pub columns: Vec<Column>,
}

impl Syntax for AssertSchema {
    const SPELLINGS: &'static [&'static str] = &["assert-schema"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(AssertSchema { columns: parser.schema()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("assert-schema", Vec::new(), lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.schema(&self.columns);
    }
}
