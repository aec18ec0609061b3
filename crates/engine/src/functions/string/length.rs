//! `LENGTH(string)`: how many code points a string has.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, Int32Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Length;

static DOC: Doc = Doc {
    name: "length",
    summary: "The number of Unicode code points in a string.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to measure.")],
    returns: "integer",
    examples: &[Example { query: r#"ROW n = LENGTH("Pēteris")"#, rows: &["7"] }],
};

impl Function for Length {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        Ok(Bound::new(ColumnType::one(Type::Integer), [string], |args, _| {
            let strings = args[0].as_string_view();
            let length = |row| if strings.is_valid(row) { code_points(strings.value(row)) } else { 0 };
            let lengths: Vec<i32> = (0..strings.len()).map(length).collect();
            Ok(Arc::new(Int32Array::new(lengths.into(), strings.nulls().cloned())))
        }))
    }
}

fn code_points(text: &str) -> i32 {
    let count = if text.is_ascii() { text.len() } else { text.chars().count() };
    i32::try_from(count).unwrap_or(i32::MAX)
}
