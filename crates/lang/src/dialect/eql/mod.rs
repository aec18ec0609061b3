//! EQL, the event query language as Elasticsearch has it: text to [`ast`], to an `ir` body, and back to text.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex | text to tokens | `lexer` |
//! | parse | tokens to [`ast`] | `parser` |
//! | lower | [`ast`] to [`ir::Body`] | `lower`, and `functions` for what each function means |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print` |
//!
//! Facts: `EqlBase.g4`, the translation of conditions to queries and the tests in elastic/elasticsearch (`x-pack/plugin/eql`),
//! and Elastic's EQL reference.

pub mod ast;
mod functions;
mod lexer;
mod lower;
mod parser;
mod print;

use crate::Origin;
use ir::{Body, Diagnostic};

/// Longest query, in bytes.
pub const MAX_LENGTH: usize = 1_000_000;

/// Deepest nesting of expressions.
pub const MAX_DEPTH: usize = 100;

/// Most events in one sequence, those that `with runs` repeats not counted.
pub const MAX_STEPS: usize = 256;

/// How a query is meant that does not say so itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The field that the word before `where` is a value of.
    pub event_category_field: String,
    /// The field that events are ordered by.
    pub timestamp_field: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { event_category_field: "event.category".to_owned(), timestamp_field: "@timestamp".to_owned() }
    }
}

/// Reads a query that is a text of its own.
///
/// # Errors
/// The first syntax error.
pub fn parse(text: &str) -> Result<ast::Query, Vec<Diagnostic>> {
    parse_in(text, &Origin::default())
}

/// Reads a query that is part of a file; all spans point into that file.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, origin: &Origin) -> Result<ast::Query, Vec<Diagnostic>> {
    parser::query(text, origin).map_err(|error| vec![error])
}

/// Makes the meaning of a query explicit: a condition, a sequence, or with pipes a pipeline; and what it lacks.
///
/// # Errors
/// Unknown functions, wrong numbers of arguments or join keys, and what EQL has and Gannet does not run.
pub fn lower(query: &ast::Query, options: &Options) -> Result<(Body, Vec<Diagnostic>), Vec<Diagnostic>> {
    lower::query(query, options)
}

/// [`parse_in`], then [`lower`].
///
/// # Errors
/// Those of the first of the two that fails.
pub fn compile_in(text: &str, origin: &Origin, options: &Options) -> Result<(Body, Vec<Diagnostic>), Vec<Diagnostic>> {
    lower(&parse_in(text, origin)?, options)
}

/// The query as text. It parses to the same query again.
pub fn print(query: &ast::Query) -> String {
    print::query(query)
}
