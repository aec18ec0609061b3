//! The YAML files of Splunk's security content: detections, and the macros they call.
//!
//! Three layouts of one repository are in use. Until 2024 risk and techniques stand under `tags`; then the risk moved to
//! `rba`; from 2026 on `finding` and `intermediate_findings` hold it, and what was under `tags` stands at the top. Whatever
//! lies beside the detections (macros, lookups, data sources, baselines, stories) is recognised and no rule. Facts:
//! splunk/security_content and the models of splunk/contentctl, which has the scale from risk to severity too.

use super::yaml_file::{File, Node, Reader};
use super::{Context, Envelope};
use crate::repository::Document;
use crate::spl;
use ir::{Body, Diagnostic, Rule, Schedule, Severity, Span, Status, Technique, Vendor, codes};
use std::borrow::Cow;
use std::time::Duration;

/// Content is deployed with an hour between runs, each over the last 70 minutes.
const DEFAULT_SCHEDULE: Schedule =
    Schedule { interval: Duration::from_secs(60 * 60), look_back: Duration::from_secs(70 * 60) };

/// Folders of what is no detection.
const OTHER_FOLDERS: &[&str] = &[
    "baselines",
    "dashboards",
    "data_sources",
    "deployments",
    "investigations",
    "lookups",
    "macros",
    "playbooks",
    "stories",
];

/// Kinds of analytics that find something, with the severity of one that states no risk. `Baseline`, `Investigation` and
/// `Response` are none of them.
const TYPES: &[(&str, Severity)] = &[
    ("ttp", Severity::High),
    ("anomaly", Severity::Medium),
    ("correlation", Severity::High),
    ("hunting", Severity::Low),
];

/// Keys of a detection, in all three layouts.
const KEYS: &[&str] = &[
    "name",
    "id",
    "version",
    "date",
    "creation_date",
    "modification_date",
    "author",
    "status",
    "type",
    "description",
    "data_source",
    "data_sources",
    "datamodel",
    "search",
    "how_to_implement",
    "known_false_positives",
    "references",
    "drilldown_searches",
    "rba",
    "finding",
    "intermediate_findings",
    "tags",
    "tests",
    "test",
    "throttling",
    "deployment",
    "baselines",
    "enabled_by_default",
    "mitre_attack_id",
    "analytic_story",
    "asset_type",
    "product",
    "category",
    "security_domain",
    "cve",
    "risk_score",
    "confidence",
    "impact",
    "message",
    "manual_test",
    "atomic_guid",
    "required_fields",
    "observable",
    "deprecation_info",
    "supported_tas",
    "group",
];

/// Splunk's detections, one in a file.
pub struct Splunk;

impl Envelope for Splunk {
    fn vendor(&self) -> Vendor {
        Vendor::Splunk
    }

    fn recognises(&self, document: &Document) -> bool {
        if !matches!(document.extension().as_str(), "yml" | "yaml") {
            return false;
        }
        let has = |key: &str| has_key(&document.text, key);
        if has("detection") || has("query") || has("AnalysisType") {
            return false;
        }
        has("name") && (has("search") || has("definition") || in_other_folder(document))
    }

    fn gather(&self, document: &Document, context: &mut Context) {
        if !has_key(&document.text, "definition") || has_key(&document.text, "search") {
            return;
        }
        let text = joined(&document.text);
        let file = File::read(&text);
        let Some(node) = file.documents.first() else { return };
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (Some(name), Some(definition)) = (text("name"), text("definition")) else { return };
        let arguments = Reader::default().texts(node, "arguments");
        context.macros.define(name, arguments, definition);
    }

    fn read(&self, document: &Document, context: &Context) -> Vec<Rule> {
        if !has_key(&document.text, "search") || in_other_folder(document) {
            return Vec::new();
        }
        read(document, &context.macros).into_iter().collect()
    }
}

