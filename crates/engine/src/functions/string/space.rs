//! `SPACE(number)`.

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

pub struct Space;

static DOC: Doc = Doc {
    name: "space",
    summary: "A string of so many spaces; at most 1 MB of them.",
    parameters: &[Parameter::required("number", "integer", "How many.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = CONCAT("Hello", SPACE(1), "World")"#, rows: &["Hello World"] }],
};

impl Function for Space {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let input = call.one(0, Kind::Integer)?;
        if let Some(Err(Reason::Argument(why))) = call.constant_whole_or_none(0).map(length) {
            return Err(call.bad_value(0, why));
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), [input], |args, evaluation| {
            let numbers = args[0].as_primitive::<Int32Type>().iter();
            let results =
                numbers.map(|number| evaluation.check(length(number?.into())).map(|length| " ".repeat(length)));
            Ok(Arc::new(results.collect::<StringViewArray>()))
        }))
    }
}

fn length(number: i64) -> Result<usize, Reason> {
    match usize::try_from(number) {
        Err(_) => Err(Reason::Argument(format!("Number parameter cannot be negative, found [{number}]"))),
        Ok(length) if length > LIMIT => {
            Err(Reason::Argument(format!("Creating strings longer than [{LIMIT}] bytes is not supported")))
        }
        Ok(length) => Ok(length),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            space(0) => ""
            space(null) => null
            "##,
        );
    }
}
