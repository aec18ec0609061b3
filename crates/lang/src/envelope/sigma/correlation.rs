//! Correlations: rules about the findings of other rules.

use super::super::yaml_file::{Constant, Node, Reader, Schema};
use super::{Gathered, timespan};
use crate::similar::similar;
use ir::{CompareOp, Correlation, CorrelationKind, Diagnostic, Span, Spanned, codes};
use std::time::Duration;

/// Each kind with what it needs besides rules and time.
const KINDS: &[(&str, CorrelationKind, Needs)] = &[
    ("event_count", CorrelationKind::EventCount, Needs::Condition),
    ("value_count", CorrelationKind::ValueCount, Needs::Field),
    ("temporal", CorrelationKind::Temporal, Needs::Nothing),
    ("temporal_ordered", CorrelationKind::TemporalOrdered, Needs::Nothing),
    ("value_sum", CorrelationKind::ValueSum, Needs::Field),
    ("value_avg", CorrelationKind::ValueAvg, Needs::Field),
    ("value_percentile", CorrelationKind::ValuePercentile(50), Needs::Field),
    ("value_median", CorrelationKind::ValueMedian, Needs::Field),
];

const OPERATORS: &[(&str, CompareOp)] = &[
    ("gt", CompareOp::Greater),
    ("gte", CompareOp::GreaterOrEqual),
    ("lt", CompareOp::Less),
    ("lte", CompareOp::LessOrEqual),
    ("eq", CompareOp::Equal),
    ("neq", CompareOp::NotEqual),
];

const KEYS: &[&str] = &["aliases", "condition", "generate", "group-by", "rules", "timespan", "type"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Condition,
    /// A condition that names a field.
    Field,
}

/// What a correlation's condition says.
#[derive(Default)]
struct Condition {
    thresholds: Vec<(CompareOp, f64)>,
    fields: Vec<Spanned<String>>,
    percentile: Option<u8>,
}

pub(super) fn read(
    document: &Node<'_>,
    node: &Node<'_>,
    gathered: &Gathered,
    reader: &mut Reader,
) -> Option<Correlation> {
    if !node.is_mapping() {
        reader.refuse(format!("`correlation` is a mapping, and here is {}", node.kind()), node.span);
        return None;
    }
    reader.note_unknown_keys(node, KEYS);
    let kind = kind(node, reader);
    let rules = references(node, gathered, reader);
    let time_span = time_span(node, reader);
    let (kind, needs) = kind?;
    let condition = condition(node, needs, reader)?;
    let kind = match (kind, condition.percentile) {
        (CorrelationKind::ValuePercentile(_), Some(percentile)) => CorrelationKind::ValuePercentile(percentile),
        (kind, _) => kind,
    };
    Some(Correlation {
        kind,
        rules,
        group_by: names(node, "group-by", reader),
        time_span: time_span?,
        thresholds: condition.thresholds,
        fields: condition.fields,
        aliases: aliases(node, gathered, reader),
        generate: [document, node].iter().any(|node| is_true(node.get("generate"))),
    })
}

fn is_true(node: Option<&Node<'_>>) -> bool {
    node.and_then(Node::scalar).is_some_and(|scalar| scalar.constant(Schema::Yaml11) == Constant::Boolean(true))
}

fn kind(node: &Node<'_>, reader: &mut Reader) -> Option<(CorrelationKind, Needs)> {
    let text = reader.required(node, "type")?;
    let found = KINDS.iter().find(|(name, ..)| *name == text).map(|&(_, kind, needs)| (kind, needs));
    if found.is_none() {
        let shown: String = text.chars().take(60).collect();
        let span = node.get("type").map_or(node.span, |value| value.span);
        let error =
            Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, format!("`{shown}` is no type of correlation")).at(span);
        let names = KINDS.iter().map(|(name, ..)| *name);
        reader.diagnostics.push(match similar(&shown, names.clone()) {
            Some(meant) => error.hint(format!("`{meant}` is similar")),
            None => error.hint(format!("expected is one of {}", names.collect::<Vec<_>>().join(", "))),
        });
    }
    found
}

/// The rules, by their ids where they are named otherwise.
fn references(node: &Node<'_>, gathered: &Gathered, reader: &mut Reader) -> Vec<Spanned<String>> {
    if node.get("rules").is_none() {
        reader.missing(node, "rules");
    }
    let mut rules = names(node, "rules", reader);
    for rule in &mut rules {
        resolve(rule, gathered, reader);
    }
    rules
}

