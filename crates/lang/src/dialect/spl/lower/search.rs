//! Conditions of `search`: each test of a field asks whether some value of it passes, letter case does not count, and
//! `*` stands for any run of characters wherever it is.
//!
//! `a!=b` asks for an event that has the field with another value; `NOT a=b` holds where it is missing too. Facts: "search"
//! in Splunk's Search Reference, "Difference between != and NOT" in its Search Manual.

use super::{Rows, field, string};
use crate::dialect::spl::ast::{Directive, Search, SearchKind, Word};
use ir::{Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pattern, PatternKind, Span, TermPlace, codes};

/// What looks like a test of a field and says over which time to search.
const TIME_MODIFIERS: &[&str] = &[
    "earliest",
    "latest",
    "_index_earliest",
    "_index_latest",
    "starttime",
    "endtime",
    "starttimeu",
    "endtimeu",
    "timeformat",
    "startdaysago",
    "enddaysago",
    "starthoursago",
    "endhoursago",
    "startminutesago",
    "endminutesago",
    "startmonthsago",
    "endmonthsago",
    "hoursago",
    "daysago",
    "minutesago",
];

impl Rows<'_, '_> {
    /// The condition; `None` where it is always true.
    pub fn search(&mut self, condition: &Search) -> Option<Expr> {
        let span = condition.span;
        let kind = match &condition.kind {
            SearchKind::And(operands) => {
                let mut operands: Vec<_> = operands.iter().filter_map(|operand| self.search(operand)).collect();
                if operands.len() < 2 {
                    return operands.pop();
                }
                ExprKind::And(operands)
            }
            SearchKind::Or(operands) => {
                let operands: Vec<_> = operands.iter().map(|operand| self.search(operand)).collect();
                ExprKind::Or(operands.into_iter().collect::<Option<Vec<_>>>()?)
            }
            SearchKind::Not(operand) => match self.search(operand) {
                Some(operand) => ExprKind::Not(Box::new(operand)),
                None if is_time_modifier(operand) => return None,
                None => ExprKind::Literal(Literal::Boolean(false)),
            },
            SearchKind::Keyword(word) => return keyword(word, Case::Insensitive),
            SearchKind::Compare { field: name, .. } if is_time(name) => {
                let message = format!("`{}` has no effect: the rule's schedule says which events it sees", name.text);
                self.say(Diagnostic::note(codes::SCHEDULE, message).at(span));
                return None;
            }
            // A time that is computed, in a condition that has no other use for functions.
            SearchKind::Compare { field: name, value, .. } if name.text == "_time" && number(value).is_none() => {
                let message = format!("the test of `_time` against `{}` has no effect", value.text);
                self.say(Diagnostic::loss(codes::SCHEDULE, message).at(span));
                return None;
            }
            SearchKind::Compare { field: name, op, value } => return Some(compare(name, *op, value, span)),
            SearchKind::In { field: name, list } => return Some(member(name, list, span)),
            SearchKind::Directive { field: name, directive, word } => {
                let case = match directive {
                    Directive::Case => Case::Sensitive,
                    Directive::Term => Case::Insensitive,
                };
                return match name {
                    None => keyword(word, case),
                    Some(name) => Some(equals(name, word, case, span)),
                };
            }
            SearchKind::Subsearch(query) => {
                // Its rows are not known before it has run, and here they are one test among several.
                self.subsearch(query);
                let message = "a subsearch that is an alternative to other tests is not supported";
                self.say(Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(span));
                ExprKind::Unread
            }
            SearchKind::Macro(call) => {
                let message = format!("no such macro: `{}`", call.text);
                let hint = "macros are read from the `macros` folder of the rule's repository";
                self.say(Diagnostic::refusal(codes::UNKNOWN_MACRO, message).at(call.span).hint(hint));
                ExprKind::Unread
            }
        };
        Some(Expr::new(kind, span))
    }
}

fn is_time(name: &Word) -> bool {
    TIME_MODIFIERS.contains(&name.text.as_str())
}

fn is_time_modifier(condition: &Search) -> bool {
    matches!(&condition.kind, SearchKind::Compare { field, .. } if is_time(field))
}

fn any(test: ExprKind, span: Span) -> Expr {
    Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span)
}

fn compare(name: &Word, op: CompareOp, value: &Word, span: Span) -> Expr {
    match op {
        CompareOp::Equal => equals(name, value, Case::Insensitive, span),
        CompareOp::NotEqual => differs(name, value, span),
        _ => {
            let right = Box::new(number(value).unwrap_or_else(|| string(&value.text, value.span)));
            let (left, case) = (Box::new(field(name)), Case::Insensitive);
            any(ExprKind::Compare { op, left, right, case }, span)
        }
    }
}

