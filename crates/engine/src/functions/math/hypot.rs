//! `HYPOT(a, b)`.

use super::doubles::two;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct Hypot;

static DOC: Doc = Doc {
    name: "hypot",
    summary: "The length of the hypotenuse of a right-angled triangle.",
    parameters: &[Parameter::required("a", "numeric", "One leg."), Parameter::required("b", "numeric", "The other.")],
    returns: "double",
    examples: &[Example { query: "ROW h = HYPOT(3.0, 4.0)", rows: &["5.0"] }],
};

impl Function for Hypot {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        two(call, |a, b| finite(a.hypot(b)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            hypot(3, 4U) => 5.0
            hypot(1e308, 1.7e308) => null ! not a finite double number: Infinity
            "##,
        );
    }
}
