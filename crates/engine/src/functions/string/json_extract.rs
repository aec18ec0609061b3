//! `JSON_EXTRACT(string, path)`.

use super::json::{Path, extract};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, StringViewArray};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct JsonExtract;

static DOC: Doc = Doc {
    name: "json_extract",
    summary: "A value out of a JSON text: strings without their quotes, everything else as JSON. The path goes through members (`a.b`, `['a.b']`) and elements (`a[0]`); `$` stands for the whole.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The JSON text."),
        Parameter::required("path", "keyword, text", "The path to the value."),
    ],
    returns: "keyword",
    examples: &[Example {
        query: r#"ROW s = JSON_EXTRACT("""{"user": {"tags": ["a", "b"]}}""", "user.tags[1]")"#,
        rows: &["b"],
    }],
};

impl Function for JsonExtract {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?];
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let pairs = args[0].as_string_view().iter().zip(args[1].as_string_view());
            // Rows mostly share the path: it is read again only where it changes.
            let mut known: Option<(&str, Result<Path, Reason>)> = None;
            let values = pairs.map(|(json, path)| {
                let (json, path) = (json?, path?);
                if known.as_ref().is_none_or(|(known, _)| *known != path) {
                    known = Some((path, Path::new(path)));
                }
                let value = match &known {
                    Some((_, Ok(steps))) => extract(json, steps, path),
                    Some((_, Err(why))) => Err(why.clone()),
                    None => Ok(None),
                };
                evaluation.check(value).flatten()
            });
            Ok(Arc::new(values.collect::<StringViewArray>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            json_extract("{\"name\": \"Alice\", \"age\": 30}", "name") => Alice
            json_extract("{\"name\": \"Alice\", \"age\": 30}", "$.age") => 30
            json_extract("{\"user.name\": {\"first\": \"A\"}}", "['user.name'].first") => A
            json_extract("{\"a\": [1, {\"b\": [true, null]}]}", "a[1].b[ 0 ]") => true
            json_extract("{\"a\": {\"b\" : [1, 2.50]}}", "a") => {"b":[1,2.50]}
            json_extract("{\"foo\": 1, \"foo\": 2}", "foo") => 1
            json_extract("[\"a\", \"b\"]", "$[1]") => b
            json_extract("{\"v\": null}", "v") => null
            json_extract("{\"v\": 1}", "w") => null ! path [w] does not exist
            json_extract("{\"v\": 1}", "v.w") => null ! path [v.w] does not exist
            json_extract("{\"v\": [1]}", "v[5]") => null ! array index out of bounds
            json_extract("not valid json", "v") => null ! invalid JSON input
            json_extract("{\"v\": [1", "v[5]") => null ! invalid JSON input
            json_extract("{}", "a..b") => null ! Invalid JSON path [a..b]
            json_extract(null, "a") => null
            "##,
        );
    }
}
