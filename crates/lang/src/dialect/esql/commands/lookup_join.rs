//! `LOOKUP JOIN table ON a, b`: the columns of a table, for rows that are equal in the named columns.

use super::Syntax;
use crate::dialect::esql::ast::Name;
use crate::dialect::esql::lexer::{Mode, TokenKind};
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::{self, Printer};
use ir::{Diagnostic, Lookup, Spanned, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct LookupJoin {
    pub table: Spanned<String>,
    pub on: Vec<Name>,
}

impl Syntax for LookupJoin {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["LOOKUP JOIN"];
    const MODE: Mode = Mode::Sources;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let table = parser.source_name("the name of a lookup table")?;
        parser.set_mode(Mode::Expression);
        parser.expect_keyword("ON")?;
        Ok(LookupJoin { table, on: parser.list(column)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let on = self.on.iter().map(|name| lowering.name(name)).collect::<Result<_, _>>()?;
        Ok(StageKind::Lookup(Lookup { table: self.table.clone(), on }))
    }

    fn print(&self, out: &mut Printer) {
        out.push(&print::source(&self.table.value));
        out.push(" ON ");
        out.list(&self.on, |name, out| out.name(name));
    }
}

/// A column that both sides have. A condition in its place is read, to refuse it for what it is.
fn column(parser: &mut Parser<'_>) -> Parse<Name> {
    let before = parser.checkpoint();
    let name = parser.name();
    let ends = matches!(parser.peek().kind, TokenKind::Symbol("," | "|") | TokenKind::End);
    if let (Ok(name), true) = (&name, ends) {
        return Ok(name.clone());
    }
    parser.rewind(before);
    let condition = parser.expression()?;
    Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, "a condition in LOOKUP JOIN is not supported")
        .at(condition.span)
        .hint("name columns that are called the same on both sides; RENAME helps"))
}
