//! `MV_COUNT(field)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, Int32Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct MvCount;

static DOC: Doc = Doc {
    name: "mv_count",
    summary: "How many values a field has; null if it has none.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "integer",
    examples: &[Example { query: r#"ROW n = MV_COUNT(SPLIT("foo;bar;baz", ";"))"#, rows: &["3"] }],
};

impl Function for MvCount {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let field = call.column(0, Kind::Any)?;
        let integer = ColumnType::one(Type::Integer);
        if !field.many {
            return Ok(Bound::new(integer, [Input::One(field.ty)], |args, _| {
                Ok(Arc::new(Int32Array::new(vec![1; args[0].len()].into(), args[0].logical_nulls())))
            }));
        }
        Ok(Bound::new(integer, [Input::Many(field.ty)], |args, _| {
            let counts = lists::rows(args[0].as_list::<i32>()).map(|row| row.map(|row| row.len() as i32));
            Ok(Arc::new(counts.collect::<Int32Array>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_count([3, 5, 1, 3]) => 4
            mv_count("x") => 1
            mv_count(null) => null
            "##,
        );
    }
}
