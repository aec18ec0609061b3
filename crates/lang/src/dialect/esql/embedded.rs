//! `KQL("...")` and `QSTR("...")`: conditions in another language inside a string.
//!
//! The string is read where it stands, so that errors in it and the tests it makes have places of their own, and lowered
//! to the same conditions as a rule in that language. Only a constant string is; with a parameter in its place the call
//! stays a call. Facts: the pages of the two functions in the ES|QL reference, also for the options.

use super::ast::{Embedded, EmbeddedQuery, Expr, FunctionName};
use super::lexer::{Token, TokenKind};
use super::lower::{Lowered, Lowering};
use super::parser::{Parse, Parser};
use crate::Origin;
use crate::dialect::{kuery, lucene};
use crate::similar::similar;
use ir::{Case, Diagnostic, Level, Literal, Spanned, codes};

/// Options that change how results are ranked or how text is analysed, and not which events fit.
const WITHOUT_EFFECT: &[&str] = &[
    "allow_leading_wildcard",
    "analyze_wildcard",
    "analyzer",
    "auto_generate_synonyms_phrase_query",
    "boost",
    "enable_position_increments",
    "fuzzy_max_expansions",
    "fuzzy_prefix_length",
    "fuzzy_transpositions",
    "lenient",
    "max_determinized_states",
    "quote_analyzer",
    "rewrite",
    "time_zone",
];

const KUERY_OPTIONS: &[&str] = &["boost", "case_insensitive", "default_field", "time_zone"];

/// Reads the string of a call, if the call is one of the two functions and the string is its only argument.
pub(super) fn parse(
    parser: &Parser<'_>,
    function: &FunctionName,
    string: Token,
    args: &[Expr],
    options: &[(Spanned<String>, Expr)],
) -> Parse<Option<Embedded>> {
    let (FunctionName::Plain(function), [arg]) = (function, args) else { return Ok(None) };
    let super::ast::ExprKind::Literal(Literal::String(text)) = &arg.kind else { return Ok(None) };
    if !matches!(string.kind, TokenKind::Text | TokenKind::RawText) {
        return Ok(None);
    }
    let first = |errors: Vec<Diagnostic>| {
        let unread = || Diagnostic::refusal(codes::SYNTAX, "the query cannot be read").at(arg.span);
        errors.into_iter().next().unwrap_or_else(unread)
    };
    let origin = origin(parser, string, text);
    let query = match function.value.to_ascii_lowercase().as_str() {
        "kql" => EmbeddedQuery::Kuery(kuery::parse_in(text, &origin).map_err(first)?),
        "qstr" => EmbeddedQuery::Lucene(lucene::parse_in(text, &origin).map_err(first)?),
        _ => return Ok(None),
    };
    Ok(Some(Embedded { function: function.clone(), text: text.clone(), query, options: options.to_vec() }))
}

/// Where each character of the string stands in the file.
fn origin(parser: &Parser<'_>, string: Token, text: &str) -> Origin {
    let raw = string.kind == TokenKind::RawText;
    let mut at = string.start + if raw { 3 } else { 1 };
    let mut origin = Origin::shifted(parser.file_offset(at));
    for (offset, character) in text.char_indices() {
        origin.add_run(offset, parser.file_offset(at));
        let escaped = !raw && parser.slice(at, at + 1) == "\\";
        at += if escaped { 2 } else { character.len_utf8() };
    }
    origin.add_run(text.len(), parser.file_offset(at));
    origin
}

pub(super) fn lower(embedded: &Embedded, lowering: &Lowering<'_>) -> Lowered<ir::Expr> {
    match &embedded.query {
        EmbeddedQuery::Kuery(query) => {
            let mut options = kuery::Options::default();
            for (name, value) in &embedded.options {
                let literal = lowering.constant(value)?;
                match (name.value.as_str(), &literal) {
                    ("case_insensitive", Literal::Boolean(true)) => options.case = Case::Insensitive,
                    ("case_insensitive", Literal::Boolean(false)) => {}
                    ("default_field", Literal::String(field)) => options.default_field = Some(field.clone()),
                    (known, _) => check(known, name, value, KUERY_OPTIONS)?,
                }
            }
            Ok(kuery::lower(query, &options))
        }
        EmbeddedQuery::Lucene(query) => {
            let mut options = lucene::Options::default();
            for (name, value) in &embedded.options {
                let literal = lowering.constant(value)?;
                match (name.value.as_str(), &literal) {
                    ("default_operator", Literal::String(operator)) if is_operator(operator) => {
                        options.default_and = operator.eq_ignore_ascii_case("and");
                    }
                    ("default_field", Literal::String(field)) => options.default_field = Some(field.clone()),
                    (known, _) => check(known, name, value, WITHOUT_EFFECT)?,
                }
            }
            let (condition, notes) = lucene::lower(query, &options);
            match notes.into_iter().find(|note| note.level == Level::Loss) {
                Some(loss) => Err(Diagnostic { level: Level::Refusal, ..loss }),
                None => Ok(condition),
            }
        }
    }
}

fn is_operator(text: &str) -> bool {
    text.eq_ignore_ascii_case("and") || text.eq_ignore_ascii_case("or")
}

/// Whether the option has no effect; the error for any other.
fn check(option: &str, name: &Spanned<String>, value: &Expr, allowed: &[&str]) -> Lowered<()> {
    if allowed.contains(&option) && WITHOUT_EFFECT.contains(&option) {
        return Ok(());
    }
    if matches!(option, "case_insensitive" | "default_field" | "default_operator") {
        let message = format!("`{option}` does not take this value");
        return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(value.span));
    }
    let error =
        Diagnostic::refusal(codes::ARGUMENT_VALUE, format!("the option `{option}` is not supported")).at(name.span);
    Err(match similar(option, allowed.iter().copied()) {
        Some(meant) => error.hint(format!("a similar option is `{meant}`")),
        None => error,
    })
}
