//! What the YAML file says of a rule, apart from what it looks for.

use super::Kind;
use crate::envelope::yaml_file::{Constant, Node, Reader, Schema};
use ir::{Diagnostic, LogSource, LogSourceKind, Rule, Schedule, Severity, Status, Technique, codes};
use std::time::Duration;

/// Panther gathers the matches of an hour in one alert where the rule does not say.
const DEFAULT_DEDUPLICATION: u64 = 60;

/// Keys of the format; others are noted.
const KEYS: &[&str] = &[
    "AlertContext",
    "AlertTitle",
    "AnalysisType",
    "AutoRemediationID",
    "AutoRemediationParameters",
    "BaseDetection",
    "CreateAlert",
    "CreatedBy",
    "DedupPeriodMinutes",
    "Description",
    "Detection",
    "DisplayName",
    "DynamicSeverities",
    "Enabled",
    "Filename",
    "GroupBy",
    "InlineFilters",
    "LogTypes",
    "OutputIds",
    "PolicyID",
    "Reference",
    "Reports",
    "ResourceTypes",
    "RuleID",
    "Runbook",
    "ScheduledQueries",
    "Severity",
    "Status",
    "SummaryAttributes",
    "Suppressions",
    "Tags",
    "Tests",
    "Threshold",
];

pub(super) fn read(root: &Node<'_>, kind: Kind, reader: &mut Reader, rule: &mut Rule) {
    reader.note_unknown_keys(root, KEYS);
    let id = if kind == Kind::Policy { "PolicyID" } else { "RuleID" };
    if let Some(id) = reader.required(root, id) {
        rule.title.clone_from(&id);
        rule.id = id;
    }
    if let Some(title) = reader.text(root, "DisplayName").filter(|title| !title.trim().is_empty()) {
        rule.title = title;
    }
    if let Some(description) = reader.text(root, "Description") {
        rule.description = description.trim().to_owned();
    }
    severity(root, reader, rule);
    status(root, reader, rule);
    if root.get("Tags").is_some() {
        rule.tags = reader.texts(root, "Tags");
    }
    if root.get("Reference").is_some() {
        rule.references = reader.texts(root, "Reference");
    }
    if let Some(reports) = root.get("Reports") {
        rule.techniques = techniques(reports, reader);
    }
    for key in ["LogTypes", "ResourceTypes"] {
        if root.get(key).is_some() {
            rule.log_sources = log_sources(root, key, reader);
        }
    }
    if let Some(shown) = root.get("CreateAlert").and_then(boolean) {
        rule.building_block = !shown;
    }
    schedule(root, reader, rule);
    scheduled_queries(root, kind, reader);
    switched_off(root, reader);
}

fn severity(root: &Node<'_>, reader: &mut Reader, rule: &mut Rule) {
    let Some(name) = reader.text(root, "Severity") else { return };
    match name.trim().to_lowercase().as_str() {
        "info" | "low" => rule.severity = Severity::Low,
        "medium" => rule.severity = Severity::Medium,
        "high" => rule.severity = Severity::High,
        "critical" => rule.severity = Severity::Critical,
        _ => {
            let span = root.get("Severity").map_or(root.span, |node| node.span);
            reader.refuse(format!("`{name}` is no severity; expected one of: Info, Low, Medium, High, Critical"), span);
        }
    }
}

fn status(root: &Node<'_>, reader: &mut Reader, rule: &mut Rule) {
    let Some(name) = reader.text(root, "Status") else { return };
    rule.status = match name.trim().to_lowercase().as_str() {
        "deprecated" => Status::Deprecated,
        "experimental" | "beta" | "development" => Status::Experimental,
        _ => Status::Production,
    };
}

/// `MITRE ATT&CK: [TA0011:T1071.004]`
fn techniques(reports: &Node<'_>, reader: &mut Reader) -> Vec<Technique> {
    let mut techniques: Vec<Technique> = Vec::new();
    let Some(entry) = reports.entries().iter().find(|entry| entry.key.text().is_some_and(|key| key.contains("MITRE")))
    else {
        return techniques;
    };
    for item in entry.value.items().unwrap_or_default() {
        let text = item.text().unwrap_or_default().trim();
        let (tactic, id) = match text.split_once(':') {
            Some((tactic, id)) => (Some(tactic.trim().to_owned()), id.trim()),
            None => (None, text),
        };
        let is_technique =
            id.strip_prefix('T').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        if !is_technique {
            let message = format!("`{text}` is no tactic and technique such as `TA0011:T1071.004`");
            reader.diagnostics.push(Diagnostic::note(codes::ENVELOPE, message).at(item.span));
            continue;
        }
        match techniques.iter_mut().find(|known| known.id == id) {
            Some(known) => known.tactics.extend(tactic.filter(|tactic| !known.tactics.contains(tactic))),
            None => {
                let tactics = tactic.into_iter().collect();
                techniques.push(Technique { id: id.to_owned(), name: String::new(), tactics });
            }
        }
    }
    techniques
}

fn log_sources(root: &Node<'_>, key: &str, reader: &mut Reader) -> Vec<LogSource> {
    let items = root.get(key).and_then(Node::items).unwrap_or_default();
    // The texts are looked up for what is wrong with them.
    reader.texts(root, key);
    let source = |item: &Node<'_>| {
        let name = item.text()?.to_owned();
        Some(LogSource { kind: LogSourceKind::LogType, name, span: item.span })
    };
    items.iter().filter_map(source).collect()
}

/// Events are looked at as they come; an alert gathers those of some time.
fn schedule(root: &Node<'_>, reader: &mut Reader, rule: &mut Rule) {
    let minutes = root.get("DedupPeriodMinutes").and_then(integer).unwrap_or(DEFAULT_DEDUPLICATION);
    let period = Duration::from_secs(minutes.max(1) * 60);
    rule.schedule = Schedule { interval: period, look_back: period };
    let Some(node) = root.get("Threshold") else { return };
    match integer(node) {
        Some(0 | 1) => {}
        Some(threshold) => {
            let message =
                format!("an alert takes {threshold} matches within {minutes} minutes; every match is reported");
            reader.diagnostics.push(Diagnostic::loss(codes::IGNORED_KEY, message).at(node.span));
        }
        None => reader.refuse(format!("`Threshold` is a number, and here is {}", node.kind()), node.span),
    }
}

fn scheduled_queries(root: &Node<'_>, kind: Kind, reader: &mut Reader) {
    if kind != Kind::ScheduledRule {
        return;
    }
    let span = root.get("ScheduledQueries").map_or(root.span, |node| node.span);
    let names = reader.texts(root, "ScheduledQueries").join("`, `");
    let message = format!("the rule sees what the scheduled query `{names}` returns, which is SQL");
    reader.diagnostics.push(Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message).at(span));
}

fn switched_off(root: &Node<'_>, reader: &mut Reader) {
    let Some(node) = root.get("Enabled") else { return };
    if boolean(node) == Some(false) {
        let message = "its authors have switched the rule off; it is read all the same";
        reader.diagnostics.push(Diagnostic::note(codes::IGNORED_KEY, message).at(node.span));
    }
}

fn boolean(node: &Node<'_>) -> Option<bool> {
    match node.scalar()?.constant(Schema::Core) {
        Constant::Boolean(value) => Some(value),
        _ => None,
    }
}

pub(super) fn integer(node: &Node<'_>) -> Option<u64> {
    match node.scalar()?.constant(Schema::Core) {
        Constant::Integer(value) => u64::try_from(value).ok(),
        _ => None,
    }
}
