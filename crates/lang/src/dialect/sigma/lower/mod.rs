//! Detections to bodies of rules.

mod aggregation;
mod condition;
mod item;

use super::ast::{Condition, Detection, Search};
pub use super::modifiers::Placeholders;
use condition::Selections;
use ir::{Body, Diagnostic, Expr, ExprKind, Schedule, Span, Spanned, codes};

/// A detection's meaning.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub body: Body,
    /// For bodies that aggregate.
    pub schedule: Option<Schedule>,
    /// Losses and notes, and a refusal where the rule can never be true.
    pub diagnostics: Vec<Diagnostic>,
}

/// A condition with what is known of its truth.
#[derive(Clone, Debug)]
struct Meaning {
    expr: Expr,
    truth: Truth,
    /// Tests and operators.
    nodes: usize,
}

/// What is known of a test without looking at events: those of placeholders without values never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Never,
    Maybe,
    Always,
}

pub(super) fn detection(detection: &Detection, placeholders: &Placeholders) -> Result<Lowered, Vec<Diagnostic>> {
    let mut selections = Selections::new(detection, placeholders);
    let result = body(detection, &mut selections);
    match result {
        Some((body, schedule, truth)) if selections.errors.is_empty() => {
            let mut diagnostics = selections.unused();
            diagnostics.extend(open_placeholders(&selections.unknown, truth));
            Ok(Lowered { body, schedule, diagnostics })
        }
        _ => Err(selections.errors),
    }
}

pub(super) fn filter(detection: &Detection, placeholders: &Placeholders) -> Result<Expr, Vec<Diagnostic>> {
    let mut selections = Selections::new(detection, placeholders);
    if let Some(condition) = detection.conditions.iter().find(|condition| condition.aggregation.is_some()) {
        let message = "the condition of a filter cannot aggregate";
        selections.errors.push(Diagnostic::refusal(codes::SYNTAX, message).at(condition.span));
    }
    match any_of(&detection.conditions, &mut selections) {
        Some(meaning) if selections.errors.is_empty() => Ok(meaning.expr),
        _ => Err(selections.errors),
    }
}

fn body(detection: &Detection, selections: &mut Selections<'_>) -> Option<(Body, Option<Schedule>, Truth)> {
    if let Some(condition) = detection.conditions.iter().find(|condition| condition.aggregation.is_some()) {
        if detection.conditions.len() > 1 {
            let message = "a condition that aggregates is one of several";
            selections.errors.push(
                Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message)
                    .at(condition.span)
                    .hint("each needs a rule of its own"),
            );
            return None;
        }
        return aggregation::body(condition, detection.timeframe.as_ref(), selections);
    }
    let meaning = any_of(&detection.conditions, selections)?;
    Some((Body::Match(meaning.expr), None, meaning.truth))
}

fn any_of(conditions: &[Condition], selections: &mut Selections<'_>) -> Option<Meaning> {
    let meanings: Vec<_> = conditions.iter().map(|condition| selections.lower(&condition.expr)).collect();
    let span = conditions.iter().map(|condition| condition.span).reduce(Span::to).unwrap_or_default();
    Some(any(meanings.into_iter().collect::<Option<_>>()?, span))
}

/// All of these.
fn all(meanings: Vec<Meaning>, span: Span) -> Meaning {
    let truth = if meanings.iter().any(|meaning| meaning.truth == Truth::Never) {
        Truth::Never
    } else if meanings.iter().all(|meaning| meaning.truth == Truth::Always) {
        Truth::Always
    } else {
        Truth::Maybe
    };
    join(meanings, truth, span, ExprKind::And)
}

/// Any of these.
fn any(meanings: Vec<Meaning>, span: Span) -> Meaning {
    let truth = if meanings.iter().any(|meaning| meaning.truth == Truth::Always) {
        Truth::Always
    } else if meanings.iter().all(|meaning| meaning.truth == Truth::Never) {
        Truth::Never
    } else {
        Truth::Maybe
    };
    join(meanings, truth, span, ExprKind::Or)
}

fn not(meaning: Meaning, span: Span) -> Meaning {
    let truth = match meaning.truth {
        Truth::Never => Truth::Always,
        Truth::Maybe => Truth::Maybe,
        Truth::Always => Truth::Never,
    };
    let nodes = meaning.nodes + 1;
    Meaning { expr: Expr::new(ExprKind::Not(Box::new(meaning.expr)), span), truth, nodes }
}

fn join(mut meanings: Vec<Meaning>, truth: Truth, span: Span, kind: fn(Vec<Expr>) -> ExprKind) -> Meaning {
    if meanings.len() == 1
        && let Some(only) = meanings.pop()
    {
        return only;
    }
    let nodes = meanings.iter().fold(1, |nodes, meaning| nodes + meaning.nodes);
    let parts = meanings.into_iter().map(|meaning| meaning.expr).collect();
    Meaning { expr: Expr::new(kind(parts), span), truth, nodes }
}

/// A search as a condition.
fn search(
    search: &Search,
    placeholders: &Placeholders,
    unknown: &mut Vec<Spanned<String>>,
    span: Span,
) -> Result<Meaning, Diagnostic> {
    match search {
        Search::All(items) => {
            let mut meanings = Vec::with_capacity(items.len());
            for item in items {
                meanings.push(item::lower(item, placeholders, unknown)?);
            }
            Ok(all(meanings, span))
        }
        Search::Any(parts) => {
            let mut words = Vec::new();
            let mut meanings = Vec::with_capacity(parts.len());
            for part in parts {
                match part {
                    Search::Word(word) => words.push(word),
                    other => meanings.push(self::search(other, placeholders, unknown, span)?),
                }
            }
            if !words.is_empty() {
                meanings.push(item::words(&words)?);
            }
            Ok(any(meanings, span))
        }
        Search::Word(word) => item::words(&[word]),
    }
}

/// What placeholders without values do to a rule.
fn open_placeholders(unknown: &[Spanned<String>], truth: Truth) -> Vec<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    let mut diagnostics = Vec::new();
    for placeholder in unknown {
        let name = placeholder.value.as_str();
        if names.contains(&name) {
            continue;
        }
        names.push(name);
        let diagnostic = if truth == Truth::Never {
            let message = format!("the placeholder `%{name}%` has no values, and without them the rule is never true");
            Diagnostic::refusal(codes::UNKNOWN_PLACEHOLDER, message)
        } else {
            let message = format!("the placeholder `%{name}%` has no values, so that its test never holds");
            Diagnostic::loss(codes::UNKNOWN_PLACEHOLDER, message)
        };
        diagnostics.push(diagnostic.at(placeholder.span));
    }
    diagnostics
}
