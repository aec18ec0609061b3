//! `LEFT(string, length)`.

use super::part::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, slices};
use ir::Diagnostic;

pub struct Left;

static DOC: Doc = Doc {
    name: "left",
    summary: "The first code points of a string.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to cut."),
        Parameter::required("length", "integer", "How many; all of a shorter string, none if negative."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = LEFT("Alejandro", 3)"#, rows: &["Ale"] }],
};

impl Function for Left {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |text, length| 0..slices::offset(text, usize::try_from(length).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            left("aéb", 2) => aé
            left("a value longer than twelve", 20) => "a value longer than "
            left("ab", 5) => ab
            left("ab", -1) => ""
            left("ab", null) => null
            left("ab", 1L) => refused
            "##,
        );
    }
}
