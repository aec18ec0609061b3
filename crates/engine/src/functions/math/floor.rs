//! `FLOOR(number)`.

use super::whole::{Numeric, bind};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Floor;

static DOC: Doc = Doc {
    name: "floor",
    summary: "The largest whole number not above a number.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "the argument's type",
    examples: &[Example { query: "ROW a = FLOOR(1.8)", rows: &["1.0"] }],
};

impl Function for Floor {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Numeric { integer: Ok, long: Ok, unsigned_long: Ok, double: |number| Ok(number.floor()) })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            floor(1.8) => 1.0
            floor(7) => 7
            floor(18446744073709551615U) => 18446744073709551615
            floor(null) => null
            "##,
        );
    }
}
