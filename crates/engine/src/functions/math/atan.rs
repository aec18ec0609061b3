//! `ATAN(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Atan;

static DOC: Doc = Doc {
    name: "atan",
    summary: "The angle, in radians, whose tangent is the number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ATAN(12.9)", rows: &["1.4934316673669235"] }],
};

impl Function for Atan {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| Ok(number.atan()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            atan(2) => 1.1071487177940904
            "##,
        );
    }
}
