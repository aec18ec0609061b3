//! `DISSECT input "%{a} %{b}" APPEND_SEPARATOR = ","`: columns cut out of a string by delimiters.

use super::Syntax;
use crate::dialect::esql::ast::{Expr, Text};
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Dissect {
    pub input: Expr,
    pub pattern: Text,
    pub append_separator: Option<Text>,
}

impl Syntax for Dissect {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["DISSECT"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let input = parser.primary_expression()?;
        let pattern = parser.text_or_param()?;
        let mut append_separator = None;
        if parser.eat_keyword("APPEND_SEPARATOR") {
            parser.expect("=")?;
            append_separator = Some(parser.text_or_param()?);
        }
        Ok(Dissect { input, pattern, append_separator })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let append_separator = match &self.append_separator {
            Some(separator) => lowering.text(separator)?.value,
            None => String::new(),
        };
        let pattern = lowering.text(&self.pattern)?;
        Ok(StageKind::Dissect { input: lowering.expr(&self.input)?, pattern, append_separator })
    }

    fn print(&self, out: &mut Printer) {
        out.primary(&self.input);
        out.push(" ");
        out.text(&self.pattern);
        if let Some(separator) = &self.append_separator {
            out.push(" APPEND_SEPARATOR = ");
            out.text(separator);
        }
    }
}
