//! `RIGHT(string, length)`.

use super::part::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, slices};
use ir::Diagnostic;

pub struct Right;

static DOC: Doc = Doc {
    name: "right",
    summary: "The last code points of a string.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to cut."),
        Parameter::required("length", "integer", "How many; all of a shorter string, none if negative."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = RIGHT("Alejandro", 3)"#, rows: &["dro"] }],
};

impl Function for Right {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |text, length| {
            let skipped = slices::code_points(text).saturating_sub(usize::try_from(length).unwrap_or(0));
            slices::offset(text, skipped)..text.len()
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            right("aéb", 2) => éb
            right("ab", 5) => ab
            right("ab", 0) => ""
            right("ab", -2147483648) => ""
            right(null, 1) => null
            "##,
        );
    }
}
