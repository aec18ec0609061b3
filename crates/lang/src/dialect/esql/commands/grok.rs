//! `GROK input "%{IP:a}", "%{WORD:b}"`: columns cut out of a string by the first pattern that fits.

use super::Syntax;
use crate::dialect::esql::ast::{Expr, Text};
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Grok {
    pub input: Expr,
    pub patterns: Vec<Text>,
}

impl Syntax for Grok {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["GROK"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Grok { input: parser.primary_expression()?, patterns: parser.list(Parser::text_or_param)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let patterns = self.patterns.iter().map(|pattern| lowering.text(pattern));
        Ok(StageKind::Grok { input: lowering.expr(&self.input)?, patterns: patterns.collect::<Result<_, _>>()? })
    }

    fn print(&self, out: &mut Printer) {
        out.primary(&self.input);
        out.push(" ");
        out.list(&self.patterns, |pattern, out| out.text(pattern));
    }
}