fn resolve(rule: &mut Spanned<String>, gathered: &Gathered, reader: &mut Reader) {
    if let Some(id) = gathered.names.get(&rule.value) {
        rule.value.clone_from(id);
    } else if !gathered.ids.contains(&rule.value) {
        let shown: String = rule.value.chars().take(60).collect();
        let error =
            Diagnostic::refusal(codes::UNKNOWN_RULE, format!("no rule has the id or name `{shown}`")).at(rule.span);
        reader.diagnostics.push(match similar(&shown, gathered.names.keys().map(String::as_str)) {
            Some(meant) => error.hint(format!("`{meant}` is similar")),
            None => error,
        });
    }
}

/// One string or a list of them, each with its place.
fn names(node: &Node<'_>, key: &str, reader: &mut Reader) -> Vec<Spanned<String>> {
    let Some(value) = node.get(key).filter(|value| !value.is_null()) else { return Vec::new() };
    let mut names = Vec::new();
    for item in value.items().unwrap_or(std::slice::from_ref(value)) {
        match item.text() {
            Some(text) => names.push(Spanned { value: text.to_owned(), span: item.span }),
            None => reader.refuse(format!("`{key}` holds strings, and here is {}", item.kind()), item.span),
        }
    }
    names
}

fn time_span(node: &Node<'_>, reader: &mut Reader) -> Option<Duration> {
    // Drafts of the specification called it `timeframe`.
    let key = if node.get("timespan").is_none() && node.get("timeframe").is_some() { "timeframe" } else { "timespan" };
    let text = reader.required(node, key)?;
    let seconds = timespan::seconds(&text);
    if seconds.is_none() {
        let span = node.get(key).map_or(node.span, |value| value.span);
        reader.refuse(format!("`{key}` is a span of time such as `15s`, `90m`, `24h` or `7d`"), span);
    }
    seconds.map(Duration::from_secs)
}

fn condition(node: &Node<'_>, needs: Needs, reader: &mut Reader) -> Option<Condition> {
    let mut condition = Condition::default();
    let Some(entry) = node.entry("condition") else {
        if needs == Needs::Nothing {
            return Some(condition);
        }
        reader.missing(node, "condition");
        return None;
    };
    if entry.value.text().is_some() {
        let message = "conditions of correlations over the names of rules are not supported";
        let error = Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message).at(entry.value.span);
        reader.diagnostics.push(error.hint("specification 2.1 has comparisons such as `gte: 10` there"));
        return None;
    }
    for entry in entry.value.entries() {
        let name = entry.key.text().unwrap_or_default();
        match OPERATORS.iter().find(|(operator, _)| *operator == name) {
            Some((_, op)) => condition.thresholds.extend(number(&entry.value, reader).map(|number| (*op, number))),
            None if name == "field" => {}
            None if name == "percentile" => {
                let found = number(&entry.value, reader).filter(|number| (0.0..=100.0).contains(number));
                if found.is_none() {
                    reader.refuse("`percentile` is a number from 0 to 100", entry.value.span);
                }
                condition.percentile = found.map(|number| number as u8);
            }
            None => unknown_operator(name, entry.key.span, reader),
        }
    }
    condition.fields = names(&entry.value, "field", reader);
    if condition.thresholds.is_empty() && needs != Needs::Nothing {
        reader.refuse("the condition compares with nothing", entry.key.span);
    }
    if condition.fields.is_empty() && needs == Needs::Field {
        reader.refuse("the condition has no `field`", entry.key.span);
    }
    Some(condition)
}

fn unknown_operator(name: &str, span: Span, reader: &mut Reader) {
    let shown: String = name.chars().take(60).collect();
    let error = Diagnostic::refusal(codes::ENVELOPE, format!("`{shown}` is no comparison")).at(span);
    let names = OPERATORS.iter().map(|(name, _)| *name);
    reader.diagnostics.push(error.hint(format!("expected is one of {}", names.collect::<Vec<_>>().join(", "))));
}

fn number(node: &Node<'_>, reader: &mut Reader) -> Option<f64> {
    let found = match node.scalar().map(|scalar| scalar.constant(Schema::Core)) {
        Some(Constant::Integer(value)) => Some(value as f64),
        Some(Constant::Float(value)) if value.is_finite() => Some(value),
        _ => None,
    };
    if found.is_none() {
        reader.refuse(format!("a number is expected, and here is {}", node.kind()), node.span);
    }
    found
}

fn aliases(
    node: &Node<'_>,
    gathered: &Gathered,
    reader: &mut Reader,
) -> Vec<(Spanned<String>, Spanned<String>, Spanned<String>)> {
    let mut aliases = Vec::new();
    for alias in node.get("aliases").map_or(&[][..], Node::entries) {
        for field in alias.value.entries() {
            let parts = [&alias.key, &field.key, &field.value]
                .map(|node| Spanned { value: node.text().unwrap_or_default().to_owned(), span: node.span });
            let [name, mut rule, field] = parts;
            resolve(&mut rule, gathered, reader);
            aliases.push((name, rule, field));
        }
    }
    aliases
}
