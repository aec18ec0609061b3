//! `datamodel Model DataSet search`: the events of a data model; also `from datamodel` in another form.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct DataModel {
    /// Model, data set, and `search` or `flat`.
    pub words: Vec<Word>,
    pub settings: Vec<Setting>,
}

impl Syntax for DataModel {
    const NAMES: &'static [&'static str] = &["datamodel"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let (mut words, mut settings) = (Vec::new(), Vec::new());
        while parser.at_field() {
            match parser.setting()? {
                Some(setting) => settings.push(setting),
                None => words.push(parser.field()?),
            }
        }
        Ok(DataModel { words, settings })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        match self.words.as_slice() {
            [model, set, ..] => {
                let name = format!("{}.{}", model.text, set.text);
                super::tstats::read_model(rows, &name, model.span.to(set.span));
            }
            // Without a data set the command describes models and reads no events.
            _ => rows.other("datamodel", Vec::new()),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.words(&self.words, " ");
        out.settings(&self.settings);
    }
}
