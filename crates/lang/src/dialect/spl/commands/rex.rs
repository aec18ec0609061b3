//! `rex field=f "(?<name>...)"`: columns named by the groups of a regular expression; with `mode=sed`, a replacement.

use super::Syntax;
use crate::dialect::spl::ast::{Setting, Word};
use crate::dialect::spl::lower::{Rows, call, field, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Expr, ExprKind, RegexSyntax, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Rex {
    pub settings: Vec<Setting>,
    pub pattern: Word,
}

impl Syntax for Rex {
    const NAMES: &'static [&'static str] = &["rex"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut settings = parser.settings()?;
        let mut pattern = parser.value()?;
        // A bare one may look like an option.
        pattern.quoted = true;
        // Options may follow the pattern too.
        settings.extend(parser.settings()?);
        Ok(Rex { settings, pattern })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let setting = |name: &str| self.settings.iter().find(|setting| setting.name.value == name);
        let input = match setting("field") {
            Some(setting) => field(&setting.value),
            None => Expr::new(ExprKind::Field("_raw".to_owned()), rows.span),
        };
        let pattern = Spanned { value: self.pattern.text.clone(), span: self.pattern.span };
        if setting("mode").is_some_and(|mode| mode.value.text.eq_ignore_ascii_case("sed")) {
            let name = match &input.kind {
                ExprKind::Field(name) => Spanned { value: name.clone(), span: input.span },
                _ => return,
            };
            let script = string(pattern.value, pattern.span);
            let expr = call("sed", vec![input, script], rows.span);
            return rows.push(StageKind::Extend(vec![ir::Assignment { name, expr }]));
        }
        let all = setting("max_match").is_some_and(|setting| setting.value.text != "1");
        rows.push(StageKind::Extract { input, pattern, syntax: RegexSyntax::Pcre, all });
        if let Some(offset) = setting("offset_field") {
            rows.ignored(offset);
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.pattern);
    }
}
