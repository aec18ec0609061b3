//! `ACOS(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Acos;

static DOC: Doc = Doc {
    name: "acos",
    summary: "The angle, in radians, whose cosine is the number.",
    parameters: &[Parameter::required("number", "numeric", "A number from -1 to 1.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ACOS(.9)", rows: &["0.45102681179626236"] }],
};

impl Function for Acos {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number.abs() > 1.0 {
                return Err(Reason::Arithmetic("Acos input out of range".to_string()));
            }
            Ok(number.acos())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            acos(1) => 0.0
            acos(12.0) => null ! Acos input out of range
            "##,
        );
    }
}
