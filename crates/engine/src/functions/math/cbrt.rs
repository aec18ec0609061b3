//! `CBRT(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Cbrt;

static DOC: Doc = Doc {
    name: "cbrt",
    summary: "The cube root of a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW c = CBRT(1000.0)", rows: &["10.0"] }],
};

impl Function for Cbrt {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| Ok(number.cbrt()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            cbrt(27) => 3.0
            cbrt(-1.0) => -1.0
            cbrt(1000000000000000000U) => 1000000.0
            "##,
        );
    }
}
