//! Lucene's query language as Elasticsearch's `query_string` has it: text to [`ast`], to an `ir` condition, and back.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex | text to tokens | `lexer` |
//! | parse | tokens to [`ast`] | `parser` |
//! | lower | [`ast`] to [`ir::Expr`] | `lower` |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print` |
//!
//! Facts: the `query_string` page of Elasticsearch's reference, Lucene's classic query parser (`QueryParser.jj`,
//! `QueryParserBase`), and Elasticsearch's `QueryStringQueryParser`, which adds `_exists_` and `field:>=1`.

pub mod ast;
mod lexer;
mod lower;
mod parser;
mod print;

use crate::Origin;
use ir::{Diagnostic, Expr};

/// Longest query, in bytes.
pub const MAX_LENGTH: usize = 1_000_000;

/// Deepest nesting of parentheses.
pub const MAX_DEPTH: usize = 100;

/// How a query is meant that does not say so itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The field that terms without a field are looked for in; all fields where absent.
    pub default_field: Option<String>,
    /// Whether clauses without an operator between them must all fit; else one of them must.
    pub default_and: bool,
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

/// Makes the meaning of a query explicit: a condition that is never null, and what it lacks (fuzzy terms) or what had no
/// effect on it (boosts and clauses that only change relevance).
pub fn lower(query: &ast::Query, options: &Options) -> (Expr, Vec<Diagnostic>) {
    lower::query(query, options)
}

/// [`parse_in`], then [`lower`] with default options.
///
/// # Errors
/// As [`parse`].
pub fn compile_in(text: &str, origin: &Origin) -> Result<(Expr, Vec<Diagnostic>), Vec<Diagnostic>> {
    parse_in(text, origin).map(|query| lower(&query, &Options::default()))
}

/// The query as text on one line. It parses to the same query again.
pub fn print(query: &ast::Query) -> String {
    print::query(query)
}
