//! `evaluate plugin(...)`: a plugin of the server, such as `bag_unpack` or `pivot`; none runs here.

use super::Syntax;
use crate::dialect::kusto::ast::{Column, Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Evaluate {
    pub properties: Vec<Property>,
    pub call: Expr,
    /// `: (name: type, ...)`, what the plugin gives.
    pub schema: Option<Vec<Column>>,
}

impl Syntax for Evaluate {
    const SPELLINGS: &'static [&'static str] = &["evaluate"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let call = parser.primary_value()?;
        let schema = if parser.eat(":") { Some(parser.schema()?) } else { None };
        Ok(Evaluate { properties, call, schema })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let creates = self.schema.iter().flatten().map(|column| column.name.value.clone()).collect();
        let name = lowering.plugin(&self.call, rows);
        rows.other(&format!("evaluate {name}"), creates, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.call);
        if let Some(schema) = &self.schema {
            out.push(" : ");
            out.schema(schema);
        }
    }
}
