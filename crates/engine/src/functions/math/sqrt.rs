//! `SQRT(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Sqrt;

static DOC: Doc = Doc {
    name: "sqrt",
    summary: "The square root of a number.",
    parameters: &[Parameter::required("number", "numeric", "A number not below 0.")],
    returns: "double",
    examples: &[Example { query: "ROW s = SQRT(100.0)", rows: &["10.0"] }],
};

impl Function for Sqrt {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number < 0.0 {
                return Err(Reason::Arithmetic("Square root of negative".to_string()));
            }
            Ok(number.sqrt())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            sqrt(81) => 9.0
            sqrt(1000000000000000000U) => 1.0E9
            sqrt(-1) => null ! Square root of negative
            sqrt(-0.0) => -0.0
            sqrt([1, 4]) => null ! several values
            "##,
        );
    }
}
