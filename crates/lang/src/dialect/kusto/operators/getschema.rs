//! `getschema`: names and types of the columns, instead of rows.

use super::Syntax;
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct GetSchema;

impl Syntax for GetSchema {
    const SPELLINGS: &'static [&'static str] = &["getschema"];

    fn parse(_: &mut Parser<'_>) -> Parse<Self> {
        Ok(GetSchema)
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("getschema", Vec::new(), lowering);
    }

    fn print(&self, _: &mut Printer) {}
}
