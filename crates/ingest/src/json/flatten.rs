//! A document as a list of paths and values.
//!
//! Objects nest and dots in keys nest too, so `{"source":{"ip":1}}` and `{"source.ip":1}` are the same. Arrays add
//! nothing to the path: `[{"name":"a"},{"name":"b"}]` gives two values of `name`. Null, `[]` and `{}` give no value.
//! An object of an array that lacks a key leaves no gap, as in Elasticsearch: the lists of two keys run parallel only where
//! every object has both.

use serde_json::Value;

/// Calls back for each value that is not an object, array or null, in the order of the document.
pub fn flatten<'v>(document: &'v Value, found: &mut dyn FnMut(&str, &'v Value)) {
    below(document, None, found);
}

fn below<'v>(value: &'v Value, path: Option<&str>, found: &mut dyn FnMut(&str, &'v Value)) {
    match value {
        Value::Null => {}
        Value::Array(elements) => elements.iter().for_each(|element| below(element, path, found)),
        Value::Object(members) => {
            for (key, value) in members {
                match path {
                    Some(path) => below(value, Some(&format!("{path}.{key}")), found),
                    None => below(value, Some(key), found),
                }
            }
        }
        value => found(path.unwrap_or_default(), value),
    }
}
