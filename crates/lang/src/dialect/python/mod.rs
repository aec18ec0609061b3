//! Panther's rules, which are Python functions of an event: a typed reading, not an interpreter.
//!
//! The program is gone through once, with the event unknown. Names stand for constants, for fields of the event, for
//! conditions on it, or for choices between those; an early `return`, a loop or an `if` becomes part of the condition under
//! which `rule()` returns true. Functions of the rule and of the repository's helper modules are read in place of their
//! calls. What cannot be read that way (a look-up elsewhere, a state kept between events, a class) is [`ir::ExprKind::Unread`],
//! and a diagnostic says where and why; the rest of the condition stays. A program that runs such rules needs the source:
//! it is the text of the file that [`ir::Rule::further_files`] names first.
//!
//! | stage | from, to | file |
//! |---|---|---|
//! | parse | text to the syntax tree of `ruff_python_parser`, within limits | `module`, `nesting` |
//! | read | statements, expressions, calls to values | `statement`, `expression`, `call`, `access`, `method`, `builtin`, `external` |
//! | lower | values to conditions | `condition`, `logic` |
//!
//! The parser is that of ruff, which follows the language closely and survives any nesting; `rustpython-parser` is no longer
//! kept up.
//!
//! Python's semantics in the IR: every test is two-valued, [`ir::ExprKind::AnyValue`] makes it false where the field is
//! missing, and what a default of `get` makes of a missing field is written out. `x != "a"` is the negation of `x == "a"`, so
//! it holds for a missing field. The truth of a value is the function `truthy`.

mod access;
mod builtin;
mod call;
mod condition;
mod empty_text;
mod expression;
mod external;
mod logic;
mod method;
mod module;
mod nesting;
pub(crate) mod networks;
mod reader;
mod scope;
mod statement;
mod value;

pub use module::{Library, Module};

use call::Arguments;
use ir::{Diagnostic, Expr, ExprKind, Span, codes};
use reader::Reader;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Most statements, expressions and rounds of loops that are read for one rule; public rules stay below 20,000.
pub const MAX_STEPS: usize = 200_000;

/// Most nodes of conditions that are built for one rule.
pub const MAX_NODES: usize = 400_000;

/// Deepest nesting of the condition of a rule.
pub const MAX_DEPTH: usize = 150;

/// Deepest nesting of functions that call each other.
pub const MAX_CALLS: usize = 20;

/// Longest text that constants are put together to, in bytes.
const MAX_TEXT: usize = 1 << 16;

/// What kind of value a field holds, as far as its use tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Unknown,
    Text,
    Number,
    Boolean,
    List,
    Object,
    Address,
}

impl Kind {
    /// What is known of an element of such a value.
    fn of_element(self) -> Kind {
        Kind::Unknown
    }
}

/// What is known of a rule besides its program.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// The kinds of fields by dotted name, from the rule's sample events.
    pub kinds: BTreeMap<String, Kind>,
    /// For each of the rule's log types that has one, its data model.
    pub models: Vec<Model<'a>>,
}

/// What `udm` means for a log type.
#[derive(Debug)]
pub struct Model<'a> {
    pub log_type: String,
    pub mappings: Vec<(String, Mapping<'a>)>,
}

#[derive(Debug)]
pub enum Mapping<'a> {
    /// Names joined by dots, or JSONPath.
    Path(String),
    /// A function of the module, called with the event.
    Method(&'a Module, String),
}

/// A rule as it was read.
#[derive(Debug)]
pub struct Reading {
    pub condition: Expr,
    pub diagnostics: Vec<Diagnostic>,
    /// The modules that spans point into, by [`Span::file`] from 1 on; the first is the rule's own.
    pub files: Vec<PathBuf>,
}

/// Reads a function of the event as a condition: `rule`, `policy`.
///
/// # Errors
/// The module has no such function.
pub fn read(module: &Module, function: &str, library: &Library, facts: &Facts<'_>) -> Result<Reading, Diagnostic> {
    let Some(definition) = module.function(function) else {
        let message = format!("the program has no function `{function}`");
        return Err(Diagnostic::refusal(codes::NO_RULE, message).at(Span::default().in_file(1)));
    };
    let mut reader = Reader::new(library, facts, module);
    let span = module::place(&definition.name, 1);
    let frame = reader.frame(module);
    let value = reader.name(definition.name.as_str(), span, &frame);
    let event = Arguments::of(vec![reader.event(span)]);
    let value = reader.apply(&value, &event, span);
    let mut condition = reader.truth(&value);
    let mut diagnostics = Vec::new();
    if logic::depth(&condition) > MAX_DEPTH {
        let message = format!("the condition nests deeper than {MAX_DEPTH} levels");
        diagnostics.push(Diagnostic::refusal(codes::TOO_LARGE, message).at(span));
        condition = logic::unread(span);
    } else {
        diagnostics.extend(unread_parts(&condition, &reader));
    }
    let files = reader.files.iter().map(|module| module.path().to_owned()).collect();
    Ok(Reading { condition, diagnostics, files })
}

/// The opposite of a condition.
pub fn negated(condition: Expr) -> Expr {
    logic::not(condition)
}

/// What of a condition could not be read, in the order of the text. Where it can never be true without those parts, the
/// rule is refused.
fn unread_parts(condition: &Expr, reader: &Reader<'_>) -> Vec<Diagnostic> {
    let mut places = BTreeSet::new();
    condition.walk(&mut |expr| {
        if matches!(expr.kind, ExprKind::Unread) {
            places.insert(expr.span);
        }
    });
    let decisive = !outcomes(condition).0;
    let diagnostics = places.into_iter().map(|span| {
        let reason = reader.reasons.get(&span).map_or("a part of the program", String::as_str);
        let message = format!("{reason} cannot be read without running the program");
        if decisive {
            Diagnostic::refusal(codes::UNREAD_CODE, message).at(span)
        } else {
            Diagnostic::loss(codes::UNREAD_CODE, message).at(span)
        }
    });
    diagnostics.collect()
}

/// Whether the condition can be true, and whether it can be false, where unread parts are null.
fn outcomes(expr: &Expr) -> (bool, bool) {
    match &expr.kind {
        ExprKind::Unread => (false, false),
        ExprKind::Literal(ir::Literal::Boolean(value)) => (*value, !*value),
        ExprKind::Not(inner) => {
            let (yes, no) = outcomes(inner);
            (no, yes)
        }
        ExprKind::And(inner) => inner.iter().map(outcomes).fold((true, false), |(yes, no), (y, n)| (yes && y, no || n)),
        ExprKind::Or(inner) => inner.iter().map(outcomes).fold((false, true), |(yes, no), (y, n)| (yes || y, no && n)),
        ExprKind::AnyElement { test, .. } => (outcomes(test).0, true),
        _ => (true, true),
    }
}
