//! `BIT_LENGTH(string)`: how many bits the UTF-8 form of a string has.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
};
use arrow::array::{AsArray, Int32Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct BitLength;

static DOC: Doc = Doc {
    name: "bit_length",
    summary: "The length of a string in UTF-8, in bits.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to measure.")],
    returns: "integer",
    examples: &[Example { query: r#"ROW n = BIT_LENGTH("Pēteris")"#, rows: &["64"] }],
};

impl Function for BitLength {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        Ok(Bound::new(ColumnType::one(Type::Integer), [string], |args, _| {
            let lengths = args[0].as_string_view().iter().map(|text| text.map(bits));
            Ok(Arc::new(lengths.collect::<Int32Array>()))
        }))
    }
}

fn bits(text: &str) -> i32 {
    i32::try_from(text.len()).unwrap_or(i32::MAX).saturating_mul(8)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            bit_length("abc") => 24
            bit_length("é") => 16
            bit_length("") => 0
            bit_length(null) => null
            bit_length(1) => refused
            "##,
        );
    }
}
