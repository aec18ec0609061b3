//! `addtotals fieldname=name fields`: the sum of some fields beside each row.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, total};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct AddTotals {
    pub settings: Vec<Setting>,
    pub fields: Vec<Word>,
}

impl Syntax for AddTotals {
    const NAMES: &'static [&'static str] = &["addtotals"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        Ok(AddTotals { settings, fields: parser.fields()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let is = |setting: &&Setting, name: &str| setting.name.value == name;
        let name = self.settings.iter().find(|setting| is(setting, "fieldname")).map(|setting| &setting.value);
        let by_column = self.settings.iter().any(|setting| is(&setting, "col"));
        let wildcard = self.fields.iter().any(|field| field.text.contains('*'));
        let total = total(&self.fields, rows.span).filter(|_| !by_column && !wildcard);
        let column = name.map_or_else(|| "Total".to_owned(), |name| name.text.clone());
        match total {
            Some(expr) => {
                let name = ir::Spanned { value: column, span: name.map_or(rows.span, |name| name.span) };
                rows.push(StageKind::Extend(vec![ir::Assignment { name, expr }]));
            }
            // The sum of all fields that hold numbers, which depend on the data; or a row of sums.
            None => rows.other("addtotals", vec![column]),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.words(&self.fields, " ");
    }
}
