//! `SINH(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Sinh;

static DOC: Doc = Doc {
    name: "sinh",
    summary: "The hyperbolic sine of a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW s = SINH(1.8)", rows: &["2.94217428809568"] }],
};

impl Function for Sinh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            let result = number.sinh();
            if result.is_finite() { Ok(result) } else { Err(Reason::Arithmetic("sinh overflow".to_string())) }
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            sinh(0) => 0.0
            sinh(-1000) => null ! sinh overflow
            "##,
        );
    }
}
