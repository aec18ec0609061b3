//! Values of the file by their type; what has another type is an error at its place.

use super::Reader;
use crate::envelope::toml_file::{Table, Value};
use crate::similar::similar;
use ir::{Diagnostic, Span, Spanned, codes};

impl Reader<'_> {
    pub fn envelope(&mut self, message: impl Into<String>, span: Span) {
        self.diagnostics.push(Diagnostic::refusal(codes::ENVELOPE, message).at(span));
    }

    /// The string under a key that may be absent.
    pub fn string(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.envelope(format!("`{key}` is a string, and here is {}", article(value.kind())), value.span);
        }
        text.map(str::to_owned)
    }

    pub fn required(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = self.required_value(table, key)?;
        let text = self.string(table, key)?;
        if text.trim().is_empty() {
            self.envelope(format!("`{key}` is empty"), value.span);
            return None;
        }
        Some(text)
    }

    pub fn required_value<'t>(&mut self, table: Table<'t>, key: &str) -> Option<Value<'t>> {
        let found = table.get(key);
        if found.is_none() {
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
        }
        found
    }

    /// The list of strings under a key that may be absent.
    pub fn strings(&mut self, table: Table<'_>, key: &str) -> Vec<String> {
        self.spanned_strings(table, key).into_iter().map(|found| found.value).collect()
    }

    pub fn spanned_strings(&mut self, table: Table<'_>, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let Some(items) = value.items() else {
            self.envelope(format!("`{key}` is a list of strings, and here is {}", article(value.kind())), value.span);
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in items {
            match item.as_str() {
                Some(text) => strings.push(Spanned { value: text.to_owned(), span: item.span }),
                None => {
                    self.envelope(format!("`{key}` holds strings, and here is {}", article(item.kind())), item.span)
                }
            }
        }
        strings
    }

    /// A string, or several in a list.
    pub fn one_or_more(&mut self, table: Table<'_>, key: &str) -> Vec<Spanned<String>> {
        match table.get(key) {
            Some(value) => match value.as_str() {
                Some(text) => vec![Spanned { value: text.to_owned(), span: value.span }],
                None => self.spanned_strings(table, key),
            },
            None => Vec::new(),
        }
    }

    /// The number under a key that must be there, from 0 on.
    pub fn count(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<i64>> {
        let value = self.required_value(table, key)?;
        let count = value.as_integer().filter(|&count| count >= 0);
        if count.is_none() {
            self.envelope(
                format!("`{key}` is a number from 0 on, and here is `{}`", value.span.of(self.file)),
                value.span,
            );
        }
        count.map(|count| Spanned { value: count, span: value.span })
    }

    pub fn tables<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<Table<'t>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let tables: Option<Vec<_>> = value.items().and_then(|items| items.map(Value::as_table).collect());
        if tables.is_none() {
            self.envelope(format!("`{key}` is a list of tables, and here is {}", article(value.kind())), value.span);
        }
        tables.unwrap_or_default()
    }

    /// The table under a key that may be absent.
    pub fn table<'t>(&mut self, table: Table<'t>, key: &str) -> Option<Table<'t>> {
        let value = table.get(key)?;
        let found = value.as_table();
        if found.is_none() {
            self.envelope(format!("`{key}` is a table, and here is {}", article(value.kind())), value.span);
        }
        found
    }
}

pub(super) fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
