//! `regex field="..."` and `regex field!="..."`: rows of which a value fits, or does not fit, a regular expression.

use super::Syntax;
use crate::dialect::spl::ast::Word;
use crate::dialect::spl::lexer::Mode;
use crate::dialect::spl::lower::{Rows, field, regex};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Case, Expr, ExprKind, Pattern};

#[derive(Clone, Debug, PartialEq)]
pub struct Regex {
    /// `_raw` where none is written.
    pub field: Option<Word>,
    pub negated: bool,
    pub pattern: Word,
}

impl Syntax for Regex {
    const NAMES: &'static [&'static str] = &["regex"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        parser.set_mode(Mode::Search);
        if !parser.followed_by(&["=", "!="]) {
            return Ok(Regex { field: None, negated: false, pattern: parser.value()? });
        }
        let field = parser.word("the name of a field")?;
        let negated = parser.eat("!=");
        let _ = !negated && parser.eat("=");
        Ok(Regex { field: Some(field), negated, pattern: parser.value()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let value = match &self.field {
            Some(name) if name.text != "_raw" => field(name),
            _ => Expr::new(ExprKind::EventText, self.field.as_ref().map_or(rows.span, |name| name.span)),
        };
        let pattern = Pattern { kind: regex(&self.pattern.text), case: Case::Sensitive, span: self.pattern.span };
        let span = value.span.to(self.pattern.span);
        let matches = Expr::new(ExprKind::Matches { value: Box::new(value), patterns: vec![pattern] }, span);
        let any = Expr::new(ExprKind::AnyValue(Box::new(matches)), span);
        let test = if self.negated { Expr::new(ExprKind::Not(Box::new(any)), span) } else { any };
        rows.keep_where(vec![test], span);
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        if let Some(field) = &self.field {
            out.word(field);
            out.push(if self.negated { "!=" } else { "=" });
        }
        out.word(&self.pattern);
    }
}
