//! `CONTAINS(string, substring)`.

use super::tests_of_strings::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use arrow::compute;
use ir::Diagnostic;

pub struct Contains;

static DOC: Doc = Doc {
    name: "contains",
    summary: "Whether a string contains another.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to look at."),
        Parameter::required("substring", "keyword, text", "The string to look for."),
    ],
    returns: "boolean",
    examples: &[Example { query: r#"ROW b = CONTAINS("ERROR: disk full", "disk")"#, rows: &["true"] }],
};

impl Function for Contains {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |strings, wanted| compute::contains(strings, wanted))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            contains("abc", "b") => true
            contains("abc", "d") => false
            contains("abc", "") => true
            contains("a%c", "%") => true
            contains(null, "b") => null
            contains("abc", ["a", "b"]) => null ! several values
            "##,
        );
    }
}
