//! `makemv delim="," field`: several values where one string held them.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct MakeMv {
    pub settings: Vec<Setting>,
    pub field: Word,
}

impl Syntax for MakeMv {
    const NAMES: &'static [&'static str] = &["makemv"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let field = parser.field()?;
        settings.extend(parser.settings()?);
        Ok(MakeMv { settings, field })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let setting = |name: &str| self.settings.iter().find(|setting| setting.name.value == name);
        let (value, span) = (field(&self.field), rows.span);
        let expr = match (setting("tokenizer"), setting("delim")) {
            (Some(pattern), _) => {
                call("extract_all", vec![value, string(&pattern.value.text, pattern.value.span)], span)
            }
            (None, Some(delimiter)) => {
                call("split", vec![value, string(&delimiter.value.text, delimiter.value.span)], span)
            }
            (None, None) => call("split", vec![value, string(" ", span)], span),
        };
        rows.extend(&self.field, expr);
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.field);
    }
}
