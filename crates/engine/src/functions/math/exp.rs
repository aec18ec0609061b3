//! `EXP(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Exp;

static DOC: Doc = Doc {
    name: "exp",
    summary: "e to the power of a number.",
    parameters: &[Parameter::required("number", "numeric", "The exponent.")],
    returns: "double",
    examples: &[Example { query: "ROW e = EXP(1.0)", rows: &["2.718281828459045"] }],
};

impl Function for Exp {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| finite(number.exp()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            exp(0) => 1.0
            exp(1000) => null ! not a finite double number: Infinity
            "##,
        );
    }
}
