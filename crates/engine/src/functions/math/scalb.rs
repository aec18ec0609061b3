//! `SCALB(number, scale)`.

use super::doubles::input;
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Kind, Parameter,
        kernel::{binary, finite},
    },
    types::ColumnType,
};
use arrow::datatypes::{Float64Type, Int64Type};
use ir::Diagnostic;
use schema::Type;

pub struct Scalb;

static DOC: Doc = Doc {
    name: "scalb",
    summary: "A number times 2 to the power of another.",
    parameters: &[
        Parameter::required("number", "numeric", "The number."),
        Parameter::required("scale", "integer, long", "The power of 2."),
    ],
    returns: "double",
    examples: &[Example { query: "ROW x = SCALB(3.0, 10)", rows: &["3072.0"] }],
};

impl Function for Scalb {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [input(call, 0)?, call.one(1, Kind::WholeNumber)?.of(Type::Long)];
        let kernel = binary::<Float64Type, Int64Type, Float64Type, _>(|number, scale| finite(scale_by(number, scale)));
        Ok(Bound::of(ColumnType::one(Type::Double), inputs, kernel))
    }
}

/// In steps, since the power itself may not be a double where the product is.
fn scale_by(mut number: f64, scale: i64) -> f64 {
    let mut left = scale.clamp(-2_200, 2_200) as i32;
    while left != 0 && number != 0.0 && number.is_finite() {
        let step = left.clamp(-1_000, 1_000);
        number *= 2f64.powi(step);
        left -= step;
    }
    number
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            scalb(3.0, 10) => 3072.0
            scalb(1, -3L) => 0.125
            scalb(1.0, 2000) => null ! not a finite double number: Infinity
            scalb(0, 9223372036854775807L) => 0.0
            "##,
        );
    }
}
