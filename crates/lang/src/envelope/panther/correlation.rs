//! Correlation rules: alerts of other rules that follow each other, or go together.

use super::metadata::integer;
use crate::envelope::yaml_file::{Node, Reader};
use ir::{Correlation, CorrelationKind, Diagnostic, Spanned, codes};
use std::time::Duration;

/// A step of the correlation: the name that matches refer to, and the rule.
struct Step {
    id: String,
    rule: Spanned<String>,
}

pub(super) fn read(root: &Node<'_>, reader: &mut Reader) -> Option<Correlation> {
    let Some(items) = root.get("Detection").and_then(Node::items).filter(|items| !items.is_empty()) else {
        reader.missing(root, "Detection");
        return None;
    };
    if let [_, second, ..] = items {
        reader.refuse("a correlation has one sequence or group, and here are several", second.span);
    }
    let detection = items.first()?;
    let (kind, steps) = match (detection.get("Sequence"), detection.get("Group")) {
        (Some(steps), _) => (CorrelationKind::TemporalOrdered, steps),
        (None, Some(steps)) => (CorrelationKind::Temporal, steps),
        (None, None) => {
            reader.refuse("a correlation has a `Sequence` or a `Group`", detection.span);
            return None;
        }
    };
    let steps: Vec<Step> = steps.items().unwrap_or_default().iter().filter_map(|node| step(node, reader)).collect();
    let matches = matches(detection);
    let name = |value: &str| Spanned { value: value.to_owned(), span: detection.span };
    let aliases = matches.iter().filter_map(|(id, field)| {
        let step = steps.iter().find(|step| step.id == *id)?;
        Some((name(KEY), step.rule.clone(), field.clone()))
    });
    let aliases: Vec<_> = aliases.collect();
    let minutes = detection.get("LookbackWindowMinutes").and_then(integer).unwrap_or(DEFAULT_LOOK_BACK);
    within(detection, minutes, reader);
    Some(Correlation {
        kind,
        rules: steps.into_iter().map(|step| step.rule).collect(),
        group_by: if aliases.is_empty() { Vec::new() } else { vec![name(KEY)] },
        time_span: Duration::from_secs(minutes.max(1) * 60),
        thresholds: Vec::new(),
        fields: Vec::new(),
        aliases,
        generate: true,
    })
}

/// What the value that alerts have in common is called.
const KEY: &str = "match";

/// A day, in minutes.
const DEFAULT_LOOK_BACK: u64 = 24 * 60;

fn step(node: &Node<'_>, reader: &mut Reader) -> Option<Step> {
    let rule = reader.required(node, "RuleID")?;
    let span = node.get("RuleID").map_or(node.span, |node| node.span);
    let id = node.get("ID").and_then(Node::text).unwrap_or(&rule).to_owned();
    for (key, meaning) in [("Absence", "the absence of a rule's alerts"), ("MinMatchCount", "a least number of alerts")]
    {
        let Some(value) = node.get(key) else { continue };
        if key == "Absence" && value.text() == Some("false") || key == "MinMatchCount" && integer(value) == Some(1) {
            continue;
        }
        let message = format!("{meaning} in a correlation is not supported");
        let code = codes::UNSUPPORTED_BODY;
        // Without its absence the opposite would be found; without its number only more.
        reader.diagnostics.push(match key {
            "Absence" => Diagnostic::refusal(code, message).at(value.span),
            _ => Diagnostic::loss(code, message).at(value.span),
        });
    }
    Some(Step { id, rule: Spanned { value: rule, span } })
}

/// Which field each step is matched by: of the transitions of a sequence, or of a group.
fn matches(detection: &Node<'_>) -> Vec<(String, Spanned<String>)> {
    let mut found: Vec<(String, Spanned<String>)> = Vec::new();
    let mut add = |id: Option<&str>, field: Option<&Node<'_>>| {
        if let (Some(id), Some(field)) = (id, field)
            && let Some(text) = field.text()
            && !found.iter().any(|(known, _)| known == id)
        {
            found.push((id.to_owned(), Spanned { value: text.to_owned(), span: field.span }));
        }
    };
    for criteria in detection.get("MatchCriteria").map(Node::entries).unwrap_or_default() {
        for item in criteria.value.items().unwrap_or_default() {
            let id = item.get("GroupID").or_else(|| item.get("SequenceID")).and_then(Node::text);
            add(id, item.get("Match"));
        }
    }
    for transition in detection.get("Transitions").and_then(Node::items).unwrap_or_default() {
        let (from, to) = (transition.get("From").and_then(Node::text), transition.get("To").and_then(Node::text));
        for item in transition.get("Match").and_then(Node::items).unwrap_or_default() {
            let on = item.get("On");
            add(from, on.or_else(|| item.get("From")));
            add(to, on.or_else(|| item.get("To")));
        }
    }
    found
}

/// Steps that must follow each other faster than within the whole window.
fn within(detection: &Node<'_>, window: u64, reader: &mut Reader) {
    for transition in detection.get("Transitions").and_then(Node::items).unwrap_or_default() {
        let Some(node) = transition.get("WithinTimeFrameMinutes") else { continue };
        if integer(node).is_some_and(|minutes| minutes < window) {
            let message = "a time for one transition is not supported; that of the whole correlation is used";
            reader.diagnostics.push(Diagnostic::loss(codes::SCHEDULE, message).at(node.span));
        }
    }
}
