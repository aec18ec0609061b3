//! `join type=left fields [search]`: each row beside the rows of a subsearch with the same values.
//! 
//! By default only the first row with the same values counts (`max=1`), which is a limit on the right side.

use super::Syntax;
use crate::dialect::spl::ast::{Query, Setting, Word};
use crate::dialect::spl::lower::{Rows, columns_of, field, pairs};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Diagnostic, JoinKind, Stage, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub settings: Vec<Setting>,
    /// Those that both sides have, where none is named.
    pub fields: Vec<Word>,
    pub query: Query,
}

impl Syntax for Join {
    const NAMES: &'static [&'static str] = &["join"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let (mut settings, mut fields) = (Vec::new(), Vec::new());
        while parser.at_field() {
            match parser.setting()? {
                Some(setting) => settings.push(setting),
                None => fields.push(parser.field()?),
            }
            while parser.eat(",") {}
        }
        Ok(Join { settings, fields, query: parser.subsearch()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let setting = |name: &str| self.settings.iter().find(|setting| setting.name.value == name);
        let kind = match setting("type").map(|setting| setting.value.text.to_ascii_lowercase()).as_deref() {
            Some("left" | "outer") => JoinKind::Left,
            _ => JoinKind::Inner,
        };
        let mut right = rows.subsearch(&self.query);
        let on: Vec<_> = if self.fields.is_empty() {
            let (here, there) = (rows.columns(), columns_of(&right));
            let shared = here.zip(there).map(|(here, there)| here.into_iter().filter(|name| there.contains(name)).collect());
            pairs(&shared.unwrap_or_else(Vec::new), rows.span)
        } else {
            self.fields.iter().map(|name| (field(name), field(name))).collect()
        };
        if on.is_empty() {
            let message = "the fields that both sides of the join have are not known";
            let loss = Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(rows.span);
            rows.say(loss.hint("name the fields after `join`"));
        }
        let most = setting("max").map_or(Ok(1), |setting| setting.value.text.parse::<u64>()).unwrap_or(1);
        if most > 0 && !on.is_empty() {
            let by = on.iter().map(|(_, right)| right.clone()).collect();
            right.stages.push(Stage { kind: StageKind::Limit { count: most, by }, span: rows.span });
        }
        rows.push(StageKind::Join(ir::Join { kind, right: Box::new(right), on }));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.words(&self.fields, " ");
        out.push(" ");
        out.subsearch(&self.query);
    }
}
