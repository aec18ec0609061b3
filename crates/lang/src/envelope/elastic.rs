//! The TOML files of Elastic's detection rules: `[metadata]`, `[rule]`, `[[rule.threat]]`.
//!
//! A file always gives a rule, refused where it cannot be read or run, so that it is counted and still appears in the
//! catalog. Facts: the rule schemas of elastic/detection-rules and the detections API of Kibana, which also has the
//! defaults of the schedule.

use super::toml_file::{Table, Value, origin};
use super::{Context, Envelope, date_math};
use crate::esql;
use crate::repository::{Document, MAX_LENGTH};
use crate::similar::similar;
use ir::{Body, Diagnostic, Rule, Schedule, Span, State, Technique, Vendor, codes};
use std::path::Path;
use std::time::Duration;
use toml::de::DeTable;

/// Kibana's defaults: every 5 minutes, over the last 6.
const DEFAULT_SCHEDULE: Schedule =
    Schedule { interval: Duration::from_secs(5 * 60), look_back: Duration::from_secs(6 * 60) };

/// Keys that change what a rule reports in Kibana and change nothing here.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("alert_suppression", "findings are grouped by rule and group already"),
    ("filters", "write the condition into the query"),
    ("max_signals", "every finding is reported"),
    ("severity_mapping", "all findings have the rule's own severity"),
    ("timestamp_override", "windows are cut by `@timestamp`"),
    ("to", "every window ends when the rule runs"),
];

/// Rules in TOML, one in a file.
pub struct Elastic;

impl Envelope for Elastic {
    fn vendor(&self) -> Vendor {
        Vendor::Elastic
    }

    fn recognises(&self, document: &Document) -> bool {
        document.extension() == "toml"
    }

    fn read(&self, document: &Document, _context: &Context) -> Vec<Rule> {
        vec![read(&document.path, &document.text)]
    }
}

