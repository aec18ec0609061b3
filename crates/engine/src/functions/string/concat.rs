//! `CONCAT(string1, string2, ...)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{Array, AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;
/// Longest result, in bytes.
const LIMIT: usize = 1 << 20;

pub struct Concat;

static DOC: Doc = Doc {
    name: "concat",
    summary: "The strings one after another; null if any of them is.",
    parameters: &[
        Parameter::required("string1", "keyword, text", "The first string."),
        Parameter::required("string2", "keyword, text", "The next strings."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW name = CONCAT("Georgi", " ", "Facello")"#, rows: &["Georgi Facello"] }],
};

impl Function for Concat {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, usize::MAX)?;
        let inputs = (0..call.args.len()).map(|at| call.one(at, Kind::String)).collect::<Result<Vec<_>, _>>()?;
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let strings: Vec<_> = args.iter().map(|arg| arg.as_string_view()).collect();
            let mut results = StringViewBuilder::with_capacity(evaluation.rows);
            let mut result = String::new();
            for row in 0..evaluation.rows {
                if strings.iter().any(|column| column.is_null(row)) {
                    results.append_null();
                    continue;
                }
                result.clear();
                strings.iter().for_each(|column| result.push_str(column.value(row)));
                if result.len() <= LIMIT {
                    results.append_value(&result);
                } else {
                    let why = format!("concatenating more than [{LIMIT}] bytes is not supported");
                    evaluation.warn(Reason::Argument(why));
                    results.append_null();
                }
            }
            Ok(Arc::new(results.finish()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            concat("a", "", "é") => aé
            concat("a", text"b") => ab
            concat("a", null) => null
            concat(["a", "b"], "c") => null ! several values
            concat("a") => refused
            concat("a", 1) => refused
            "##,
        );
    }
}
