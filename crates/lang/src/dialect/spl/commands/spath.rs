//! `spath input=field output=name path=a.b{}.c`: a part of a JSON or XML text.
//! 
//! Without a path all of the text becomes fields. Where that text is the event itself, they are there already, since every
//! source gives its events' fields.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Expr, ExprKind, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Spath {
    pub settings: Vec<Setting>,
    /// The path without `path=`.
    pub path: Option<Word>,
}

impl Syntax for Spath {
    const NAMES: &'static [&'static str] = &["spath"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let path = if parser.at_field() { Some(parser.field()?) } else { None };
        settings.extend(parser.settings()?);
        Ok(Spath { settings, path })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let setting = |name: &str| self.settings.iter().find(|setting| setting.name.value == name);
        let input = setting("input").map(|setting| &setting.value).filter(|input| input.text != "_raw");
        let path = self.path.as_ref().or_else(|| setting("path").map(|setting| &setting.value));
        let output = setting("output").map(|setting| &setting.value);
        match (input, path) {
            (None, None) => rows.without_effect("spath", "the fields of an event are read with it"),
            (Some(_), None) => rows.other("spath", Vec::new()),
            // The event's own field of that path, under another name.
            (None, Some(path)) => match output {
                Some(output) if output.text != path.text => {
                    let expr = Expr::new(ExprKind::Field(path.text.clone()), path.span);
                    rows.extend(output, expr);
                }
                _ => rows.without_effect("spath", "the fields of an event are read with it"),
            },
            (Some(input), Some(path)) => {
                let name = output.unwrap_or(path);
                let expr = call("spath", vec![field(input), string(&path.text, path.span)], rows.span);
                let name = Spanned { value: name.text.clone(), span: name.span };
                rows.push(StageKind::Extend(vec![ir::Assignment { name, expr }]));
            }
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        if let Some(path) = &self.path {
            out.push(" ");
            out.word(path);
        }
    }
}
