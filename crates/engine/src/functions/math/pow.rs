//! `POW(base, exponent)`.

use super::doubles::two;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Pow;

static DOC: Doc = Doc {
    name: "pow",
    summary: "A number to the power of another.",
    parameters: &[
        Parameter::required("base", "numeric", "The base."),
        Parameter::required("exponent", "numeric", "The exponent."),
    ],
    returns: "double",
    examples: &[Example { query: "ROW p = POW(2.0, 2)", rows: &["4.0"] }],
};

impl Function for Pow {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        two(call, |base, exponent| finite(base.powf(exponent)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            pow(4, 0.5) => 2.0
            pow(-4, 0.5) => null ! not a finite double number: NaN
            pow(2, 9223372036854775808U) => null ! not a finite double number: Infinity
            pow(9223372036854775808U, 2) => 8.507059173023462E37
            "##,
        );
    }
}
