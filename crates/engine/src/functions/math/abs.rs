//! `ABS(number)`.

use super::whole::{Numeric, bind};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Abs;

static DOC: Doc = Doc {
    name: "abs",
    summary: "A number without its sign.",
    parameters: &[Parameter::required("number", "numeric", "The number.")],
    returns: "the argument's type",
    examples: &[Example { query: "ROW a = ABS(-1.0)", rows: &["1.0"] }],
};

impl Function for Abs {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(
            call,
            Numeric {
                integer: |number| number.checked_abs().ok_or_else(|| overflow("integer")),
                long: |number| number.checked_abs().ok_or_else(|| overflow("long")),
                unsigned_long: Ok,
                double: |number| Ok(number.abs()),
            },
        )
    }
}

fn overflow(ty: &str) -> Reason {
    Reason::Arithmetic(format!("{ty} overflow"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            abs(-5) => 5
            abs(-1.5) => 1.5
            abs(-5L) => 5
            abs(7U) => 7
            abs(-2147483648) => null ! integer overflow
            abs(null) => null
            abs(true) => refused
            "##,
        );
    }
}
