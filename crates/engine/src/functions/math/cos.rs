//! `COS(angle)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Cos;

static DOC: Doc = Doc {
    name: "cos",
    summary: "The cosine of an angle.",
    parameters: &[Parameter::required("angle", "numeric", "The angle, in radians.")],
    returns: "double",
    examples: &[Example { query: "ROW c = COS(1.8)", rows: &["-0.2272020946930871"] }],
};

impl Function for Cos {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |angle| finite(angle.cos()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            cos(2) => -0.4161468365471424
            cos(null) => null
            cos(true) => refused
            "##,
        );
    }
}
