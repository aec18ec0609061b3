//! Which tests of a base search say what it reads, and not what it looks for.
//!
//! `sourcetype`, `source`, `eventtype` and `index` name a log. Authors put them into macros, which everybody who runs the rule
//! fills in for his own logs; so the terms of such a macro are no predicates of the rule, but its log sources: the macro by
//! its name, and each of the terms it has here. In the rule's own text a reader sees a test, and there it stays one, while it
//! names a log source too. A macro's test that has none of these fields (`type=EXECVE`) is a test as any other.

use super::conjuncts;
use crate::dialect::spl::ast::{Search, SearchKind, Word};
use crate::dialect::spl::macros::{Call, split_call};
use ir::{CompareOp, LogSource, LogSourceKind, Span};

const SOURCE_FIELDS: &[&str] = &["sourcetype", "source", "eventtype", "index"];

/// What a base search reads, and the conjuncts that are left to test.
pub(super) fn split<'s>(condition: &'s Search, calls: &[Call]) -> (Vec<LogSource>, Vec<&'s Search>) {
    let mut sources: Vec<LogSource> = Vec::new();
    let mut add = |source: LogSource| {
        if !sources.contains(&source) {
            sources.push(source);
        }
    };
    let mut tests = Vec::new();
    for conjunct in conjuncts(condition) {
        let terms = terms(conjunct);
        if let Some(unknown) = unknown_macro(conjunct) {
            add(LogSource { kind: LogSourceKind::Macro, name: unknown, span: conjunct.span });
            continue;
        }
        match calls.iter().find(|call| within(conjunct.span, call.span)) {
            Some(call) if !terms.is_empty() => {
                add(LogSource { kind: LogSourceKind::Macro, name: call.name.clone(), span: call.span });
                terms.into_iter().for_each(&mut add);
            }
            _ => {
                terms.into_iter().for_each(&mut add);
                tests.push(conjunct);
            }
        }
    }
    (sources, tests)
}

/// Terms that name a log, wherever no negation stands above them.
fn terms(condition: &Search) -> Vec<LogSource> {
    match &condition.kind {
        SearchKind::And(operands) | SearchKind::Or(operands) => operands.iter().flat_map(terms).collect(),
        SearchKind::Compare { field, op: CompareOp::Equal, value } if names_log(field) => vec![term(field, value)],
        SearchKind::In { field, list } if names_log(field) => list.iter().map(|value| term(field, value)).collect(),
        _ => Vec::new(),
    }
}

fn names_log(field: &Word) -> bool {
    SOURCE_FIELDS.contains(&field.text.as_str())
}

fn term(field: &Word, value: &Word) -> LogSource {
    let name = format!("{}={}", field.text, value.text);
    LogSource { kind: LogSourceKind::SearchTerm, name, span: field.span.to(value.span) }
}

/// A macro that nobody defines and that stands alone in a base search: a log source, as far as anybody can tell.
fn unknown_macro(condition: &Search) -> Option<String> {
    match &condition.kind {
        SearchKind::Macro(call) => {
            let (name, arguments) = split_call(&call.text);
            arguments.is_empty().then(|| name.to_owned())
        }
        _ => None,
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
}
