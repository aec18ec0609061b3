//! `make-series n=count() default=0 on time from a to b step c by key`: a series of numbers over time.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field, Label, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct MakeSeries {
    pub properties: Vec<Property>,
    pub series: Vec<Series>,
    pub on: Field,
    pub range: SeriesRange,
    pub by: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub field: Field,
    pub default: Option<Expr>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SeriesRange {
    /// `in range(from, to, step)`
    InRange(Vec<Expr>),
    Steps(Box<Steps>),
}

/// `from a to b step c`
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    pub from: Option<Expr>,
    pub to: Option<Expr>,
    pub step: Expr,
}

impl Syntax for MakeSeries {
    const SPELLINGS: &'static [&'static str] = &["make-series"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let series = parser.list(|parser| {
            let field = parser.field()?;
            let default = if parser.eat_keyword("default") {
                parser.expect("=")?;
                Some(parser.value()?)
            } else {
                None
            };
            Ok(Series { field, default })
        })?;
        parser.expect_keyword("on")?;
        let on = parser.field()?;
        let range = if parser.eat_keyword("in") {
            parser.expect_keyword("range")?;
            parser.expect("(")?;
            let bounds = parser.list(Parser::value)?;
            parser.expect(")")?;
            SeriesRange::InRange(bounds)
        } else {
            let from = if parser.eat_keyword("from") { Some(parser.value()?) } else { None };
            let to = if parser.eat_keyword("to") { Some(parser.value()?) } else { None };
            parser.expect_keyword("step")?;
            SeriesRange::Steps(Box::new(Steps { from, to, step: parser.value()? }))
        };
        let by = if parser.eat_keyword("by") { parser.list(Parser::field)? } else { Vec::new() };
        Ok(MakeSeries { properties, series, on, range, by })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let named = |field: &Field| match &field.label {
            Label::Name(name) => name.value.clone(),
            _ => super::super::lower::column_name(&field.expr).unwrap_or_default(),
        };
        let fields = self.series.iter().map(|series| &series.field).chain([&self.on]).chain(&self.by);
        let creates: Vec<_> = fields.map(named).filter(|name| !name.is_empty()).collect();
        rows.has_only(creates.clone());
        rows.other("make-series", creates, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.series, |series, out| {
            out.field(&series.field);
            if let Some(default) = &series.default {
                out.push(" default=");
                out.expr(default);
            }
        });
        out.push(" on ");
        out.field(&self.on);
        match &self.range {
            SeriesRange::InRange(bounds) => {
                out.push(" in range(");
                out.list(bounds, |bound, out| out.expr(bound));
                out.push(")");
            }
            SeriesRange::Steps(steps) => {
                for (keyword, bound) in [(" from ", &steps.from), (" to ", &steps.to)] {
                    if let Some(bound) = bound {
                        out.push(keyword);
                        out.expr(bound);
                    }
                }
                out.push(" step ");
                out.expr(&steps.step);
            }
        }
        if !self.by.is_empty() {
            out.push(" by ");
            out.list(&self.by, |field, out| out.field(field));
        }
    }
}