/// The text with the lines of a quoted value joined that goes on at the start of a line.
///
/// YAML asks for a blank there, and the readers that Splunk uses do not. A line break in quotes means a blank anyway, so one
/// takes its place, and every other byte stays where it was.
fn joined(text: &str) -> Cow<'_, str> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    let mut quote: Option<u8> = None;
    let mut line_start = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if byte != b'\n' {
            continue;
        }
        quote = open_quote(text.get(line_start..at).unwrap_or(""), quote);
        line_start = at + 1;
        let next = text.as_bytes().get(line_start);
        if quote.is_some()
            && next.is_some_and(|next| !next.is_ascii_whitespace())
            && let Some(place) = bytes.to_mut().get_mut(at)
        {
            *place = b' ';
        }
    }
    match bytes {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        // One ASCII byte for another leaves the text as valid as it was.
        Cow::Owned(bytes) => String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// The quote that is open after a line: of a value that begins behind a key at the line's start, or that went on here.
fn open_quote(line: &str, open: Option<u8>) -> Option<u8> {
    let (quote, rest) = match open {
        Some(quote) => (quote, line),
        None => {
            let (key, value) = line.split_once(": ")?;
            let value = value.trim_start();
            let quote = *value.as_bytes().first().filter(|first| matches!(first, b'\'' | b'"'))?;
            let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            is_key.then_some((quote, value.get(1..).unwrap_or("")))?
        }
    };
    let mut bytes = rest.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => {
                bytes.next();
            }
            // A quote that is doubled is one inside of the value.
            b'\'' if quote == b'\'' && bytes.peek() == Some(&b'\'') => {
                bytes.next();
            }
            byte if byte == quote => return None,
            _ => {}
        }
    }
    Some(quote)
}

/// Whether a line begins with the key.
fn has_key(text: &str, key: &str) -> bool {
    text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')))
}

fn in_other_folder(document: &Document) -> bool {
    let folders = document.path.parent().into_iter().flat_map(|folder| folder.components());
    folders.into_iter().any(|folder| {
        let name = folder.as_os_str().to_string_lossy();
        OTHER_FOLDERS.contains(&name.as_ref())
    })
}

/// Reads a detection; `None` where the file holds an analytic of a kind that finds nothing.
pub fn read(document: &Document, macros: &spl::Macros) -> Option<Rule> {
    let text = joined(&document.text);
    let file = File::read(&text);
    let mut rule = Rule::unread(Vendor::Splunk, "spl", document.stem());
    rule.schedule = DEFAULT_SCHEDULE;
    let mut reader = Reader { diagnostics: file.diagnostics };
    match file.documents.as_slice() {
        [] => reader.refuse("the file is empty", Span::new(0, document.text.len())),
        [node, rest @ ..] => {
            if let Some(second) = rest.first() {
                note(&mut reader, "only the first document of the file is read", second.span);
            }
            if node.get("type").and_then(Node::text).is_some_and(is_no_detection) {
                return None;
            }
            detection(&mut reader, node, document, &text, macros, &mut rule);
        }
    }
    // A query that could not be parsed leaves no body; one that could keeps it, for what it looks for.
    rule.diagnostics = reader.diagnostics;
    Some(rule)
}

/// Says what is odd and changes nothing.
fn note(reader: &mut Reader, message: impl Into<String>, span: Span) {
    reader.diagnostics.push(Diagnostic::note(codes::ENVELOPE, message).at(span));
}

fn is_no_detection(kind: &str) -> bool {
    ["baseline", "investigation", "response"].iter().any(|other| kind.trim().eq_ignore_ascii_case(other))
}

fn detection(
    reader: &mut Reader,
    node: &Node<'_>,
    document: &Document,
    text: &str,
    macros: &spl::Macros,
    rule: &mut Rule,
) {
    if let Some(title) = reader.required(node, "name") {
        rule.title = title;
    }
    if let Some(id) = reader.required(node, "id") {
        rule.id = id;
    }
    rule.description = reader.text(node, "description").unwrap_or_default().trim().to_owned();
    rule.references = reader.texts(node, "references");
    rule.false_positives = reader.text(node, "known_false_positives").into_iter().collect();
    rule.status = status(reader, node, document);
    rule.techniques = of_either(reader, node, "mitre_attack_id")
        .into_iter()
        .map(|id| Technique { id, name: String::new(), tactics: Vec::new() })
        .collect();
    for key in ["analytic_story", "asset_type", "security_domain", "product", "cve"] {
        let values = of_either(reader, node, key);
        rule.tags.extend(values.into_iter().map(|value| format!("{key}: {value}")));
    }
    let data_sources = reader.texts(node, "data_source");
    rule.tags.extend(data_sources.into_iter().map(|value| format!("data_source: {value}")));
    grade(reader, node, rule);
    reader.note_unknown_keys(node, KEYS);
    body(reader, node, text, macros, rule);
}

