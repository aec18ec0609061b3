//! `SIN(angle)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Sin;

static DOC: Doc = Doc {
    name: "sin",
    summary: "The sine of an angle.",
    parameters: &[Parameter::required("angle", "numeric", "The angle, in radians.")],
    returns: "double",
    examples: &[Example { query: "ROW s = SIN(1.8)", rows: &["0.9738476308781951"] }],
};

impl Function for Sin {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |angle| finite(angle.sin()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            sin(2) => 0.9092974268256817
            sin(0U) => 0.0
            "##,
        );
    }
}
