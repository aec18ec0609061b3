//! JSON records without a tree: the members of an object as the bytes they are written in.
//!
//! Records of sensors are flat and wide, and a rule wants few of their members. Each line is checked as a whole, but
//! only the values asked for are read. Duplicate keys are all seen, in order.

use serde::de::{DeserializeSeed, Deserializer as _, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, value::RawValue};
use std::{borrow::Cow, fmt};

/// Calls back for each member of the object that `json` is. An error says where `json` is no JSON or no object.
pub fn members<'a>(json: &'a str, found: &mut dyn FnMut(Cow<'a, str>, &'a str)) -> Result<(), serde_json::Error> {
    let mut deserializer = Deserializer::from_str(json);
    deserializer.deserialize_map(Members(found))?;
    deserializer.end()
}

/// How deep objects may nest. Each level is walked again for the one below, so the limit bounds time as well as the stack.
const DEPTH: usize = 32;

/// The members as paths: members of nested objects have the keys on the way to them joined with dots.
pub fn paths<'a>(json: &'a str, found: &mut dyn FnMut(&str, &'a str)) -> Result<(), serde_json::Error> {
    nested(json, DEPTH, &mut String::new(), found)
}

fn nested<'a>(
    json: &'a str,
    depth: usize,
    path: &mut String,
    found: &mut dyn FnMut(&str, &'a str),
) -> Result<(), serde_json::Error> {
    let depth =
        depth.checked_sub(1).ok_or_else(|| serde_json::Error::custom(format!("objects nest deeper than {DEPTH}")))?;
    let length = path.len();
    let mut error = Ok(());
    members(json, &mut |key, value| {
        if length > 0 {
            path.push('.');
        }
        path.push_str(&key);
        if !value.starts_with('{') {
            found(path, value);
        } else if error.is_ok() {
            error = nested(value, depth, path, found);
        }
        path.truncate(length);
    })?;
    error
}

/// A scalar as text: strings without quotes and escapes, numbers and booleans as they are written.
pub fn text(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' => {
            let inner = json.get(1..json.len().checked_sub(1)?)?;
            if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
                return Some(Cow::Borrowed(inner));
            }
            serde_json::from_str(json).ok().map(Cow::Owned)
        }
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(json)),
    }
}

/// A number without sign, also one in quotes or with a zero fraction.
pub fn unsigned(json: &str) -> Option<u64> {
    let text = text(json)?;
    let whole = text.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|byte| byte == b'0'));
    whole.map_or(text.as_ref(), |(whole, _)| whole).parse().ok()
}

pub fn boolean(json: &str) -> Option<bool> {
    match json {
        "true" | "\"true\"" => Some(true),
        "false" | "\"false\"" => Some(false),
        _ => None,
    }
}

/// The elements of an array; a value that is none is its only element, null has none.
pub fn elements(json: &str) -> Vec<&str> {
    if json.starts_with('[') {
        let mut elements = Vec::new();
        // What is no array after all has no elements.
        let _ = Deserializer::from_str(json).deserialize_seq(Elements(&mut elements));
        elements
    } else if json == "null" {
        Vec::new()
    } else {
        vec![json]
    }
}

struct Members<'f, 'a>(&'f mut dyn FnMut(Cow<'a, str>, &'a str));

impl<'a> Visitor<'a> for Members<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let value: &'a RawValue = map.next_value()?;
            (self.0)(key, value.get());
        }
        Ok(())
    }
}

/// A key, borrowed unless it has escapes.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

struct Elements<'f, 'a>(&'f mut Vec<&'a str>);

impl<'a> Visitor<'a> for Elements<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<&'a RawValue>()? {
            self.0.push(value.get());
        }
        // Behind an error nothing is left to skip.
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(json: &str) -> Result<Vec<(String, &str)>, serde_json::Error> {
        let mut all = Vec::new();
        paths(json, &mut |path, value| all.push((path.to_owned(), value)))?;
        Ok(all)
    }

    #[test]
    fn nested_objects_become_paths() -> Result<(), serde_json::Error> {
        let found = all(r#"{"a.b": 1.50, "c": {"d": {"\u0065": "x"}, "f": [1, {"g": 2}]}, "h": null, "i": {}}"#)?;
        let expected = [("a.b", "1.50"), ("c.d.e", "\"x\""), ("c.f", "[1, {\"g\": 2}]"), ("h", "null")];
        assert_eq!(found, expected.map(|(path, value)| (path.to_owned(), value)));
        Ok(())
    }

    #[test]
    fn broken_records_are_errors() {
        for json in ["", "{", r#"{"a":1"#, r#"{"a":1} x"#, "[1]", "7", r#"{"a":tru}"#, r#"{"a":{"b":}}"#] {
            assert!(all(json).is_err(), "{json}");
        }
        let deep = format!("{}1{}", r#"{"a":"#.repeat(200), "}".repeat(200));
        assert!(all(&deep).is_err());
    }

    #[test]
    fn scalars_are_read_as_written() {
        assert_eq!(text(r#""a\tb""#).as_deref(), Some("a\tb"));
        assert_eq!(text("1.50").as_deref(), Some("1.50"));
        assert_eq!((text("null"), text("[1]")), (None, None));
        assert_eq!(
            (unsigned("53"), unsigned("\"53\""), unsigned("119.0"), unsigned("1.5")),
            (Some(53), Some(53), Some(119), None)
        );
        assert_eq!(elements(r#"["a", 1]"#), ["\"a\"", "1"]);
        assert_eq!((elements("7"), elements("null")), (vec!["7"], vec![]));
    }
}
