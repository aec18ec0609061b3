//! `ASIN(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Asin;

static DOC: Doc = Doc {
    name: "asin",
    summary: "The angle, in radians, whose sine is the number.",
    parameters: &[Parameter::required("number", "numeric", "A number from -1 to 1.")],
    returns: "double",
    examples: &[Example { query: "ROW a = ASIN(.9)", rows: &["1.1197695149986342"] }],
};

impl Function for Asin {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number.abs() > 1.0 {
                return Err(Reason::Arithmetic("Asin input out of range".to_string()));
            }
            Ok(number.asin())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            asin(1) => 1.5707963267948966
            asin(-12.0) => null ! Asin input out of range
            "##,
        );
    }
}
