//! Dissect patterns: keys between delimiters.
//!
//! `%{key}` takes what stands before the next delimiter. `%{}` and `%{?key}` take and forget it, `%{+key}` appends to an
//! earlier key, `%{+key/2}` in that place, and `%{key->}` skips delimiters that repeat. Source: Elastic, "Dissect
//! processor", and the behaviour of `org.elasticsearch.dissect.DissectParser` on delimiters that follow each other: each
//! gives the next key the empty string.

use super::Extractor;
use crate::types::ColumnType;
use schema::Type;

/// A compiled pattern.
#[derive(Debug)]
pub struct Dissect {
    leading: String,
    keys: Vec<Key>,
    columns: Vec<(String, ColumnType)>,
    separator: String,
}

#[derive(Debug)]
struct Key {
    /// The place of the key's column; `None` for keys that are forgotten.
    column: Option<usize>,
    /// Where an appended value stands among those of its column.
    order: usize,
    padded: bool,
    /// What ends the value; empty for the rest of the string.
    delimiter: String,
}

impl Dissect {
    /// Compiles a pattern; `separator` stands between appended values.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn new(pattern: &str, separator: &str) -> Result<Dissect, String> {
        let invalid = |why: &str| format!("Invalid pattern for dissect: [{pattern}]: {why}");
        let (leading, mut rest) = pattern.split_once("%{").ok_or_else(|| invalid("it has no key"))?;
        let mut dissect = Dissect {
            leading: leading.to_string(),
            keys: Vec::new(),
            columns: Vec::new(),
            separator: separator.to_string(),
        };
        let mut appended: Vec<bool> = Vec::new();
        loop {
            let (key, after) = rest.split_once('}').ok_or_else(|| invalid("a key is not closed"))?;
            let (delimiter, next) = match after.split_once("%{") {
                Some((delimiter, next)) => (delimiter, Some(next)),
                None => (after, None),
            };
            if delimiter.is_empty() && next.is_some() {
                return Err(invalid("two keys have no delimiter between them"));
            }
            let (key, padded) = key.strip_suffix("->").map_or((key, false), |key| (key, true));
            let (key, append) = key.strip_prefix('+').map_or((key, false), |key| (key, true));
            if key.starts_with(['*', '&']) {
                return Err(invalid("reference keys are not supported"));
            }
            let (name, order) = match key.rsplit_once('/').filter(|_| append) {
                Some((name, order)) => (name, order.parse().map_err(|_| invalid("the order of a key is no number"))?),
                None => (key, dissect.keys.len()),
            };
            let column = if name.is_empty() || name.starts_with('?') {
                None
            } else {
                match dissect.columns.iter().position(|(known, _)| known == name) {
                    Some(at) if append => Some(at),
                    Some(_) => return Err(invalid("a key is given twice and not appended")),
                    None => {
                        dissect.columns.push((name.to_string(), ColumnType::one(Type::Keyword)));
                        appended.push(append);
                        Some(dissect.columns.len() - 1)
                    }
                }
            };
            dissect.keys.push(Key { column, order, padded, delimiter: delimiter.to_string() });
            match next {
                Some(next) => rest = next,
                None => break,
            }
        }
        if dissect.columns.is_empty() {
            return Err(invalid("it has no key that is kept"));
        }
        Ok(dissect)
    }
}

impl Extractor for Dissect {
    fn columns(&self) -> &[(String, ColumnType)] {
        &self.columns
    }

    fn extract(&self, text: &str) -> Option<Vec<(usize, String)>> {
        let mut rest = text.strip_prefix(self.leading.as_str()).filter(|rest| !rest.is_empty())?;
        let mut values: Vec<(&Key, &str)> = Vec::with_capacity(self.keys.len());
        let mut keys = self.keys.iter();
        'keys: while let Some(key) = keys.next() {
            if key.delimiter.is_empty() {
                values.push((key, rest));
                continue;
            }
            let (value, after) = rest.split_once(key.delimiter.as_str())?;
            values.push((key, value));
            rest = after;
            while let Some(after) = rest.strip_prefix(key.delimiter.as_str()) {
                rest = after;
                if !key.padded {
                    match keys.next() {
                        Some(empty) => values.push((empty, "")),
                        None => break 'keys,
                    }
                }
            }
        }
        if values.len() < self.keys.len() {
            return None;
        }
        let mut parts: Vec<Vec<(usize, &str)>> = vec![Vec::new(); self.columns.len()];
        for (key, value) in values {
            if let Some(parts) = key.column.and_then(|column| parts.get_mut(column)) {
                parts.push((key.order, value));
            }
        }
        let joined = parts.into_iter().enumerate().map(|(column, mut parts)| {
            parts.sort_by_key(|(order, _)| *order);
            let values: Vec<&str> = parts.into_iter().map(|(_, value)| value).collect();
            (column, values.join(&self.separator))
        });
        Some(joined.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dissected(pattern: &str, text: &str) -> Result<Option<Vec<String>>, String> {
        let dissect = Dissect::new(pattern, ",")?;
        Ok(dissect.extract(text).map(|values| values.into_iter().map(|(_, value)| value).collect()))
    }

    #[test]
    fn keys_take_what_stands_between_delimiters() {
        for (pattern, text, expected) in [
            ("%{a} %{b}", "foo bar", Some(vec!["foo", "bar"])),
            ("%{a} %{b} baz", "foo bar", None),
            ("%{a}: %{?b}: %{c}", "1: 2: 3", Some(vec!["1", "3"])),
            ("%{a->} %{b}", "foo     bar", Some(vec!["foo", "bar"])),
            ("%{a},%{b},%{c}", "x,,z", Some(vec!["x", "", "z"])),
            ("%{+a/2} %{+a/1} %{b}", "foo bar baz", Some(vec!["bar,foo", "baz"])),
            ("[%{a}]", "[x]", Some(vec!["x"])),
            ("[%{a}]", "x", None),
        ] {
            let expected = expected.map(|values| values.into_iter().map(str::to_string).collect::<Vec<_>>());
            assert_eq!(dissected(pattern, text), Ok(expected), "{pattern} on {text}");
        }
    }

    #[test]
    fn bad_patterns_are_refused() {
        for pattern in ["", "abc", "%{a", "%{a}%{b}", "%{a} %{a}", "%{}", "%{*a} %{&a}"] {
            assert!(Dissect::new(pattern, "").is_err(), "{pattern}");
        }
    }
}
