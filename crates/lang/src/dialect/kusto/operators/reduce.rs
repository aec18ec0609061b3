//! `reduce by column`: groups strings that are alike.

use super::Syntax;
use crate::dialect::kusto::ast::{Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Reduce {
    pub properties: Vec<Property>,
    pub by: Field,
    pub with: Vec<Field>,
}

impl Syntax for Reduce {
    const SPELLINGS: &'static [&'static str] = &["reduce"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        parser.expect_keyword("by")?;
        let by = parser.field()?;
        let with = if parser.eat_keyword("with") { parser.list(Parser::field)? } else { Vec::new() };
        Ok(Reduce { properties, by, with })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let creates: Vec<_> = ["Pattern", "Count", "Representative"].map(str::to_owned).to_vec();
        rows.has_only(creates.clone());
        rows.other("reduce", creates, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.push("by ");
        out.field(&self.by);
        if !self.with.is_empty() {
            out.push(" with ");
            out.list(&self.with, |field, out| out.field(field));
        }
    }
}
