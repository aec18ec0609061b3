//! What a rule says of itself: title, status, level, tags, log source.

use super::super::yaml_file::{Node, Reader};
use crate::repository::Document;
use crate::similar::similar;
use ir::{Diagnostic, LogSource, LogSourceKind, Rule, Severity, Status, Technique, Vendor, codes};
use schema::attack;

/// The keys of the specification, and those that SigmaHQ adds for its own tests.
const KEYS: &[&str] = &[
    "action",
    "author",
    "correlation",
    "date",
    "description",
    "detection",
    "falsepositives",
    "fields",
    "filter",
    "generate",
    "id",
    "level",
    "license",
    "logsource",
    "modified",
    "name",
    "references",
    "regression_tests_path",
    "related",
    "scope",
    "simulation",
    "status",
    "tags",
    "taxonomy",
    "title",
];

const LEVELS: &[(&str, Severity)] = &[
    ("informational", Severity::Low),
    ("low", Severity::Low),
    ("medium", Severity::Medium),
    ("high", Severity::High),
    ("critical", Severity::Critical),
];

const STATUSES: &[(&str, Status)] = &[
    ("stable", Status::Production),
    ("test", Status::Production),
    // Until specification 1.0.4.
    ("testing", Status::Production),
    ("experimental", Status::Experimental),
    ("deprecated", Status::Deprecated),
    ("unsupported", Status::Unsupported),
];

/// Everything but the body. `before` counts the rules that stand before this one in the file.
pub(super) fn read(node: &Node<'_>, document: &Document, before: usize, reader: &mut Reader) -> Rule {
    let name = if before == 0 { document.stem() } else { format!("{}#{}", document.stem(), before + 1) };
    let mut rule = Rule::unread(Vendor::Sigma, "sigma", name);
    if !node.is_mapping() {
        reader.refuse(format!("a rule is a mapping, and here is {}", node.kind()), node.span);
        return rule;
    }
    if let Some(title) = reader.required(node, "title") {
        rule.title = title;
    }
    if let Some(id) = reader.text(node, "id").or_else(|| reader.text(node, "name")) {
        rule.id = id;
    }
    rule.description = reader.text(node, "description").unwrap_or_default().trim().to_owned();
    rule.references = reader.texts(node, "references");
    rule.false_positives = reader.texts(node, "falsepositives");
    rule.tags = reader.texts(node, "tags");
    rule.techniques = techniques(&rule.tags);
    rule.severity = named(node, "level", LEVELS, reader).unwrap_or(Severity::Low);
    rule.status = status(node, document, reader);
    if let Some(taxonomy) = node.get("taxonomy").filter(|value| value.text() != Some("sigma")) {
        let message = "only the fields of the taxonomy `sigma` are mapped";
        reader.diagnostics.push(Diagnostic::note(codes::IGNORED_KEY, message).at(taxonomy.span));
    }
    reader.note_unknown_keys(node, KEYS);
    rule
}

/// What a word under a key stands for.
fn named<T: Copy>(node: &Node<'_>, key: &str, names: &[(&str, T)], reader: &mut Reader) -> Option<T> {
    let text = reader.text(node, key)?;
    let found = names.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    if found.is_none() {
        let shown: String = text.chars().take(60).collect();
        let mut loss = Diagnostic::loss(codes::ENVELOPE, format!("`{shown}` is no {key}"));
        if let Some(value) = node.get(key) {
            loss = loss.at(value.span);
        }
        let names = names.iter().map(|(name, _)| *name);
        reader.diagnostics.push(match similar(&shown, names.clone()) {
            Some(meant) => loss.hint(format!("`{meant}` is similar")),
            None => loss.hint(format!("expected is one of {}", names.collect::<Vec<_>>().join(", "))),
        });
    }
    found
}

/// The worse of what the rule says and what the folder says that it lies in.
fn status(node: &Node<'_>, document: &Document, reader: &mut Reader) -> Status {
    let own = named(node, "status", STATUSES, reader).unwrap_or(Status::Production);
    let in_folder = |name: &str| document.path.iter().any(|part| part == name);
    match own {
        Status::Deprecated | Status::Unsupported => own,
        _ if in_folder("deprecated") => Status::Deprecated,
        _ if in_folder("unsupported") => Status::Unsupported,
        _ => own,
    }
}

/// From tags such as `attack.t1071.004` and `attack.command-and-control`. Tags do not say which tactic belongs to which
/// technique: each gets those of the rule that ATT&CK files it under, and all of them where it files it under none.
fn techniques(tags: &[String]) -> Vec<Technique> {
    let named = || tags.iter().filter_map(|tag| tag.trim().strip_prefix("attack."));
    let tactics: Vec<_> = named().filter_map(attack::tactic).collect();
    let mut techniques: Vec<Technique> = Vec::new();
    for id in named().filter(|name| is_technique(name)).map(str::to_ascii_uppercase) {
        if techniques.iter().any(|known| known.id == id) {
            continue;
        }
        let filed = attack::technique(&id).map_or(&[][..], |technique| technique.current().tactics);
        let all = || tactics.iter().map(|tactic| tactic.id.to_owned());
        let own = tactics.iter().filter(|tactic| filed.contains(&tactic.shortname));
        let mut ids: Vec<String> = own.map(|tactic| tactic.id.to_owned()).collect();
        if ids.is_empty() {
            ids.extend(all());
        }
        ids.dedup();
        techniques.push(Technique { id, name: String::new(), tactics: ids });
    }
    techniques
}

/// `t1071` or `t1071.004`
fn is_technique(name: &str) -> bool {
    let Some(number) = name.strip_prefix(['t', 'T']) else { return false };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    match number.split_once('.') {
        Some((technique, part)) => digits(technique, 4) && digits(part, 3),
        None => digits(number, 4),
    }
}

pub(super) fn log_source(node: &Node<'_>, rule: &mut Rule, reader: &mut Reader) {
    let Some(entry) = node.entry("logsource") else { return reader.missing(node, "logsource") };
    if !entry.value.is_mapping() {
        return reader
            .refuse(format!("`logsource` is a mapping, and here is {}", entry.value.kind()), entry.value.span);
    }
    let parts = parts(&entry.value, reader);
    if parts.iter().all(Option::is_none) {
        reader.refuse("the log source has no `category`, `product` or `service`", entry.key.span);
    }
    let name = parts.map(|part| part.unwrap_or_else(|| "-".to_owned())).join("/");
    rule.log_sources.push(LogSource { kind: LogSourceKind::Sigma, name, span: entry.value.span });
}

/// Category, product and service.
pub(super) fn parts(node: &Node<'_>, reader: &mut Reader) -> [Option<String>; 3] {
    ["category", "product", "service"].map(|key| {
        let text = reader.text(node, key)?;
        Some(text.trim().to_lowercase()).filter(|text| !text.is_empty())
    })
}
