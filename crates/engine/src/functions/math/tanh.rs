//! `TANH(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Tanh;

static DOC: Doc = Doc {
    name: "tanh",
    summary: "The hyperbolic tangent of a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW t = TANH(1.8)", rows: &["0.9468060128462683"] }],
};

impl Function for Tanh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| Ok(number.tanh()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            tanh(2) => 0.9640275800758169
            "##,
        );
    }
}
