//! The TOML files of Elastic's detection rules: `[metadata]`, `[rule]`, `[[rule.threat]]`.
//!
//! A file always gives a rule, refused where it cannot be read, so that it is counted and still appears in the catalog.
//! Facts: the rule schemas of elastic/detection-rules and the detections API of Kibana, which also has the defaults of
//! the schedule.
//!
//! | file | reads |
//! |---|---|
//! | `keys` | which keys there are, and which have no effect here |
//! | `metadata` | status, severity, techniques |
//! | `schedule` | `from`, `interval` |
//! | `body` | `type`, `language`, `query`, and what each type adds: `threshold`, `new_terms`, `indicators`, jobs |
//! | `filters` | Kibana's filters, which are Elasticsearch queries |
//! | `values` | strings, lists, numbers and tables with their errors |

mod body;
mod filters;
mod indicators;
mod keys;
mod metadata;
mod new_terms;
mod schedule;
mod threshold;
mod values;

use super::toml_file::{Table, Value};
use super::{Context, Envelope};
use crate::repository::{Document, MAX_LENGTH};
use ir::{Diagnostic, Rule, Span, State, Status, Vendor, codes};
use std::path::Path;
use toml::de::DeTable;

/// Rules in TOML, one in a file.
pub struct Elastic;

impl Envelope for Elastic {
    fn vendor(&self) -> Vendor {
        Vendor::Elastic
    }

    /// By the header of the table, also a misspelt one; hunts (`[hunt]`), lists of versions and the settings of packages
    /// have other tables.
    fn recognises(&self, document: &Document) -> bool {
        document.extension() == "toml" && document.text.lines().any(|line| line.trim_start().starts_with("[rule"))
    }

    fn read(&self, document: &Document, _context: &Context) -> Vec<Rule> {
        vec![read(&document.path, &document.text)]
    }
}

/// Reads a rule file. `path` names the rule where the file does not, and tells deprecated rules by their folder.
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
    let deprecated = path.components().any(|component| component.as_os_str() == "_deprecated");
    let status = if deprecated { Status::Deprecated } else { Status::Production };
    Rule { schedule: schedule::DEFAULT, status, ..Rule::unread(Vendor::Elastic, "", name) }
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
        if let Some(metadata) = document.get("metadata").and_then(Value::as_table) {
            self.status(metadata, rule);
        }
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
        rule.building_block = table.get("building_block_type").is_some();
        self.grade(table, rule);
        rule.schedule = self.schedule(table);
        self.check_keys(table);
        self.body(table, rule);
    }
}
