//! `PI()`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function},
    types::ColumnType,
};
use arrow::array::Float64Array;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Pi;

static DOC: Doc = Doc {
    name: "pi",
    summary: "The ratio of a circle's circumference to its diameter.",
    parameters: &[],
    returns: "double",
    examples: &[Example { query: "ROW x = PI()", rows: &["3.141592653589793"] }],
};

impl Function for Pi {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(0, 0)?;
        Ok(Bound::new(ColumnType::one(Type::Double), [], |_, evaluation| {
            Ok(Arc::new(Float64Array::from(vec![std::f64::consts::PI; evaluation.rows])))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            pi() => 3.141592653589793
            pi(1) => refused
            "##,
        );
    }
}
