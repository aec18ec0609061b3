//! `inputlookup table where condition`: the rows of a lookup table; with `append=t`, after those that are there.

use super::Syntax;
use crate::dialect::spl::ast::{Search, Setting, Word};
use crate::dialect::spl::lower::{Rows, spanned};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Source, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct InputLookup {
    pub settings: Vec<Setting>,
    pub table: Word,
    pub condition: Option<Search>,
}

impl Syntax for InputLookup {
    const NAMES: &'static [&'static str] = &["inputlookup"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let table = parser.word("the name of a lookup table")?;
        settings.extend(parser.settings()?);
        let condition = if parser.eat_keyword("where") { Some(parser.search_condition(false)?) } else { None };
        Ok(InputLookup { settings, table, condition })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let appends = self.settings.iter().any(|setting| {
            setting.name.value == "append" && matches!(setting.value.text.to_ascii_lowercase().as_str(), "t" | "true" | "1")
        });
        let before = (appends && !rows.first).then(|| rows.take());
        rows.start(Source::Table(spanned(&self.table)));
        self.condition.iter().for_each(|condition| rows.filter(condition));
        if let Some(before) = before {
            let own = rows.take();
            rows.restore(before);
            rows.push(StageKind::Append(vec![own]));
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.table);
        if let Some(condition) = &self.condition {
            out.push(" where ");
            out.search(condition);
        }
    }
}
