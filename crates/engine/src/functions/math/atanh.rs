//! `ATANH(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Atanh;

static DOC: Doc = Doc {
    name: "atanh",
    summary: "The inverse hyperbolic tangent of a number.",
    parameters: &[Parameter::required("number", "numeric", "A number between -1 and 1.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ATANH(0)", rows: &["0.0"] }],
};

impl Function for Atanh {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number <= -1.0 || number >= 1.0 {
                return Err(Reason::Arithmetic("Atanh input out of range".to_string()));
            }
            Ok(number.atanh())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            atanh(0.5) => 0.5493061443340548
            atanh(1) => null ! Atanh input out of range
            "##,
        );
    }
}
