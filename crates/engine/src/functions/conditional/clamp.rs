//! `CLAMP(field, min, max)`.

use super::limits::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct Clamp;

static DOC: Doc = Doc {
    name: "clamp",
    summary: "A value, or the nearer of two limits where it lies beyond them.",
    parameters: &[
        Parameter::required("field", "numeric, date, ip, version, boolean, keyword", "The value."),
        Parameter::required("min", "the field's type", "The lower limit."),
        Parameter::required("max", "the field's type", "The upper limit."),
    ],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = CLAMP(7, 1, 5)", rows: &["5"] }],
};

impl Function for Clamp {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, &[(1, Ordering::Less), (2, Ordering::Greater)])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            clamp(7, 1, 5) => 5
            clamp(-7, 1, 5) => 1
            clamp(3, 1, 5) => 3
            clamp("m", "a", "k") => k
            clamp(null, 1, 5) => null
            clamp(3, null, 5) => null
            clamp(3, "a", 5) => refused
            "##,
        );
    }
}
