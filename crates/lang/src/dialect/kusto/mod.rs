//! Kusto (KQL), as Microsoft Sentinel and Defender run it: text to [`ast`], to `ir`, and back to text.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex | text to tokens | `lexer` |
//! | parse | tokens to [`ast`] | `parser`, and one file for each operator in `operators` |
//! | lower | [`ast`] to [`ir::Pipeline`] | `lower`, and the same file for each operator |
//! | print | [`ast`] to text that parses to the same [`ast`] | `print`, and again the same file |
//!
//! Lowering always gives a pipeline, so that a rule that does not run still says what it looks for: what has no meaning
//! here is a diagnostic, and [`ir::ExprKind::Unread`] or [`ir::StageKind::Other`] in its place. `let` is gone after
//! lowering: values, tables and functions stand where they were used, with the places they were written at.

mod asim;
pub mod ast;
mod functions;
mod lexer;
mod lower;
pub mod operators;
mod parser;
mod print;

use crate::Origin;
use ir::{Diagnostic, LogSource, Pipeline};

/// Longest query, in bytes. Azure Monitor refuses queries over 10 KiB to 2 MiB, depending on the service.
pub const MAX_LENGTH: usize = 2_000_000;

/// Deepest nesting of expressions and of queries in queries. This fits the stack of a thread with 2 MiB in a debug build;
/// public rules stay below 20.
pub const MAX_DEPTH: usize = 60;

/// Most statements in one query, and most operators in one pipe.
pub const MAX_STATEMENTS: usize = 500;

/// Most expressions that a query may have after its `let`s are put in place.
pub const MAX_EXPRESSIONS: usize = 200_000;

/// What a query means.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub pipeline: Pipeline,
    /// Every table that is read, once each.
    pub log_sources: Vec<LogSource>,
    /// What of it has no meaning here.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query that is a text of its own.
///
/// # Errors
/// Every syntax error found.
pub fn parse(text: &str) -> Result<ast::Script, Vec<Diagnostic>> {
    let (script, errors) = read(text, &Origin::default());
    if errors.is_empty() { Ok(script) } else { Err(errors) }
}

/// Reads a query that is part of a file; all spans point into that file. After an error, reading goes on at the next pipe or
/// statement, so that the script holds whatever can be read.
pub fn read(text: &str, origin: &Origin) -> (ast::Script, Vec<Diagnostic>) {
    parser::script(text, origin)
}

/// Makes the meaning of a query explicit. `None` where no statement of it is a query.
pub fn lower(script: &ast::Script) -> Option<Meaning> {
    lower::script(script)
}

/// The query as text, one operator a line. It parses to the same query again.
pub fn print(script: &ast::Script) -> String {
    print::script(script)
}

/// One expression as text.
pub fn print_expr(expr: &ast::Expr) -> String {
    print::expr(expr)
}
