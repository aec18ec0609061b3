//! `REPEAT(string, number)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{AsArray, StringViewArray},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;
/// Longest result, in bytes.
const LIMIT: usize = 1 << 20;

pub struct Repeat;

static DOC: Doc = Doc {
    name: "repeat",
    summary: "A string so many times over; at most 1 MB of it.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to repeat."),
        Parameter::required("number", "integer", "How many times."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = REPEAT("ab", 3)"#, rows: &["ababab"] }],
};

impl Function for Repeat {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::Integer)?];
        if let Some(number) = call.constant_whole_or_none(1).filter(|number| *number < 0) {
            return Err(call.bad_value(1, negative(number)));
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let pairs = args[0].as_string_view().iter().zip(args[1].as_primitive::<Int32Type>());
            let results = pairs.map(|(text, number)| evaluation.check(repeat(text?, number?)));
            Ok(Arc::new(results.collect::<StringViewArray>()))
        }))
    }
}

fn negative(number: i64) -> String {
    format!("Number parameter cannot be negative, found [{number}]")
}

fn repeat(text: &str, number: i32) -> Result<String, Reason> {
    let times = usize::try_from(number).map_err(|_| Reason::Argument(negative(number.into())))?;
    if text.len().saturating_mul(times) > LIMIT {
        let why = format!("Creating repeated strings with more than [{LIMIT}] bytes is not supported");
        return Err(Reason::Argument(why));
    }
    Ok(text.repeat(times))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            repeat("ab", 2) => abab
            repeat("", 2147483647) => ""
            repeat("ab", 1048576) => null ! Creating repeated strings with more than [1048576] bytes is not supported
            repeat("ab", null) => null
            "##,
        );
    }
}
