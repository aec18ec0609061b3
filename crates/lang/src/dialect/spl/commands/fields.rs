//! `fields`, `fields -` and `table`: some columns only, or all but some.

use super::Syntax;
use crate::dialect::spl::ast::Word;
use crate::dialect::spl::lower::{Rows, name_pattern};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::StageKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    pub name: &'static str,
    /// `fields -`
    pub removes: bool,
    pub fields: Vec<Word>,
}

impl Syntax for Fields {
    const NAMES: &'static [&'static str] = &["fields", "table"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let removes = name == "fields" && parser.eat_keyword("-");
        let _ = !removes && name == "fields" && parser.eat_keyword("+");
        Ok(Fields { name, removes, fields: parser.fields()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        // Without names a table shows all columns.
        if self.fields.is_empty() {
            return;
        }
        let names = self.fields.iter().map(name_pattern).collect();
        rows.push(if self.removes { StageKind::Drop(names) } else { StageKind::Keep(names) });
    }

    fn print(&self, out: &mut Printer) {
        out.push(if self.removes { " - " } else { " " });
        out.words(&self.fields, " ");
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
