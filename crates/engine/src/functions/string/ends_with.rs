//! `ENDS_WITH(string, suffix)`.

use super::tests_of_strings::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use arrow::compute;
use ir::Diagnostic;

pub struct EndsWith;

static DOC: Doc = Doc {
    name: "ends_with",
    summary: "Whether a string ends with another.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to look at."),
        Parameter::required("suffix", "keyword, text", "The string to look for."),
    ],
    returns: "boolean",
    examples: &[Example { query: r#"ROW b = ENDS_WITH("Facello", "llo")"#, rows: &["true"] }],
};

impl Function for EndsWith {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |strings, wanted| compute::ends_with(strings, wanted))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            ends_with("a value longer than twelve", "than twelve") => true
            ends_with("abc", "b") => false
            ends_with("é", "é") => true
            ends_with(null, "c") => null
            "##,
        );
    }
}
