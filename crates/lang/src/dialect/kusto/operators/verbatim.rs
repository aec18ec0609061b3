//! Operators that Kusto has and that are read by name only, so that they are reported as what they are and never as a
//! syntax error: those of graphs, and the ones for administrators.

use crate::dialect::kusto::parser::{Parse, Parser};
use ir::Span;

/// An operator as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Verbatim {
    pub name: String,
    /// Keyword included.
    pub text: String,
    pub span: Span,
}

const NAMES: &[&str] = &[
    "execute_and_cache",
    "graph-mark-components",
    "graph-match",
    "graph-shortest-paths",
    "graph-to-table",
    "macro-expand",
    "make-graph",
    "partition-by",
    "__partitionby",
];

/// Reads one of them with whatever follows, if it comes next.
pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Option<Verbatim>> {
    let start = parser.start();
    let Some(name) = NAMES.iter().find(|name| parser.eat_operator(name)) else { return Ok(None) };
    parser.skip_operands()?;
    let text = parser.slice(start, parser.end()).trim_end().to_owned();
    Ok(Some(Verbatim { name: (*name).to_owned(), text, span: parser.since(start) }))
}
