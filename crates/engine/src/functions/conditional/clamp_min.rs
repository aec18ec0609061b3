//! `CLAMP_MIN(field, min)`.

use super::limits::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct ClampMin;

static DOC: Doc = Doc {
    name: "clamp_min",
    summary: "A value, or a lower limit where it lies below.",
    parameters: &[
        Parameter::required("field", "numeric, date, ip, version, boolean, keyword", "The value."),
        Parameter::required("min", "the field's type", "The lower limit."),
    ],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = CLAMP_MIN(-7, 1)", rows: &["1"] }],
};

impl Function for ClampMin {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, &[(1, Ordering::Less)])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            clamp_min(-7, 1) => 1
            clamp_min(7.5, 1) => 7.5
            "##,
        );
    }
}
