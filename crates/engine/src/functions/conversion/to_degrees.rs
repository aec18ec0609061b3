//! `TO_DEGREES(number)`.

use super::bind_first;
use crate::functions::{
    Bound, Call, Doc, Example, Function, Kind, Parameter,
    kernel::{convert, finite},
};
use arrow::datatypes::Float64Type;
use ir::Diagnostic;
use schema::Type;

pub struct ToDegrees;

static DOC: Doc = Doc {
    name: "to_degrees",
    summary: "Converts an angle in radians to degrees.",
    parameters: &[Parameter::required("number", "numeric", "The angle, or angles, in radians.")],
    returns: "double",
    examples: &[Example {
        query: "ROW deg = TO_DEGREES([1.57, 3.14])",
        rows: &["[89.95437383553924, 179.9087476710785]"],
    }],
};

impl Function for ToDegrees {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind_angle(call, finite_degrees)
    }
}

fn finite_degrees(radians: f64) -> Result<f64, crate::warning::Reason> {
    finite(radians * (180.0 / std::f64::consts::PI))
}

/// A conversion of angles: whatever the number, as a double.
pub(super) fn bind_angle(
    call: &Call<'_>,
    angle: fn(f64) -> Result<f64, crate::warning::Reason>,
) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    call.expect(0, Kind::Numeric)?;
    let mut bound = bind_first(call, Type::Double, |_| Some(convert::<Float64Type, Float64Type, _>(angle)))?;
    for input in &mut bound.inputs {
        *input = input.of(Type::Double);
    }
    Ok(bound)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_degrees([1, 2]) => [57.29577951308232, 114.59155902616465]
            to_degrees(1.57) => 89.95437383553924
            to_degrees(1e308) => null ! not a finite double number: Infinity
            to_degrees(true) => refused
            "#,
        );
    }
}
