//! A document as a list of paths and values.
//!
//! Objects nest and dots in keys nest too, so `{"source":{"ip":1}}` and `{"source.ip":1}` are the same. Arrays add
//! nothing to the path: `[{"name":"a"},{"name":"b"}]` gives two values of `name`. Null, `[]` and `{}` give no value.
//! An object of an array that lacks a key leaves no gap, as in Elasticsearch: the lists of two keys run parallel only where
//! every object has both.

use serde_json::Value;

/// Calls back for each value that is not an object, array or null, in the order of the document.
pub fn flatten<'v>(document: &'v Value, path: &mut String, found: &mut dyn FnMut(&str, &'v Value)) {
    match document {
        Value::Null => {}
        Value::Array(elements) => elements.iter().for_each(|element| flatten(element, path, found)),
        Value::Object(members) => {
            for (key, value) in members {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                flatten(value, path, found);
                path.truncate(length);
            }
        }
        value => found(path, value),
    }
}
