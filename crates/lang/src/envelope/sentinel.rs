//! The YAML files of Microsoft Sentinel: analytic rules, and hunting queries, which have no schedule and no severity.
//!
//! The number of rows that an analytic rule must find stands beside its query; here it is a last stage of the query. Facts:
//! the contributors' guide of Azure/Azure-Sentinel and its schema of detection templates.

use super::yaml_file::{File, Node, Reader};
use super::{Context, Envelope, kql_file};
use crate::repository::Document;
use ir::{
    Aggregate, Assignment, Body, Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pipeline, Rule, Schedule,
    Severity, Span, Spanned, Stage, StageKind, Technique, Vendor, codes,
};
use schema::attack;
use std::time::Duration;

/// The keys of both kinds of files.
const KEYS: &[&str] = &[
    "alertDetailsOverride",
    "customDetails",
    "description",
    "description-detailed",
    "entityMappings",
    "eventGroupingSettings",
    "id",
    "incidentConfiguration",
    "kind",
    "metadata",
    "name",
    "query",
    "queryFrequency",
    "queryPeriod",
    "relevantTechniques",
    "requiredDataConnectors",
    "sentinelEntitiesMappings",
    "severity",
    "status",
    "subTechniques",
    "suppressionDuration",
    "suppressionEnabled",
    "tactics",
    "tags",
    "techniques",
    "triggerOperator",
    "triggerThreshold",
    "version",
];

const SEVERITIES: &[(&str, Severity)] =
    &[("informational", Severity::Low), ("low", Severity::Low), ("medium", Severity::Medium), ("high", Severity::High)];

const TRIGGERS: &[(&str, CompareOp)] = &[
    ("gt", CompareOp::Greater),
    ("greaterthan", CompareOp::Greater),
    ("lt", CompareOp::Less),
    ("lessthan", CompareOp::Less),
    ("eq", CompareOp::Equal),
    ("equal", CompareOp::Equal),
    ("ne", CompareOp::NotEqual),
    ("notequal", CompareOp::NotEqual),
];

/// Rules of kind `NRT` run every minute, over the minute before.
const NEAR_REAL_TIME: Schedule = Schedule { interval: Duration::from_secs(60), look_back: Duration::from_secs(60) };

/// Rules and hunting queries in YAML, one in a file.
pub struct Sentinel;

impl Envelope for Sentinel {
    fn vendor(&self) -> Vendor {
        Vendor::Kusto
    }

    fn recognises(&self, document: &Document) -> bool {
        let has = |key: &str| has_key(&document.text, key);
        matches!(document.extension().as_str(), "yml" | "yaml")
            && has("query")
            && (has("tactics") || has("relevantTechniques") || has("requiredDataConnectors") || has("queryFrequency"))
    }

    fn read(&self, document: &Document, _context: &Context) -> Vec<Rule> {
        let mut rule = Rule::unread(Vendor::Kusto, "kusto", document.stem());
        let file = File::read(&document.text);
        let mut reader = Reader { diagnostics: file.diagnostics };
        match file.documents.first() {
            Some(node) => self::rule(node, document, &mut rule, &mut reader),
            None if reader.diagnostics.is_empty() => {
                reader.diagnostics.push(Diagnostic::refusal(codes::NO_RULE, "the file is empty"));
            }
            None => {}
        }
        reader.diagnostics.append(&mut rule.diagnostics);
        rule.diagnostics = reader.diagnostics;
        vec![rule]
    }
}

/// Whether a key stands at the start of a line.
fn has_key(text: &str, key: &str) -> bool {
    text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
}

fn rule(node: &Node<'_>, document: &Document, rule: &mut Rule, reader: &mut Reader) {
    if !node.is_mapping() {
        return reader.refuse(format!("a rule is a mapping, and here is {}", node.kind()), node.span);
    }
    if let Some(id) = reader.text(node, "id") {
        rule.id = id;
    }
    if let Some(title) = reader.required(node, "name") {
        rule.title = title;
    }
    rule.description = description(&reader.text(node, "description").unwrap_or_default());
    rule.tags = connectors(node);
    rule.techniques = techniques(node, reader);
    rule.severity = named(node, "severity", SEVERITIES, reader).unwrap_or(Severity::Low);
    rule.schedule = schedule(node, reader);
    reader.note_unknown_keys(node, KEYS);
    if reader.required(node, "query").is_none() {
        return;
    }
    let Some(query) = node.get("query") else { return };
    kql_file::query(query.text().unwrap_or_default(), &query.origin(&document.text), rule);
    if let (Some((op, threshold, span)), Some(Body::Pipeline(pipeline))) = (trigger(node, reader), &mut rule.body) {
        at_least(op, threshold, span, pipeline);
    }
}

/// Descriptions are quoted inside of their YAML as well.
fn description(text: &str) -> String {
    text.trim().trim_matches('\'').trim().to_owned()
}

/// The data connectors that bring the rule its events, as tags.
fn connectors(node: &Node<'_>) -> Vec<String> {
    let items = node.get("requiredDataConnectors").and_then(Node::items).unwrap_or_default();
    let id = |item: &Node<'_>| Some(format!("connector: {}", item.get("connectorId")?.text()?));
    items.iter().filter_map(id).collect()
}

