//! `KEEP a, b*`: only these columns, in this order.

use super::Syntax;
use crate::dialect::esql::ast::Pattern;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    pub names: Vec<Pattern>,
}

impl Syntax for Keep {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["KEEP"];
    const MODE: Mode = Mode::Names;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Keep { names: parser.list(Parser::pattern)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        Ok(StageKind::Keep(lowering.patterns(&self.names)?))
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.names, |name, out| out.pattern(name));
    }
}
