//! `CEIL(number)`.

use super::whole::{Numeric, bind};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Ceil;

static DOC: Doc = Doc {
    name: "ceil",
    summary: "The smallest whole number not below a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "the argument's type",
    examples: &[Example { query: "ROW a = CEIL(1.8)", rows: &["2.0"] }],
};

impl Function for Ceil {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Numeric { integer: Ok, long: Ok, unsigned_long: Ok, double: |number| Ok(number.ceil()) })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            ceil(1.8) => 2.0
            ceil(7) => 7
            ceil(18446744073709551615U) => 18446744073709551615
            ceil(null) => null
            "##,
        );
    }
}
