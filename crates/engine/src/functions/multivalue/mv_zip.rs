//! `MV_ZIP(string1, string2, delimiter)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct MvZip;

static DOC: Doc = Doc {
    name: "mv_zip",
    summary: "The strings of two fields joined in pairs; of the longer field, the rest alone.",
    parameters: &[
        Parameter::required("string1", "keyword, text", "The strings of the left."),
        Parameter::required("string2", "keyword, text", "The strings of the right."),
        Parameter::optional("delimiter", "keyword, text", "The string between the two of a pair; a comma if left out."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW x = MV_ZIP(["x", "y", "z"], ["1", "2"], "-")"#, rows: &["[x-1, y-2, z]"] }],
};

impl Function for MvZip {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 3)?;
        call.expect(0, Kind::String)?;
        call.expect(1, Kind::String)?;
        let mut inputs = vec![Input::Many(Type::Keyword), Input::Many(Type::Keyword)];
        if call.args.len() == 3 {
            inputs.push(call.one(2, Kind::String)?);
        }
        Ok(Bound::new(ColumnType::many(Type::Keyword), inputs, |args, evaluation| {
            let (left, right) = (args[0].as_list::<i32>(), args[1].as_list::<i32>());
            let (lefts, rights) = (left.values().as_string_view(), right.values().as_string_view());
            let delimiters = args.get(2).map(|delimiters| delimiters.as_string_view());
            let mut results = StringViewBuilder::new();
            let mut lengths = Vec::with_capacity(evaluation.rows);
            for (at, (left, right)) in lists::rows(left).zip(lists::rows(right)).enumerate() {
                let (left, right) = (left.unwrap_or(0..0), right.unwrap_or(0..0));
                let count = left.len().max(right.len());
                let delimiter = match delimiters {
                    Some(delimiters) if delimiters.is_null(at) => {
                        lengths.push(0);
                        continue;
                    }
                    Some(delimiters) => delimiters.value(at),
                    None => ",",
                };
                for place in 0..count {
                    match (left.clone().nth(place), right.clone().nth(place)) {
                        (Some(l), Some(r)) => {
                            results.append_value([lefts.value(l), delimiter, rights.value(r)].concat());
                        }
                        (Some(l), None) => results.append_value(lefts.value(l)),
                        (None, r) => results.append_option(r.map(|r| rights.value(r))),
                    }
                }
                lengths.push(count);
            }
            Ok(Arc::new(lists::of_lengths(lengths, Arc::new(results.finish()), Type::Keyword)?))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_zip(["x", "y", "z"], ["1", "2"], "-") => [x-1, y-2, z]
            mv_zip("a", ["1", "2"]) => [a,1, 2]
            mv_zip(["a", "b"], null) => [a, b]
            mv_zip(null, null) => null
            mv_zip("a", "b", null) => null
            "##,
        );
    }
}
