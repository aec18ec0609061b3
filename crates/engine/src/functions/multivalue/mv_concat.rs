//! `MV_CONCAT(string, delimiter)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct MvConcat;

static DOC: Doc = Doc {
    name: "mv_concat",
    summary: "The strings of a field as one, with a delimiter between them.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The strings."),
        Parameter::required("delimiter", "keyword, text", "The string between them."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW x = MV_CONCAT(["foo", "zoo", "bar"], ", ")"#, rows: &["foo, zoo, bar"] }],
};

impl Function for MvConcat {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let ty = call.expect(0, Kind::String)?;
        let field = if ty == Type::Null { Input::One(ty) } else { Input::Many(ty) };
        let inputs = [field, call.one(1, Kind::String)?];
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let list = args[0].as_list::<i32>();
            let (strings, delimiters) = (list.values().as_string_view(), args[1].as_string_view());
            let mut results = StringViewBuilder::with_capacity(evaluation.rows);
            let mut result = String::new();
            for (at, row) in lists::rows(list).enumerate() {
                let Some(row) = row.filter(|_| delimiters.is_valid(at)) else {
                    results.append_null();
                    continue;
                };
                result.clear();
                for place in row.clone() {
                    if place > row.start {
                        result.push_str(delimiters.value(at));
                    }
                    result.push_str(strings.value(place));
                }
                results.append_value(&result);
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
            mv_concat(["foo", "zoo", "bar"], ", ") => foo, zoo, bar
            mv_concat("foo", ", ") => foo
            mv_concat(["a", "b"], null) => null
            mv_concat(null, ",") => null
            mv_concat([1, 2], ",") => refused
            "##,
        );
    }
}
