//! `LOCATE(string, substring, start)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, slices},
    types::ColumnType,
};
use arrow::{
    array::{Array, AsArray, Int32Array},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Locate;

static DOC: Doc = Doc {
    name: "locate",
    summary: "The position of the first occurrence of a string in another, in code points from 1; 0 where there is none.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to search."),
        Parameter::required("substring", "keyword, text", "The string to look for."),
        Parameter::optional("start", "integer", "The position to start at; negative positions count from the end."),
    ],
    returns: "integer",
    examples: &[Example { query: r#"ROW p = LOCATE("hello", "ll")"#, rows: &["3"] }],
};

impl Function for Locate {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 3)?;
        let mut inputs = vec![call.one(0, Kind::String)?, call.one(1, Kind::String)?];
        if call.args.len() > 2 {
            inputs.push(call.one(2, Kind::Integer)?);
        }
        Ok(Bound::new(ColumnType::one(Type::Integer), inputs, |args, evaluation| {
            let (strings, wanted) = (args[0].as_string_view(), args[1].as_string_view());
            let starts = args.get(2).map(|starts| starts.as_primitive::<Int32Type>());
            let positions = (0..evaluation.rows).map(|row| {
                if strings.is_null(row) || wanted.is_null(row) || starts.is_some_and(|starts| starts.is_null(row)) {
                    return None;
                }
                Some(locate(strings.value(row), wanted.value(row), starts.map_or(0, |starts| starts.value(row))))
            });
            Ok(Arc::new(positions.collect::<Int32Array>()))
        }))
    }
}

fn locate(text: &str, wanted: &str, start: i32) -> i32 {
    let from = match start {
        0 | 1 => 0,
        start => slices::offset(text, slices::position(start, slices::code_points(text))),
    };
    match memchr::memmem::find(&text.as_bytes()[from..], wanted.as_bytes()) {
        Some(at) => i32::try_from(slices::code_points(&text[..from + at]) + 1).unwrap_or(i32::MAX),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            locate("hello", "ll") => 3
            locate("héllo", "l") => 3
            locate("hello", "x") => 0
            locate("a.b.c", ".", 3) => 4
            locate("a.b.c", ".", -2) => 4
            locate("abc", "") => 1
            locate("abc", "a", 9) => 0
            locate(null, "a") => null
            "##,
        );
    }
}
