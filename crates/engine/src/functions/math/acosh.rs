//! `ACOSH(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Acosh;

static DOC: Doc = Doc {
    name: "acosh",
    summary: "The inverse hyperbolic cosine of a number.",
    parameters: &[Parameter::required("number", "numeric", "A number not below 1.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ACOSH(1)", rows: &["0.0"] }],
};

impl Function for Acosh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number < 1.0 {
                return Err(Reason::Arithmetic("Acosh input out of range".to_string()));
            }
            Ok(number.acosh())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            acosh(1) => 0.0
            acosh(0.5) => null ! Acosh input out of range
            "##,
        );
    }
}
