//! `bin field span=10m AS name`, also `bucket`: the start of the step that a value lies in.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, field};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    pub name: &'static str,
    pub settings: Vec<Setting>,
    pub field: Word,
    pub to: Option<Word>,
}

impl Syntax for Bin {
    const NAMES: &'static [&'static str] = &["bin", "bucket", "discretize"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let field = parser.field()?;
        // Options may stand after the field too, and the new name on either side of them.
        settings.extend(parser.settings()?);
        let to = if parser.eat_keyword("as") { Some(parser.field()?) } else { None };
        settings.extend(parser.settings()?);
        Ok(Bin { name, settings, field, to })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let name = self.to.as_ref().unwrap_or(&self.field);
        match self.settings.iter().find(|setting| setting.name.value == "span") {
            Some(span) => {
                let expr = rows.bucket(field(&self.field), &span.value);
                rows.extend(name, expr);
            }
            // The width of a step that is not given follows from all the values there are.
            None => rows.other(self.name, vec![name.text.clone()]),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.field);
        if let Some(to) = &self.to {
            out.push(" AS ");
            out.word(to);
        }
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
