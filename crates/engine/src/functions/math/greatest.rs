//! `GREATEST(first, rest...)`.

use super::extreme::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct Greatest;

static DOC: Doc = Doc {
    name: "greatest",
    summary: "The largest of some values; of a field with several, its largest counts. Null if any of them is.",
    parameters: &[
        Parameter::required("first", "any type but text mixed with numbers", "The first value."),
        Parameter::optional("rest", "the first's type", "Further values."),
    ],
    returns: "the common type of the arguments",
    examples: &[Example { query: "ROW x = GREATEST(10, 20)", rows: &["20"] }],
};

impl Function for Greatest {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Ordering::Greater)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            greatest(10, 20) => 20
            greatest(10, 5, null) => null
            greatest([10, 4], 1) => 10
            greatest(10.0, 5, 1234) => 1234.0
            greatest("a", text"b") => b
            greatest(ip"9.1.1.1", ip"10.1.1.1") => 10.1.1.1
            greatest(version"1.2", version"1.11") => 1.11
            greatest(true, false) => true
            greatest(1) => 1
            greatest(1, "a") => refused
            greatest() => refused
            "##,
        );
    }
}