/// The texts under a key that stands at the top or under `tags`.
fn of_either(reader: &mut Reader, node: &Node<'_>, key: &str) -> Vec<String> {
    let mut texts = reader.texts(node, key);
    if let Some(tags) = node.get("tags").filter(|tags| tags.is_mapping()) {
        texts.extend(reader.texts(tags, key));
    }
    texts
}

fn status(reader: &mut Reader, node: &Node<'_>, document: &Document) -> Status {
    let gone = |folder: &std::path::Path| folder.ends_with("deprecated") || folder.ends_with("removed");
    if document.path.ancestors().skip(1).any(gone) {
        return Status::Deprecated;
    }
    match reader.text(node, "status").as_deref().map(str::trim) {
        None | Some("production" | "") => Status::Production,
        Some("experimental" | "validation") => Status::Experimental,
        Some("deprecated" | "removed") => Status::Deprecated,
        Some(other) => {
            let message = format!("`{other}` is no status; expected one of: production, experimental, deprecated");
            note(reader, message, node.get("status").map_or(node.span, |value| value.span));
            Status::Experimental
        }
    }
}

/// The risk score, and the severity that follows from it.
fn grade(reader: &mut Reader, node: &Node<'_>, rule: &mut Rule) {
    let kind = reader.text(node, "type").unwrap_or_default().trim().to_ascii_lowercase();
    let known = TYPES.iter().find(|(name, _)| *name == kind);
    if known.is_none() {
        let message = format!("`{kind}` is no type; expected one of: TTP, Anomaly, Hunting, Correlation");
        note(reader, message, node.get("type").map_or(node.span, |value| value.span));
    }
    let score = risk_score(node);
    rule.risk_score = score;
    rule.severity = match score {
        Some(score) => of_risk(score),
        None => known.map_or(Severity::Low, |(_, severity)| *severity),
    };
}

/// contentctl has five steps of 20; Gannet has no name for the lowest.
fn of_risk(score: u8) -> Severity {
    match score {
        0..=40 => Severity::Low,
        41..=60 => Severity::Medium,
        61..=80 => Severity::High,
        _ => Severity::Critical,
    }
}

/// The highest score that the rule gives to anything.
fn risk_score(node: &Node<'_>) -> Option<u8> {
    let under = |parent: &str, key: &str| node.get(parent).and_then(|parent| parent.get(key));
    let lists =
        [under("rba", "risk_objects"), under("intermediate_findings", "entities"), under("finding", "entities")];
    let listed = lists.into_iter().flatten().filter_map(Node::items).flatten().filter_map(|entity| entity.get("score"));
    let single = [under("finding", "entity").and_then(|entity| entity.get("score")), under("tags", "risk_score")];
    let scores = listed.chain(single.into_iter().flatten()).filter_map(Node::text);
    let stated = scores.filter_map(score).max();
    // Before 2022 a rule had the two factors only.
    let factor = |key: &str| under("tags", key).and_then(Node::text).and_then(score).map(u32::from);
    let product = || Some((factor("confidence")? * factor("impact")? / 100) as u8);
    stated.or_else(product)
}

/// A number from 0 to 100; some files have fractions.
fn score(text: &str) -> Option<u8> {
    let number: f64 = text.trim().parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number as u8)
}

fn body(reader: &mut Reader, node: &Node<'_>, text: &str, macros: &spl::Macros, rule: &mut Rule) {
    let Some(query) = reader.required(node, "search") else { return };
    let Some(place) = node.get("search") else { return };
    match spl::compile_in(&query, &place.origin(text), macros) {
        Ok(meaning) => {
            rule.log_sources = meaning.log_sources;
            rule.body = Some(Body::Pipeline(meaning.pipeline));
            reader.diagnostics.extend(meaning.diagnostics);
        }
        Err(errors) => reader.diagnostics.extend(errors),
    }
}
