//! `ATAN2(y, x)`.

use super::doubles::two;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Atan2;

static DOC: Doc = Doc {
    name: "atan2",
    summary: "The angle, in radians, from the positive x axis to the point (x, y).",
    parameters: &[
        Parameter::required("y", "numeric", "The y coordinate."),
        Parameter::required("x", "numeric", "The x coordinate."),
    ],
    returns: "double",
    examples: &[Example { query: "ROW a = ATAN2(12.9, .6)", rows: &["1.5243181954438936"] }],
};

impl Function for Atan2 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        two(call, |y, x| Ok(y.atan2(x)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            atan2(2, 12) => 0.16514867741462683
            atan2(null, 1) => null
            "##,
        );
    }
}
