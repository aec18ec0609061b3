//! `ASINH(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Asinh;

static DOC: Doc = Doc {
    name: "asinh",
    summary: "The inverse hyperbolic sine of a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ASINH(0)", rows: &["0.0"] }],
};

impl Function for Asinh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| finite(number.asinh()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            asinh(0) => 0.0
            "##,
        );
    }
}
