//! `timechart span=5m aggregates BY field` : `stats` over steps of time. A column for each value of the field, which depends on
//! the data, is what BY makes of it.

use super::Syntax;
use crate::dialect::spl::ast::{Aggregate, Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Expr, ExprKind, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct TimeChart {
    pub settings: Vec<Setting>,
    pub aggregates: Vec<Aggregate>,
    pub by: Vec<Word>,
}

impl Syntax for TimeChart {
    const NAMES: &'static [&'static str] = &["timechart"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let aggregates = parser.aggregates()?;
        let by = if parser.eat_by() { parser.fields()? } else { Vec::new() };
        settings.extend(parser.settings()?);
        if aggregates.is_empty() {
            return Err(parser.expected("an aggregate function"));
        }
        Ok(TimeChart { settings, aggregates, by })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let aggregates = rows.aggregates(&self.aggregates);
        let step = self.settings.iter().find(|setting| setting.name.value == "span");
        let Some(step) = step.filter(|_| self.by.is_empty()) else {
            return rows.other("timechart", vec!["_time".to_owned()]);
        };
        let time = Expr::new(ExprKind::Field("_time".to_owned()), rows.span);
        let expr = rows.bucket(time, &step.value);
        let name = Spanned { value: "_time".to_owned(), span: rows.span };
        let by = vec![ir::Assignment { name, expr }];
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline: false }));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.aggregates(&self.aggregates);
        out.by(&self.by);
    }
}