/// Reads a rule file. `path` only names the rule where the file does not.
pub fn read(path: &Path, text: &str) -> Rule {
    let mut reader = Reader { file: text, diagnostics: Vec::new() };
    let mut rule = blank(path);
    if text.len() > MAX_LENGTH {
        let message = format!("the file has {} bytes; at most {MAX_LENGTH} are read", text.len());
        reader.diagnostics.push(Diagnostic::refusal(codes::TOO_LARGE, message));
    } else {
        match DeTable::parse(text) {
            Ok(document) => reader.document(Table::new(document.as_ref(), Span::new(0, text.len())), &mut rule),
            Err(error) => {
                let message = format!("the file is not TOML: {}", error.message().replace('\n', ", "));
                let span = error.span().map_or_else(Span::default, |range| Span::new(range.start, range.end));
                reader.diagnostics.push(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
            }
        }
    }
    if State::of(&reader.diagnostics) == State::Refused {
        rule.body = None;
    }
    rule.diagnostics = reader.diagnostics;
    rule
}

/// What is known of a rule before its file is read.
fn blank(path: &Path) -> Rule {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Rule { schedule: DEFAULT_SCHEDULE, ..Rule::unread(Vendor::Elastic, "esql", name) }
}

struct Reader<'a> {
    file: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn document(&mut self, document: Table<'_>, rule: &mut Rule) {
        let Some(table) = document.get("rule").and_then(Value::as_table) else {
            self.diagnostics.push(
                Diagnostic::refusal(codes::NO_RULE, "the file has no table `[rule]`")
                    .hint("a rule file of Elastic has the tables `[metadata]` and `[rule]`"),
            );
            return;
        };
        if let Some(id) = self.required(table, "rule_id") {
            rule.id = id;
        }
        if let Some(title) = self.required(table, "name") {
            rule.title = title;
        }
        rule.description = self.string(table, "description").unwrap_or_default().trim().to_owned();
        rule.tags = self.strings(table, "tags");
        rule.references = self.strings(table, "references");
        rule.false_positives = self.strings(table, "false_positives");
        rule.techniques = self.techniques(table);
        self.grade(table, rule);
        rule.schedule = self.schedule(table);
        self.note_keys_without_effect(table);
        rule.body = self.body(table);
    }

    fn envelope(&mut self, message: impl Into<String>, span: Span) {
        self.diagnostics.push(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
    }

    /// The string under a key that may be absent.
    fn string(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.envelope(format!("`{key}` is a string, and here is {}", article(value.kind())), value.span);
        }
        text.map(str::to_owned)
    }

    fn required(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        if let Some(value) = table.get(key) {
            let text = self.string(table, key)?;
            if text.trim().is_empty() {
                self.envelope(format!("`{key}` is empty"), value.span);
                return None;
            }
            return Some(text);
        }
        // The table has no place of its own to point at, so a misspelt key is the best one.
        let error = Diagnostic::refusal(codes::ENVELOPE, format!("the rule has no `{key}`"));
        let keys: Vec<_> = table.keys().collect();
        self.diagnostics.push(match similar(key, keys.iter().map(|found| found.value)) {
            Some(meant) => {
                let span = keys.iter().find(|found| found.value == meant).map_or(table.span, |found| found.span);
                error.at(span).hint(format!("`{meant}` is similar"))
            }
            None => error.at(table.span),
        });
        None
    }

    /// The list of strings under a key that may be absent.
    fn strings(&mut self, table: Table<'_>, key: &str) -> Vec<String> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let Some(items) = value.items() else {
            self.envelope(format!("`{key}` is a list of strings, and here is {}", article(value.kind())), value.span);
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in items {
            match item.as_str() {
                Some(text) => strings.push(text.to_owned()),
                None => {
                    self.envelope(format!("`{key}` holds strings, and here is {}", article(item.kind())), item.span)
                }
            }
        }
        strings
    }

    fn grade(&mut self, table: Table<'_>, rule: &mut Rule) {
        if let (Some(name), Some(value)) = (self.required(table, "severity"), table.get("severity")) {
            match name.parse() {
                Ok(severity) => rule.severity = severity,
                Err(message) => self.envelope(message, value.span),
            }
        }
        let Some(value) = table.get("risk_score") else { return };
        match value.as_integer().and_then(|score| u8::try_from(score).ok()).filter(|&score| score <= 100) {
            Some(score) => rule.risk_score = Some(score),
            None => self.envelope("`risk_score` is an integer from 0 to 100", value.span),
        }
    }

    fn schedule(&mut self, table: Table<'_>) -> Schedule {
        let mut schedule = DEFAULT_SCHEDULE;
        if let (Some(text), Some(value)) = (self.string(table, "interval"), table.get("interval")) {
            match date_math::interval(&text) {
                Some(interval) => schedule.interval = interval,
                None => self.envelope(format!("`{text}` is no interval such as `5m` or `1h`"), value.span),
            }
        }
        if let (Some(text), Some(value)) = (self.string(table, "from"), table.get("from")) {
            match date_math::look_back(&text) {
                Some(found) => {
                    schedule.look_back = found.length;
                    if found.widened {
                        let message = format!("the look-back `{text}` varies; the longest it can be is always used");
                        self.diagnostics.push(Diagnostic::loss(codes::SCHEDULE, message).at(value.span));
                    }
                }
                None => self.envelope(format!("`{text}` is no look-back such as `now-9m`"), value.span),
            }
        }
        schedule
    }

    /// The most specific techniques of each `[[rule.threat]]`: a technique with sub-techniques stands for them.
    fn techniques(&mut self, table: Table<'_>) -> Vec<Technique> {
        let mut techniques: Vec<Technique> = Vec::new();
        for threat in self.tables(table, "threat") {
            let tactic = threat.get("tactic").and_then(Value::as_table);
            let tactic = tactic.and_then(|tactic| self.string(tactic, "id"));
            for technique in self.tables(threat, "technique") {
                let below = self.tables(technique, "subtechnique");
                for named in if below.is_empty() { vec![technique] } else { below } {
                    let id = self.required(named, "id").unwrap_or_default();
                    let name = self.string(named, "name").unwrap_or_default();
                    match techniques.iter_mut().find(|known| known.id == id) {
                        Some(known) => known.tactics.extend(tactic.clone()),
                        None => techniques.push(Technique { id, name, tactics: tactic.iter().cloned().collect() }),
                    }
                }
            }
        }
        techniques
    }

    fn tables<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<Table<'t>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let tables: Option<Vec<_>> = value.items().and_then(|items| items.map(Value::as_table).collect());
        if tables.is_none() {
            self.envelope(format!("`{key}` is a list of tables, and here is {}", article(value.kind())), value.span);
        }
        tables.unwrap_or_default()
    }

    fn note_keys_without_effect(&mut self, table: Table<'_>) {
        let mut keys: Vec<_> = table.keys().collect();
        keys.sort_by_key(|key| key.span);
        for key in keys {
            if let Some((name, hint)) = WITHOUT_EFFECT.iter().find(|(name, _)| *name == key.value) {
                let message = format!("`{name}` has no effect");
                self.diagnostics.push(Diagnostic::note(codes::IGNORED_KEY, message).at(key.span).hint(*hint));
            }
        }
    }

    fn body(&mut self, table: Table<'_>) -> Option<Body> {
        let kind = self.required(table, "type")?;
        let language = self.string(table, "language").unwrap_or_else(|| kind.clone());
        if kind != "esql" || language != "esql" {
            let place = table.get("language").or_else(|| table.get("type")).map_or(table.span, |value| value.span);
            let message = if kind == language {
                format!("rules of type `{kind}` are not supported")
            } else {
                format!("rules of type `{kind}` in the language `{language}` are not supported")
            };
            self.diagnostics
                .push(Diagnostic::refusal(codes::UNSUPPORTED_LANGUAGE, message).at(place).hint("supported is `esql`"));
            return None;
        }
        let query = self.required(table, "query")?;
        let place = table.get("query").map_or(table.span, |value| value.span);
        match esql::compile_in(&query, &origin(self.file, place, &query), &esql::Params::none()) {
            Ok(pipeline) => Some(Body::Pipeline(pipeline)),
            Err(errors) => {
                self.diagnostics.extend(errors);
                None
            }
        }
    }
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
