//! `TAN(angle)`.

use super::doubles::one;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Tan;

static DOC: Doc = Doc {
    name: "tan",
    summary: "The tangent of an angle.",
    parameters: &[Parameter::required("angle", "numeric", "The angle, in radians.")],
    returns: "double",
    examples: &[Example { query: "ROW t = TAN(1.8)", rows: &["-4.286261674628062"] }],
};

impl Function for Tan {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |angle| finite(angle.tan()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            tan(2) => -2.185039863261519
            "##,
        );
    }
}
