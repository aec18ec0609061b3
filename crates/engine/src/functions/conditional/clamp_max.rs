//! `CLAMP_MAX(field, max)`.

use super::limits::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct ClampMax;

static DOC: Doc = Doc {
    name: "clamp_max",
    summary: "A value, or an upper limit where it lies above.",
    parameters: &[
        Parameter::required("field", "numeric, date, ip, version, boolean, keyword", "The value."),
        Parameter::required("max", "the field's type", "The upper limit."),
    ],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = CLAMP_MAX(7, 5)", rows: &["5"] }],
};

impl Function for ClampMax {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, &[(1, Ordering::Greater)])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            clamp_max(7, 5) => 5
            clamp_max(date"2024-05-06", date"2023-01-01") => 2023-01-01T00:00:00.000Z
            "##,
        );
    }
}
