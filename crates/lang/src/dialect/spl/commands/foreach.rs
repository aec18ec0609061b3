//! `foreach pattern [eval ...]`: a template for each field that fits. The fields depend on the data where a pattern holds a `*`,
//! and the template is no query until the name of one is put in, so the command is kept as it is written.

use super::Syntax;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    pub text: String,
}

impl Syntax for ForEach {
    const NAMES: &'static [&'static str] = &["foreach"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(ForEach { text: parser.verbatim() })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let template = self.text.split_once('[').map_or("", |(_, template)| template);
        rows.other("foreach", assigned(template));
    }

    fn print(&self, out: &mut Printer) {
        out.then(&self.text);
    }
}

/// The names before a single `=` after `eval` or a comma: what the template makes, as far as it does not depend on the field.
fn assigned(template: &str) -> Vec<String> {
    let Some((_, assignments)) = template.split_once("eval") else { return Vec::new() };
    let name = assignments.split('=').next().unwrap_or("").trim().trim_matches(['\'', '"']);
    if name.is_empty() || name.contains("<<") { Vec::new() } else { vec![name.to_owned()] }
}
