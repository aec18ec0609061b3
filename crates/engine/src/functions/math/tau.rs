//! `TAU()`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function},
    types::ColumnType,
};
use arrow::array::Float64Array;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Tau;

static DOC: Doc = Doc {
    name: "tau",
    summary: "The ratio of a circle's circumference to its radius.",
    parameters: &[],
    returns: "double",
    examples: &[Example { query: "ROW x = TAU()", rows: &["6.283185307179586"] }],
};

impl Function for Tau {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(0, 0)?;
        Ok(Bound::new(ColumnType::one(Type::Double), [], |_, evaluation| {
            Ok(Arc::new(Float64Array::from(vec![std::f64::consts::TAU; evaluation.rows])))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            tau() => 6.283185307179586
            tau(1) => refused
            "##,
        );
    }
}
