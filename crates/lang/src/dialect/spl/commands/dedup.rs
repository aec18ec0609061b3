//! `dedup 3 fields`: the first rows of each combination of values.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, field};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Dedup {
    pub count: Option<u32>,
    pub fields: Vec<Word>,
    pub settings: Vec<Setting>,
    /// After SORTBY, as written.
    pub order: Option<String>,
}

impl Syntax for Dedup {
    const NAMES: &'static [&'static str] = &["dedup"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let back = parser.checkpoint();
        let count = if parser.at_field() { parser.word("a field")?.text.parse().ok() } else { None };
        if count.is_none() {
            parser.rewind(back);
        }
        let (mut fields, mut settings, mut order) = (Vec::new(), Vec::new(), None);
        while parser.at_field() {
            if parser.eat_keyword("sortby") {
                order = Some(parser.verbatim());
                break;
            }
            match parser.setting()? {
                Some(setting) => settings.push(setting),
                None => fields.push(parser.field()?),
            }
            while parser.eat(",") {}
        }
        if fields.is_empty() { Err(parser.expected("the name of a field")) } else { Ok(Dedup { count, fields, settings, order }) }
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let is_set = |name: &str| {
            let on = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "t" | "true" | "1");
            self.settings.iter().find(|setting| setting.name.value == name && on(&setting.value.text))
        };
        for setting in ["keepevents", "consecutive"].into_iter().filter_map(is_set) {
            rows.ignored(setting);
        }
        // Rows that lack one of the fields are dropped, unless `keepempty` is set.
        if is_set("keepempty").is_none() {
            let known = |word| {
                let value = field(word);
                let span = value.span;
                ir::Expr::new(ir::ExprKind::IsNull { value: Box::new(value), negated: true }, span)
            };
            let tests = self.fields.iter().map(known).collect();
            rows.keep_rows_with(tests);
        }
        let by = self.fields.iter().map(field).collect();
        rows.push(StageKind::Limit { count: self.count.unwrap_or(1).into(), by });
    }

    fn print(&self, out: &mut Printer) {
        if let Some(count) = self.count {
            out.then(&count.to_string());
        }
        out.push(" ");
        out.words(&self.fields, " ");
        out.settings(&self.settings);
        if let Some(order) = &self.order {
            out.push(" sortby ");
            out.push(order);
        }
    }
}
