//! `STARTS_WITH(string, prefix)`.

use super::tests_of_strings::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use arrow::compute;
use ir::Diagnostic;

pub struct StartsWith;

static DOC: Doc = Doc {
    name: "starts_with",
    summary: "Whether a string starts with another.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to look at."),
        Parameter::required("prefix", "keyword, text", "The string to look for."),
    ],
    returns: "boolean",
    examples: &[Example { query: r#"ROW b = STARTS_WITH("Facello", "Fac")"#, rows: &["true"] }],
};

impl Function for StartsWith {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |strings, wanted| compute::starts_with(strings, wanted))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            starts_with("a value longer than twelve", "a value longer") => true
            starts_with("abc", "b") => false
            starts_with("", "") => true
            starts_with("abc", null) => null
            "##,
        );
    }
}