fn equals(name: &Word, value: &Word, case: Case, span: Span) -> Expr {
    if value.text == "*" {
        return Expr::new(ExprKind::IsNull { value: Box::new(field(name)), negated: true }, span);
    }
    any(test(name, value, CompareOp::Equal, case), span)
}

/// `AnyValue` is false where the field is missing, so the difference stands inside of it.
fn differs(name: &Word, value: &Word, span: Span) -> Expr {
    if value.text == "*" {
        // No value differs from every value.
        return Expr::new(ExprKind::Literal(Literal::Boolean(false)), span);
    }
    let kind = match test(name, value, CompareOp::NotEqual, Case::Insensitive) {
        matches @ ExprKind::Matches { .. } => ExprKind::Not(Box::new(Expr::new(matches, span))),
        compare => compare,
    };
    any(kind, span)
}

/// A wildcard pattern, or a comparison with a value without wildcards.
fn test(name: &Word, value: &Word, op: CompareOp, case: Case) -> ExprKind {
    let left = Box::new(field(name));
    if value.text.contains('*') {
        return ExprKind::Matches { value: left, patterns: vec![pattern(&value.text, case, value.span)] };
    }
    ExprKind::Compare { op, left, right: Box::new(literal(value)), case }
}

fn member(name: &Word, list: &[Word], span: Span) -> Expr {
    if list.iter().any(|value| value.text.contains('*')) {
        let tests: Vec<_> = list.iter().map(|value| equals(name, value, Case::Insensitive, value.span)).collect();
        return match <[Expr; 1]>::try_from(tests) {
            Ok([only]) => Expr { span, ..only },
            Err(tests) => Expr::new(ExprKind::Or(tests), span),
        };
    }
    let list = list.iter().map(literal).collect();
    any(ExprKind::In { value: Box::new(field(name)), list, case: Case::Insensitive }, span)
}

/// A bare integer as it is usually written is one; everything else is text. (Either equals the other in `AnyValue`.)
fn literal(value: &Word) -> Expr {
    let kind = if value.quoted { None } else { integer(&value.text) };
    kind.map_or_else(|| string(&value.text, value.span), |kind| Expr::new(ExprKind::Literal(kind), value.span))
}

fn integer(text: &str) -> Option<Literal> {
    let value: i64 = text.parse().ok()?;
    if value.to_string() != text {
        return None;
    }
    Some(i32::try_from(value).map_or(Literal::Long(value), Literal::Integer))
}

/// The number that `<` and `>` compare with, quoted or not.
fn number(value: &Word) -> Option<Expr> {
    let literal = integer(&value.text).or_else(|| {
        let number: f64 = value.text.parse().ok()?;
        number.is_finite().then_some(Literal::Double(number))
    })?;
    Some(Expr::new(ExprKind::Literal(literal), value.span))
}

/// A word or phrase anywhere in the event: its ends must be those of words, unless a wildcard or other character is there.
fn keyword(word: &Word, case: Case) -> Option<Expr> {
    let text = word.text.as_str();
    if !text.is_empty() && text.chars().all(|character| character == '*') {
        return None;
    }
    let inner = text.trim_matches('*');
    let (open_start, open_end) = (text.starts_with('*'), text.ends_with('*'));
    let is_word = |end: Option<char>| end.is_some_and(char::is_alphanumeric);
    let starts_word = !open_start && is_word(inner.chars().next());
    let ends_word = !open_end && is_word(inner.chars().next_back());
    let term = |place| PatternKind::Term { text: inner.to_owned(), place };
    let kind = if inner.contains('*') {
        PatternKind::Wildcard(format!("*{}*", wildcard(inner)))
    } else {
        match (starts_word, ends_word) {
            (true, true) => term(TermPlace::Whole),
            (true, false) => term(TermPlace::Start),
            (false, true) => term(TermPlace::End),
            (false, false) => PatternKind::Contains(inner.to_owned()),
        }
    };
    let value = Box::new(Expr::new(ExprKind::EventText, word.span));
    let patterns = vec![Pattern { kind, case, span: word.span }];
    Some(any(ExprKind::Matches { value, patterns }, word.span))
}

/// A value with `*` in it.
pub(crate) fn pattern(text: &str, case: Case, span: Span) -> Pattern {
    Pattern { kind: PatternKind::Wildcard(wildcard(text)), case, span }
}

/// The text as a pattern of `ir`, in which `?` and the backslash mean something too.
pub(crate) fn wildcard(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '?' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
