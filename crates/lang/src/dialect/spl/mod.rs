//! SPL, Splunk's search language: text to [`ast`], to `ir`, and back to text.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | expand | macros to the text they stand for | `macros` |
//! | lex | text to tokens, in the mode the parser asks for | `lexer` |
//! | parse | tokens to [`ast`] | `parser`, and one file for each command in `commands` |
//! | lower | [`ast`] to [`ir::Pipeline`] and log sources | `lower`, and the same file for each command |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print`, and again the same file |
//!
//! SPL is two languages: conditions of `search` (any value of a field, letter case does not count, `*` is a wildcard, OR
//! binds tighter than AND) and expressions of `eval` and `where` (three-valued, letter case counts, AND binds tighter).
//! A command that is known by name only still parses, becomes [`ir::StageKind::Other`], and is reported.

pub mod ast;
pub mod commands;
mod functions;
mod lexer;
mod lower;
mod macros;
mod parser;
mod print;

pub use macros::Macros;

use crate::Origin;
use ir::{Diagnostic, LogSource, Pipeline};

/// Longest query with its macros expanded, in bytes.
pub const MAX_LENGTH: usize = 1_000_000;

/// Deepest nesting of expressions and subsearches; rules in use stay below 12.
pub const MAX_DEPTH: usize = 100;

/// Most commands in one query or subsearch.
pub const MAX_COMMANDS: usize = 500;

/// Most macro calls in one query, nested ones included.
pub const MAX_CALLS: usize = 10_000;

/// Deepest nesting of macros.
pub const MAX_MACRO_DEPTH: usize = 32;

/// What a query means.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    pub pipeline: Pipeline,
    /// What the query and its subsearches read.
    pub log_sources: Vec<LogSource>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query that is a text of its own and calls no macros but the built-in ones.
///
/// # Errors
/// Every syntax error found: after one, reading goes on at the next pipe.
pub fn parse(text: &str) -> Result<ast::Query, Vec<Diagnostic>> {
    let expanded = macros::expand(text, &Origin::default(), &Macros::default()).map_err(|error| vec![error])?;
    parser::query(&expanded.text, &expanded.origin)
}

/// Reads a query that is part of a file and makes its meaning explicit; all spans point into that file.
///
/// # Errors
/// As [`parse`]; and a macro that calls itself.
pub fn compile_in(text: &str, origin: &Origin, macros: &Macros) -> Result<Meaning, Vec<Diagnostic>> {
    let expanded = macros::expand(text, origin, macros).map_err(|error| vec![error])?;
    let query = parser::query(&expanded.text, &expanded.origin)?;
    Ok(lower::query(&query, &expanded.calls))
}

/// [`compile_in`] for a query that is a text of its own.
///
/// # Errors
/// As [`compile_in`].
pub fn compile(text: &str, macros: &Macros) -> Result<Meaning, Vec<Diagnostic>> {
    compile_in(text, &Origin::default(), macros)
}

/// The query with its macros expanded, as the parser sees it.
///
/// # Errors
/// A macro that calls itself, a call without end, or more text than [`MAX_LENGTH`].
pub fn expand(text: &str, macros: &Macros) -> Result<String, Diagnostic> {
    macros::expand(text, &Origin::default(), macros).map(|expanded| expanded.text)
}

/// The query as text, one command a line. It parses to the same query again.
pub fn print(query: &ast::Query) -> String {
    print::query(query)
}
