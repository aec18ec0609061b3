//! `render timechart with (title="...")`: how a page shows the rows, which are not changed.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Name, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Render {
    pub chart: Name,
    pub options: Vec<ChartOption>,
    /// Options without `with` and brackets, of older versions.
    pub legacy: Vec<Property>,
}

/// An option with one value or several.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartOption {
    pub name: Name,
    pub values: Vec<Expr>,
}

impl Syntax for Render {
    const SPELLINGS: &'static [&'static str] = &["render"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let chart = parser.name()?;
        let mut options: Vec<ChartOption> = Vec::new();
        let mut legacy = Vec::new();
        if parser.eat_keyword("with") {
            let open = parser.start();
            parser.expect("(")?;
            while !parser.at_symbol(")") {
                // `ycolumns=a, b, title="c"`: what has no `=` belongs to the option before it.
                let before = parser.checkpoint();
                let name = parser.name().ok();
                match (name.filter(|_| parser.eat("=")), options.last_mut()) {
                    (Some(name), _) => options.push(ChartOption { name, values: vec![parser.value()?] }),
                    (None, Some(last)) => {
                        parser.rewind(before);
                        last.values.push(parser.value()?);
                    }
                    (None, None) => {
                        parser.rewind(before);
                        parser.name()?;
                        parser.expect("=")?;
                    }
                }
                if !parser.eat(",") {
                    break;
                }
            }
            parser.close(")", open)?;
        } else {
            while parser.at_name() && !parser.at_statement_end() {
                let name = parser.name()?;
                parser.expect("=")?;
                legacy.push(Property { name, value: parser.property_value()? });
            }
        }
        Ok(Render { chart, options, legacy })
    }

    fn lower<'a>(&'a self, _: &mut Rows<'a>, _: &mut Lowering<'a>) {}

    fn print(&self, out: &mut Printer) {
        out.name(&self.chart.value);
        if !self.options.is_empty() {
            out.push(" with (");
            out.list(&self.options, |option, out| {
                out.name(&option.name.value);
                out.push("=");
                out.list(&option.values, |value, out| out.expr(value));
            });
            out.push(")");
        }
        for property in &self.legacy {
            out.push(" ");
            out.name(&property.name.value);
            out.push("=");
            out.expr(&property.value);
        }
    }
}