fn techniques(node: &Node<'_>, reader: &mut Reader) -> Vec<Technique> {
    let names = reader.texts(node, "tactics");
    let tactics: Vec<_> = names.iter().filter_map(|name| attack::tactic(&short_name(name))).collect();
    let mut ids: Vec<String> = Vec::new();
    for key in ["relevantTechniques", "techniques", "subTechniques"] {
        ids.extend(reader.texts(node, key).iter().map(|id| id.trim().to_ascii_uppercase()));
    }
    // A technique stands for its part where the part is named as well.
    let parts: Vec<_> = ids.iter().filter_map(|id| id.split_once('.')).map(|(whole, _)| whole.to_owned()).collect();
    ids.retain(|id| !parts.contains(id));
    let mut techniques: Vec<Technique> = Vec::new();
    for id in ids {
        if id.is_empty() || techniques.iter().any(|known| known.id == id) {
            continue;
        }
        let filed = attack::technique(&id).map_or(&[][..], |technique| technique.current().tactics);
        let own = tactics.iter().filter(|tactic| filed.contains(&tactic.shortname));
        let mut of: Vec<String> = own.map(|tactic| tactic.id.to_owned()).collect();
        if of.is_empty() {
            of = tactics.iter().map(|tactic| tactic.id.to_owned()).collect();
        }
        of.dedup();
        techniques.push(Technique { id, name: String::new(), tactics: of });
    }
    techniques
}

/// `CommandAndControl` or `Command and Control` as `command-and-control`.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    for character in name.trim().chars() {
        if matches!(character, ' ' | '-' | '_') {
            short.push('-');
        } else {
            if character.is_ascii_uppercase() && !short.is_empty() && !short.ends_with('-') {
                short.push('-');
            }
            short.push(character.to_ascii_lowercase());
        }
    }
    short
}

/// What a word under a key stands for; case does not count.
fn named<T: Copy>(node: &Node<'_>, key: &str, names: &[(&str, T)], reader: &mut Reader) -> Option<T> {
    let text = reader.text(node, key)?;
    let found = names.iter().find(|(name, _)| text.trim().eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    if let (None, Some(value)) = (found, node.get(key)) {
        let shown: String = text.chars().take(60).collect();
        let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        let loss = Diagnostic::loss(codes::ENVELOPE, format!("`{shown}` is no {key}")).at(value.span);
        reader.diagnostics.push(loss.hint(format!("expected is one of {}", names.join(", "))));
    }
    found
}

fn schedule(node: &Node<'_>, reader: &mut Reader) -> Schedule {
    let kind = reader.text(node, "kind").unwrap_or_default();
    let mut schedule = if kind.eq_ignore_ascii_case("nrt") { NEAR_REAL_TIME } else { kql_file::A_DAY };
    for (key, place) in [("queryFrequency", &mut schedule.interval), ("queryPeriod", &mut schedule.look_back)] {
        let (Some(text), Some(value)) = (reader.text(node, key), node.get(key)) else { continue };
        match duration(&text) {
            Some(found) => *place = found,
            None => {
                let shown: String = text.chars().take(60).collect();
                let message = format!("`{shown}` is no span of time such as `5m`, `1h` or `PT1H`");
                reader.diagnostics.push(Diagnostic::loss(codes::SCHEDULE, message).at(value.span));
            }
        }
    }
    schedule
}

/// `14d`, `1h`, `P1D`, `PT5M`
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let (text, in_time) = match text.strip_prefix('p') {
        Some(rest) => (rest.strip_prefix('t').unwrap_or(rest).to_owned(), rest.starts_with('t')),
        None => (text, true),
    };
    let digits = text.find(|found: char| !found.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "d" | "day" | "days" => 24 * 60 * 60,
        "h" | "hour" | "hours" => 60 * 60,
        "m" | "min" | "minutes" if in_time => 60,
        "s" | "sec" | "seconds" => 1,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// How many rows must be found; `None` where it is more than none, which every finding is.
fn trigger(node: &Node<'_>, reader: &mut Reader) -> Option<(CompareOp, i64, Span)> {
    let op = named(node, "triggerOperator", TRIGGERS, reader)?;
    let text = reader.text(node, "triggerThreshold")?;
    let span = node.get("triggerThreshold")?.span;
    match text.trim().parse() {
        Ok(0) if op == CompareOp::Greater => None,
        Ok(threshold) => Some((op, threshold, span)),
        Err(_) => {
            let shown: String = text.chars().take(60).collect();
            reader.refuse(format!("`triggerThreshold` is a number, and here is `{shown}`"), span);
            None
        }
    }
}

/// Counts the rows and compares their number. Rows that are too few or too many are kept where there must be some;
/// where there may be none, their number is what is left.
fn at_least(op: CompareOp, threshold: i64, span: Span, pipeline: &mut Pipeline) {
    const NAME: &str = "result_count";
    let spanned = |value: &str| Spanned { value: value.to_owned(), span };
    let star = Expr::new(ExprKind::Star, span);
    let call = ExprKind::Call { function: spanned("count"), args: vec![star], filter: None };
    let count = Assignment { name: spanned(NAME), expr: Expr::new(call, span) };
    let inline = op == CompareOp::Greater;
    let number = i32::try_from(threshold).map_or(Literal::Long(threshold), Literal::Integer);
    let compare = ExprKind::Compare {
        op,
        left: Box::new(Expr::new(ExprKind::Field(NAME.to_owned()), span)),
        right: Box::new(Expr::new(ExprKind::Literal(number), span)),
        case: Case::Sensitive,
    };
    let kinds = [
        StageKind::Aggregate(Aggregate { aggregates: vec![count], by: Vec::new(), inline }),
        StageKind::Filter(Expr::new(compare, span)),
    ];
    pipeline.stages.extend(kinds.map(|kind| Stage { kind, span }));
}
