//! Sigma's detections, as specification 2.1 has them, and the aggregations behind a pipe that older rules have.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | lex, parse | a condition, or a key such as `Image|endswith`, to [`ast`] | `lexer`, `parser` |
//! | modify | a field's values through its modifiers | `modifiers`, one file for each family |
//! | lower | [`ast`] to [`ir::Body`] | `lower` |
//! | print | [`ast`] to the `detection` of a rule file | `print` |
//!
//! The detection itself is YAML, so the envelope makes the [`ast`] of it and calls [`parse_condition`] and [`parse_key`] for
//! what is written in Sigma's own grammar.
//!
//! Semantics: letters of different case are the same; a test on a missing field fails, so that its negation holds; of
//! several values in a field one is enough ([`ir::ExprKind::AnyValue`]); `null` means that the field is missing, and `''`
//! that it is empty.

pub mod ast;
mod glob;
mod lexer;
mod lower;
pub mod modifiers;
mod parser;
mod print;

pub use lower::{Lowered, Placeholders};

use crate::Origin;
use ir::{Diagnostic, Expr};

/// Longest condition, in bytes; those of the public rules stay below 500.
pub const MAX_CONDITION: usize = 64 << 10;

/// Deepest nesting of brackets and negations in a condition.
pub const MAX_DEPTH: usize = 100;

/// Most tests and operators in a rule's condition, counting a selection as often as the condition names it.
pub const MAX_NODES: usize = 200_000;

/// Reads a condition; all spans point into the file that `origin` leads to.
///
/// # Errors
/// What does not follow the grammar, at its place.
pub fn parse_condition(text: &str, origin: &Origin) -> Result<ast::Condition, Diagnostic> {
    parser::condition(text, origin)
}

/// Reads the key of a selection's item: a field's name, and modifiers behind `|`.
pub fn parse_key(text: &str, origin: &Origin) -> ast::Key {
    parser::key(text, origin)
}

/// Makes the meaning of a detection explicit.
///
/// # Errors
/// Everything that keeps the detection from having a meaning: unknown modifiers and selections, values that a modifier
/// cannot take.
pub fn lower(detection: &ast::Detection, placeholders: &Placeholders) -> Result<Lowered, Vec<Diagnostic>> {
    lower::detection(detection, placeholders)
}

/// The condition of a filter, which is written like a detection and restricts other rules.
///
/// # Errors
/// As [`lower`], and where the condition aggregates.
pub fn lower_filter(detection: &ast::Detection, placeholders: &Placeholders) -> Result<Expr, Vec<Diagnostic>> {
    lower::filter(detection, placeholders)
}

/// A condition as text that parses to the same condition.
pub fn print_condition(condition: &ast::Condition) -> String {
    print::condition(condition)
}

/// The `detection` of a rule file in YAML.
pub fn print(detection: &ast::Detection) -> String {
    print::detection(detection)
}
