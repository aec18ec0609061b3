//! What TOML envelopes share: tables whose values are looked up with the place they stand at, and the map from a
//! decoded string back to the bytes of the file.

use crate::Origin;
use ir::{Span, Spanned};
use toml::de::{DeTable, DeValue};

/// A table of the file; one of the two lifetimes would do, had the parser's type only one.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    table: &'a DeTable<'a>,
    pub span: Span,
}

/// A value and its place.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    value: &'a DeValue<'a>,
    pub span: Span,
}

impl<'a> Table<'a> {
    pub fn new(table: &'a DeTable<'a>, span: Span) -> Self {
        Table { table, span }
    }

    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.table.get(key).map(Value::new)
    }

    /// Each key with its place, and its value.
    pub fn entries(self) -> impl Iterator<Item = (Spanned<&'a str>, Value<'a>)> {
        self.table.iter().map(|(key, value)| {
            let range = key.span();
            (Spanned { value: key.as_ref().as_ref(), span: Span::new(range.start, range.end) }, Value::new(value))
        })
    }

    /// Each key with its place.
    pub fn keys(self) -> impl Iterator<Item = Spanned<&'a str>> {
        self.entries().map(|(key, _)| key)
    }
}

impl<'a> Value<'a> {
    fn new(value: &'a toml::Spanned<DeValue<'a>>) -> Self {
        let range = value.span();
        Value { value: value.as_ref(), span: Span::new(range.start, range.end) }
    }

    pub fn as_str(self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub fn as_integer(self) -> Option<i64> {
        let integer = self.value.as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    pub fn as_bool(self) -> Option<bool> {
        self.value.as_bool()
    }

    pub fn as_float(self) -> Option<f64> {
        self.value.as_float().and_then(|float| float.as_str().replace('_', "").parse().ok())
    }

    pub fn as_table(self) -> Option<Table<'a>> {
        self.value.as_table().map(|table| Table::new(table, self.span))
    }

    /// The items of an array.
    pub fn items(self) -> Option<impl Iterator<Item = Value<'a>>> {
        self.value.as_array().map(|array| array.iter().map(Value::new))
    }

    /// What the value is, for a message.
    pub fn kind(self) -> &'static str {
        self.value.type_str()
    }
}

/// Where the bytes of a decoded string stand in the file. `span` covers the string with its quotes.
pub(super) fn origin(file: &str, span: Span, decoded: &str) -> Origin {
    let raw = span.of(file);
    let quotes = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quotes| raw.starts_with(quotes)).unwrap_or("");
    let mut at = quotes.len();
    if quotes.len() == 3 {
        // A line break right after the opening quotes does not belong to the string.
        let inner = raw.get(at..).unwrap_or("");
        at += if inner.starts_with("\r\n") { 2 } else { usize::from(inner.starts_with('\n')) };
    }
    let escapes = quotes.starts_with('"');
    let mut origin = Origin::shifted(span.start as usize + at);
    for (offset, character) in decoded.char_indices() {
        if escapes {
            at = skip_line_continuation(raw, at);
        }
        // Where line breaks were made `\n`, the carriage return is only in the file.
        if character == '\n' && raw.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) {
            at += 1;
        }
        origin.add_run(offset, span.start as usize + at);
        let rest = raw.get(at..).unwrap_or("");
        at += if escapes && rest.starts_with('\\') { escape_length(rest) } else { character.len_utf8() };
    }
    if escapes {
        at = skip_line_continuation(raw, at);
    }
    origin.add_run(decoded.len(), span.start as usize + at);
    origin
}

/// The bytes of one escape in a basic string.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    }
}

/// A backslash at the end of a line swallows all white space up to the next character.
fn skip_line_continuation(raw: &str, mut at: usize) -> usize {
    loop {
        let Some(rest) = raw.get(at..).and_then(|rest| rest.strip_prefix('\\')) else { return at };
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if !rest.get(..space).is_some_and(|space| space.contains('\n')) {
            return at;
        }
        at += 1 + space;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character of the decoded string, found again in the file by its span.
    fn spans(file: &str) -> Vec<String> {
        let table = DeTable::parse(file).unwrap();
        let value = Table::new(table.as_ref(), Span::default()).get("q").unwrap();
        let decoded = value.as_str().unwrap();
        let origin = origin(file, value.span, decoded);
        decoded
            .char_indices()
            .map(|(at, character)| origin.span(at, at + character.len_utf8()).of(file).to_owned())
            .collect()
    }

    #[test]
    fn every_kind_of_string_maps_back() {
        for (file, expected) in [
            ("q = 'a|b'", vec!["a", "|", "b"]),
            ("q = '''\né|'''", vec!["é", "|"]),
            ("x = 1\r\nq = '''\r\na\r\nb'''", vec!["a", "\r", "\n", "b"]),
            ("q = \"a\"", vec!["a"]),
        ] {
            assert_eq!(spans(file), expected, "{file}");
        }
    }

    #[test]
    fn what_follows_an_escape_maps_back() {
        let found = spans(r#"q = "a\"b\u00e9c\\d""#);
        let plain: Vec<_> = found.iter().filter(|found| found.chars().all(char::is_alphabetic)).collect();
        assert_eq!(plain, ["a", "b", "c", "d"]);
        assert_eq!(spans("q = \"\"\"\na\\\n   b \\n c\"\"\"").last().map(String::as_str), Some("c"));
    }
}
