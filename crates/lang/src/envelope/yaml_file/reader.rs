//! Looking up what a rule file must or may have, with a diagnostic for each value of the wrong kind.

use super::Node;
use crate::similar::similar;
use ir::{Diagnostic, Span, codes};

/// Gathers what is wrong with a file while its keys are looked up.
#[derive(Debug, Default)]
pub(in crate::envelope) struct Reader {
    pub diagnostics: Vec<Diagnostic>,
}

impl Reader {
    pub fn refuse(&mut self, message: impl Into<String>, span: Span) {
        self.diagnostics.push(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
    }

    /// The text of the scalar under a key that may be absent or null.
    pub fn text(&mut self, node: &Node<'_>, key: &str) -> Option<String> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        let text = value.text();
        if text.is_none() {
            self.refuse(format!("`{key}` is a string, and here is {}", value.kind()), value.span);
        }
        text.map(str::to_owned)
    }

    /// The text under a key that must be there, and not be empty.
    pub fn required(&mut self, node: &Node<'_>, key: &str) -> Option<String> {
        let Some(entry) = node.entry(key) else {
            self.missing(node, key);
            return None;
        };
        let text = self.text(node, key);
        if entry.value.is_null() || text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            self.refuse(format!("`{key}` is empty"), entry.key.span);
            return None;
        }
        text
    }

    /// Says that a key is missing. A mapping has no good place of its own to point at, so a misspelt key is the best one,
    /// and then the mapping's first key.
    pub fn missing(&mut self, node: &Node<'_>, key: &str) {
        let error = Diagnostic::refusal(codes::ENVELOPE, format!("the rule has no `{key}`"));
        let meant = similar(key, node.entries().iter().filter_map(|entry| entry.key.text()));
        self.diagnostics.push(match meant.and_then(|meant| node.entry(meant)) {
            Some(entry) => {
                error.at(entry.key.span).hint(format!("`{}` is similar", entry.key.text().unwrap_or_default()))
            }
            None => error.at(node.entries().first().map_or(node.span, |entry| entry.key.span)),
        });
    }

    /// The texts of the list under a key that may be absent. One scalar counts as a list of it.
    pub fn texts(&mut self, node: &Node<'_>, key: &str) -> Vec<String> {
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else { return Vec::new() };
        let items = match value.items() {
            Some(items) => items,
            None => std::slice::from_ref(value),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.text() {
                Some(text) => texts.push(text.to_owned()),
                None => self.refuse(format!("`{key}` holds strings, and here is {}", item.kind()), item.span),
            }
        }
        texts
    }

    /// Notes every key that is not among those that the format has.
    pub fn note_unknown_keys(&mut self, node: &Node<'_>, known: &[&str]) {
        for entry in node.entries() {
            let name = entry.key.text().unwrap_or_default();
            if known.contains(&name) {
                continue;
            }
            let name: String = name.chars().take(60).collect();
            let mut note = Diagnostic::note(codes::UNKNOWN_KEY, format!("the format has no key `{name}`"));
            if let Some(meant) = similar(&name, known.iter().copied()) {
                note = note.hint(format!("`{meant}` is similar"));
            }
            self.diagnostics.push(note.at(entry.key.span));
        }
    }
}
