//! `fillnull value=x fields`: a value where a field is missing.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct FillNull {
    pub settings: Vec<Setting>,
    /// All that there are, where none is named.
    pub fields: Vec<Word>,
}

impl Syntax for FillNull {
    const NAMES: &'static [&'static str] = &["fillnull"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        Ok(FillNull { settings, fields: parser.fields()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let value = self.settings.iter().find(|setting| setting.name.value == "value").map(|setting| &setting.value);
        // Without names, all columns of the rows that are known by now.
        let names = match rows.columns().filter(|_| self.fields.is_empty()) {
            Some(names) => names.into_iter().map(|text| Word { text, quoted: false, span: rows.span }).collect(),
            None => self.fields.clone(),
        };
        if names.is_empty() || names.iter().any(|name| name.text.contains('*')) {
            return rows.other("fillnull", Vec::new());
        }
        let filled = names.iter().map(|name| {
            let value = value.map_or_else(|| string("0", rows.span), |value| string(&value.text, value.span));
            let name_of = ir::Spanned { value: name.text.clone(), span: name.span };
            ir::Assignment { name: name_of, expr: call("coalesce", vec![field(name), value], name.span) }
        });
        let filled = filled.collect();
        rows.push(StageKind::Extend(filled));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.words(&self.fields, " ");
    }
}
