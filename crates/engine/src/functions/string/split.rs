//! `SPLIT(string, delimiter)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, lists, slices::Slices},
    types::ColumnType,
};
use arrow::array::{Array, AsArray};
use ir::Diagnostic;
use memchr::memmem::Finder;
use schema::Type;
use std::sync::Arc;

pub struct Split;

static DOC: Doc = Doc {
    name: "split",
    summary: "The parts of a string between the occurrences of a delimiter, as several values.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to split."),
        Parameter::required("delimiter", "keyword, text", "The string between the parts; not a regular expression."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW words = SPLIT("foo;bar;baz", ";")"#, rows: &["[foo, bar, baz]"] }],
};

impl Function for Split {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?];
        if call.constant_str(1) == Some("") {
            return Err(call.bad_value(1, format!("the delimiter in [{}] must not be empty", call.text)));
        }
        Ok(Bound::new(ColumnType::many(Type::Keyword), inputs, |args, evaluation| {
            let (strings, delimiters) = (args[0].as_string_view(), args[1].as_string_view());
            let mut parts = Slices::new(strings);
            let mut lengths = Vec::with_capacity(evaluation.rows);
            for row in 0..evaluation.rows {
                if strings.is_null(row) || delimiters.is_null(row) {
                    lengths.push(0);
                    continue;
                }
                let (text, delimiter) = (strings.value(row), delimiters.value(row));
                let mut start = 0;
                let mut count = 1;
                let mut push_until = |end, next| {
                    parts.push(row, start..end);
                    start = next;
                };
                match delimiter.as_bytes() {
                    // Nothing lies between the characters of a string.
                    [] => {}
                    [byte] => {
                        for at in memchr::memchr_iter(*byte, text.as_bytes()) {
                            push_until(at, at + 1);
                            count += 1;
                        }
                    }
                    delimiter => {
                        for at in Finder::new(delimiter).find_iter(text.as_bytes()) {
                            push_until(at, at + delimiter.len());
                            count += 1;
                        }
                    }
                }
                push_until(text.len(), text.len());
                lengths.push(count);
            }
            Ok(Arc::new(lists::of_lengths(lengths, Arc::new(parts.finish()), Type::Keyword)?))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            split("foo;bar;baz", ";") => [foo, bar, baz]
            split("foo", ";") => foo
            split("a..b.", ".") => [a, "", b, ""]
            split("", ".") => ""
            split("a--b", "--") => [a, b]
            split("a rather long part, and another one", ", ") => [a rather long part, and another one]
            split(null, ".") => null
            split(["a.b", "c"], ".") => null ! several values
            "##,
        );
    }
}
