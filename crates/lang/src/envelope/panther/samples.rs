//! The `Tests` of a rule: events with the result that its authors expect.

use crate::envelope::yaml_file::{Constant, File, Node, Schema};
use crate::python::Kind;
use ir::Span;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One event of a rule's tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub name: String,
    /// Whether the rule matches the event (or, for a policy, the resource is as it should be).
    pub expected: bool,
    /// The event as JSON.
    pub event: String,
    /// Whether the test puts something else in place of functions or constants of the program.
    pub mocks: bool,
    /// The test in the rule's file.
    pub span: Span,
}

/// The tests in the text of a rule file; those without an event (of correlations) are left out.
pub fn samples(text: &str) -> Vec<Sample> {
    let file = File::read(text);
    let tests = file.documents.first().and_then(|root| root.get("Tests")).and_then(Node::items).unwrap_or_default();
    tests.iter().filter_map(sample).collect()
}

fn sample(test: &Node<'_>) -> Option<Sample> {
    let event = test.get("Log").or_else(|| test.get("Resource"))?;
    let expected = match test.get("ExpectedResult")?.scalar()?.constant(Schema::Core) {
        Constant::Boolean(value) => value,
        _ => return None,
    };
    let mut json = String::new();
    match event.text() {
        // The whole event may be one text of JSON.
        Some(text) => json.push_str(text),
        None => write_json(event, &mut json),
    }
    Some(Sample {
        name: test.get("Name").and_then(Node::text).unwrap_or_default().to_owned(),
        expected,
        event: json,
        mocks: test.get("Mocks").and_then(Node::items).is_some_and(|mocks| !mocks.is_empty()),
        span: test.span,
    })
}

fn write_json(node: &Node<'_>, json: &mut String) {
    if let Some(items) = node.items() {
        json.push('[');
        for (at, item) in items.iter().enumerate() {
            json.push_str(if at > 0 { "," } else { "" });
            write_json(item, json);
        }
        json.push(']');
    } else if let Some(scalar) = node.scalar() {
        match scalar.constant(Schema::Core) {
            Constant::Null => json.push_str("null"),
            Constant::Boolean(value) => json.push_str(if value { "true" } else { "false" }),
            Constant::Integer(value) => _ = write!(json, "{value}"),
            Constant::Float(value) if value.is_finite() => _ = write!(json, "{value:?}"),
            Constant::Float(_) => json.push_str("null"),
            Constant::String(text) => write_text(text, json),
        }
    } else {
        json.push('{');
        for (at, entry) in node.entries().iter().enumerate() {
            json.push_str(if at > 0 { "," } else { "" });
            write_text(entry.key.text().unwrap_or_default(), json);
            json.push(':');
            write_json(&entry.value, json);
        }
        json.push('}');
    }
}

fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            control if u32::from(control) < 0x20 => _ = write!(json, "\\u{:04x}", u32::from(control)),
            other => json.push(other),
        }
    }
    json.push('"');
}

/// The kinds of the fields that the events of a rule's tests have; unknown where they differ.
pub(super) fn kinds(root: &Node<'_>) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    for test in root.get("Tests").and_then(Node::items).unwrap_or_default() {
        if let Some(event) = test.get("Log").or_else(|| test.get("Resource")) {
            note_kinds(event, "", &mut kinds);
        }
    }
    kinds
}

fn note_kinds(node: &Node<'_>, path: &str, kinds: &mut BTreeMap<String, Kind>) {
    let kind = if node.is_mapping() {
        for entry in node.entries() {
            let key = entry.key.text().unwrap_or_default();
            let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            note_kinds(&entry.value, &below, kinds);
        }
        Kind::Object
    } else if let Some(items) = node.items() {
        // What is below the elements has the name of what is below the list.
        for item in items.iter().filter(|item| item.is_mapping()) {
            for entry in item.entries() {
                note_kinds(&entry.value, &format!("{path}.{}", entry.key.text().unwrap_or_default()), kinds);
            }
        }
        Kind::List
    } else {
        match node.scalar().map(|scalar| scalar.constant(Schema::Core)) {
            Some(Constant::String(_)) => Kind::Text,
            Some(Constant::Boolean(_)) => Kind::Boolean,
            Some(Constant::Integer(_) | Constant::Float(_)) => Kind::Number,
            _ => return,
        }
    };
    kinds
        .entry(path.to_owned())
        .and_modify(|known| *known = if *known == kind { kind } else { Kind::Unknown })
        .or_insert(kind);
}
