//! `SIGNUM(number)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Signum;

static DOC: Doc = Doc {
    name: "signum",
    summary: "The sign of a number: -1.0, 0.0 or 1.0.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "double",
    examples: &[Example { query: "ROW s = SIGNUM(100.0)", rows: &["1.0"] }],
};

impl Function for Signum {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| Ok(if number == 0.0 { number } else { number.signum() }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            signum(-3) => -1.0
            signum(0) => 0.0
            "##,
        );
    }
}
