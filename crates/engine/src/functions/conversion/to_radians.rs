//! `TO_RADIANS(number)`.

use super::to_degrees::bind_angle;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct ToRadians;

static DOC: Doc = Doc {
    name: "to_radians",
    summary: "Converts an angle in degrees to radians.",
    parameters: &[Parameter::required("number", "numeric", "The angle, or angles, in degrees.")],
    returns: "double",
    examples: &[Example {
        query: "ROW rad = TO_RADIANS([90.0, 180.0])",
        rows: &["[1.5707963267948966, 3.141592653589793]"],
    }],
};

impl Function for ToRadians {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind_angle(call, |degrees| Ok(degrees * (std::f64::consts::PI / 180.0)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_radians([90, 180, 270]) => [1.5707963267948966, 3.141592653589793, 4.71238898038469]
            to_radians(180U) => 3.141592653589793
            "#,
        );
    }
}
