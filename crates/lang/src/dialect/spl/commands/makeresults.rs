//! `makeresults count=1`: rows with nothing but the time.

use super::Syntax;
use crate::dialect::spl::ast::Setting;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::Source;

/// More rows than any use of the command asks for.
const MOST: usize = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub struct MakeResults {
    pub settings: Vec<Setting>,
}

impl Syntax for MakeResults {
    const NAMES: &'static [&'static str] = &["makeresults"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(MakeResults { settings: parser.settings()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let mut count = 1;
        for setting in &self.settings {
            match (setting.name.value.as_str(), setting.value.text.parse::<usize>()) {
                ("count", Ok(asked)) => count = asked.min(MOST),
                _ => rows.ignored(setting),
            }
        }
        rows.start(Source::Values { columns: Vec::new(), rows: vec![Vec::new(); count] });
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
    }
}
