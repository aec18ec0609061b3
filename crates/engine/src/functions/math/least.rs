//! `LEAST(first, rest...)`.

use super::extreme::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct Least;

static DOC: Doc = Doc {
    name: "least",
    summary: "The smallest of some values; of a field with several, its smallest counts. Null if any of them is.",
    parameters: &[
        Parameter::required("first", "any type but text mixed with numbers", "The first value."),
        Parameter::optional("rest", "the first's type", "Further values."),
    ],
    returns: "the common type of the arguments",
    examples: &[Example { query: "ROW x = LEAST(10, 20)", rows: &["10"] }],
};

impl Function for Least {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Ordering::Less)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            least(10, 5, -100) => -100
            least([10, 4], 1, [3, 0]) => 0
            least([10.0, 4.0], 7) => 4.0
            least(date"2024-05-06", date"2023-01-01") => 2023-01-01T00:00:00.000Z
            least(null, 1) => null
            "##,
        );
    }
}
