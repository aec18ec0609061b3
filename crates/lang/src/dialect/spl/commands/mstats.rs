//! `mstats aggregates WHERE condition BY fields span=...`: `stats` over measurements.

use super::{Syntax, tstats};
use crate::dialect::spl::ast::{Aggregate, Search, Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Source, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct MStats {
    pub settings: Vec<Setting>,
    pub aggregates: Vec<Aggregate>,
    pub condition: Option<Search>,
    pub by: Vec<Word>,
    pub step: Option<Word>,
}

impl Syntax for MStats {
    const NAMES: &'static [&'static str] = &["mstats"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        let aggregates = parser.aggregates()?;
        let condition = if parser.eat_keyword("where") { Some(parser.search_condition(true)?) } else { None };
        let (mut by, mut step) = (Vec::new(), None);
        if parser.eat_by() {
            (by, step) = tstats::keys(parser)?;
        } else if let Some(setting) = parser.setting()? {
            step = Some(setting.value);
        }
        Ok(MStats { settings, aggregates, condition, by, step })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        match &self.condition {
            Some(condition) => rows.base_search(condition),
            None => rows.start(Source::Events(Vec::new())),
        }
        let aggregates = rows.aggregates(&self.aggregates);
        let by = rows.keys(&self.by, self.step.as_ref());
        rows.push(StageKind::Aggregate(ir::Aggregate { aggregates, by, inline: false }));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.aggregates(&self.aggregates);
        if let Some(condition) = &self.condition {
            out.push(" WHERE ");
            out.search(condition);
        }
        out.by(&self.by);
        if let Some(step) = &self.step {
            out.push(" span=");
            out.word(step);
        }
    }
}
