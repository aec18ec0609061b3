//! `COSH(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Cosh;

static DOC: Doc = Doc {
    name: "cosh",
    summary: "The hyperbolic cosine of a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW c = COSH(1.8)", rows: &["3.1074731763172667"] }],
};

impl Function for Cosh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            let result = number.cosh();
            if result.is_finite() { Ok(result) } else { Err(Reason::Arithmetic("cosh overflow".to_string())) }
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            cosh(2) => 3.7621956910836314
            cosh(1000) => null ! cosh overflow
            "##,
        );
    }
}
