//! `BYTE_LENGTH(string)`: how many bytes the UTF-8 form of a string has.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
};
use arrow::array::{AsArray, Int32Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ByteLength;

static DOC: Doc = Doc {
    name: "byte_length",
    summary: "The length of a string in UTF-8, in bytes.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to measure.")],
    returns: "integer",
    examples: &[Example { query: r#"ROW n = BYTE_LENGTH("Pēteris")"#, rows: &["8"] }],
};

impl Function for ByteLength {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        Ok(Bound::new(ColumnType::one(Type::Integer), [string], |args, _| {
            let bytes = |text: &str| i32::try_from(text.len()).unwrap_or(i32::MAX);
            let lengths = args[0].as_string_view().iter().map(|text| text.map(bytes));
            Ok(Arc::new(lengths.collect::<Int32Array>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            byte_length("abc") => 3
            byte_length("é") => 2
            byte_length(null) => null
            "##,
        );
    }
}
