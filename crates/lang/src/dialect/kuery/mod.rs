//! kuery, the Kibana query language (KQL): text to [`ast`], to an `ir` condition, and back to text.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex | text to tokens | `lexer` |
//! | parse | tokens to [`ast`] | `parser` |
//! | lower | [`ast`] to [`ir::Expr`] | `lower` |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print` |
//!
//! Facts: the grammars of Kibana (`kbn-es-query`) and of Elasticsearch (`KqlBase.g4`), which ES|QL's `KQL()` follows.
//! Where they differ, what either accepts is accepted, as long as it means one thing: `not(...)` without a blank and the
//! word `cannot` are Elasticsearch's, escaped white space and keywords Kibana's.

pub mod ast;
mod lexer;
mod lower;
mod parser;
mod print;

use crate::Origin;
use ir::{Case, Diagnostic, Expr};

/// Longest query, in bytes.
pub const MAX_LENGTH: usize = 1_000_000;

/// Deepest nesting of parentheses and braces.
pub const MAX_DEPTH: usize = 100;

/// How a query is meant that does not say so itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Of values in keyword fields.
    pub case: Case,
    /// The field that words without a field are looked for in, which may have wildcards; all fields where absent.
    pub default_field: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options { case: Case::Sensitive, default_field: None }
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

/// Makes the meaning of a query explicit: a condition that is never null.
pub fn lower(query: &ast::Query, options: &Options) -> Expr {
    lower::query(query, options)
}

/// [`parse_in`], then [`lower`] with default options.
///
/// # Errors
/// As [`parse`].
pub fn compile_in(text: &str, origin: &Origin) -> Result<Expr, Vec<Diagnostic>> {
    parse_in(text, origin).map(|query| lower(&query, &Options::default()))
}

/// The query as text on one line. It parses to the same query again.
pub fn print(query: &ast::Query) -> String {
    print::query(query)
}
