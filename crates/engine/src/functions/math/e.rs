//! `E()`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function},
    types::ColumnType,
};
use arrow::array::Float64Array;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct E;

static DOC: Doc = Doc {
    name: "e",
    summary: "Euler's number.",
    parameters: &[],
    returns: "double",
    examples: &[Example { query: "ROW x = E()", rows: &["2.718281828459045"] }],
};

impl Function for E {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(0, 0)?;
        Ok(Bound::new(ColumnType::one(Type::Double), [], |_, evaluation| {
            Ok(Arc::new(Float64Array::from(vec![std::f64::consts::E; evaluation.rows])))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            e() => 2.718281828459045
            e(1) => refused
            "##,
        );
    }
}
