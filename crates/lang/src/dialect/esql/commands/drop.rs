//! `DROP a, b*`: all columns but these.

use super::Syntax;
use crate::dialect::esql::ast::Pattern;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    pub names: Vec<Pattern>,
}

impl Syntax for Drop {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["DROP"];
    const MODE: Mode = Mode::Names;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Drop { names: parser.list(Parser::pattern)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let names = lowering.patterns(&self.names)?;
        match names.iter().find(|name| name.wildcard && name.pattern == "*") {
            Some(all) => {
                let message = "`DROP *` would leave no column";
                Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(all.span))
            }
            None => Ok(StageKind::Drop(names)),
        }
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.names, |name, out| out.pattern(name));
    }
}
