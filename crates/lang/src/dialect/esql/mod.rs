//! ES|QL, as Elastic documents it for 9.x: text to [`ast`], to `ir`, and back to text.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex | text to tokens, in the mode the parser asks for | `lexer` |
//! | parse | tokens to [`ast`] | `parser`, and one file for each command in `commands` |
//! | lower | [`ast`] to [`ir::Pipeline`] | `lower`, and the same file for each command |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print`, and again the same file |
//!
//! A command of the language that Gannet does not run still parses, so that it is reported by name and never as a
//! syntax error. Function names are passed on in lower case with aliases resolved; whether one exists is the
//! engine's business, which owns the registry.

pub mod ast;
pub mod commands;
mod embedded;
mod functions;
mod lexer;
mod lower;
mod params;
mod parser;
mod print;
mod settings;
mod types;

pub use params::Params;

use crate::Origin;
use ir::{Diagnostic, Pipeline};

/// Longest query, in bytes. Elasticsearch refuses queries over 1,000,000 characters.
pub const MAX_LENGTH: usize = 1_000_000;

/// Deepest nesting of expressions. Elasticsearch stops at 400. This fits the stack of a thread with
/// 2 MiB in a debug build with room to spare; Elastic's own rules stay below 20.
pub const MAX_DEPTH: usize = 100;

/// Most commands in one query. Elasticsearch stops at 500 as well.
pub const MAX_COMMANDS: usize = 500;

/// Reads a query that is a text of its own.
///
/// # Errors
/// Every syntax error found: after one, reading goes on at the next pipe.
pub fn parse(text: &str) -> Result<ast::Query, Vec<Diagnostic>> {
    parse_in(text, &Origin::default())
}

/// Reads a query that is part of a file; all spans point into that file.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, origin: &Origin) -> Result<ast::Query, Vec<Diagnostic>> {
    parser::query(text, origin)
}

/// Makes the meaning of a query explicit.
///
/// # Errors
/// One diagnostic for each command that cannot be lowered: unsupported, or a parameter without a value.
pub fn lower(query: &ast::Query, params: &Params) -> Result<Pipeline, Vec<Diagnostic>> {
    lower::query(query, params)
}

/// [`parse`], then [`lower`].
///
/// # Errors
/// Those of the first of the two that fails.
pub fn compile(text: &str, params: &Params) -> Result<Pipeline, Vec<Diagnostic>> {
    compile_in(text, &Origin::default(), params)
}

/// [`parse_in`], then [`lower`].
///
/// # Errors
/// As [`compile`].
pub fn compile_in(text: &str, origin: &Origin, params: &Params) -> Result<Pipeline, Vec<Diagnostic>> {
    lower(&parse_in(text, origin)?, params)
}

/// The query as text, one command a line. It parses to the same query again.
pub fn print(query: &ast::Query) -> String {
    print::query(query)
}

/// One expression as text.
pub fn print_expr(expr: &ast::Expr) -> String {
    print::expr(expr)
}
