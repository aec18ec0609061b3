//! `TRIM(string)`.

use super::white_space::{bind, end, start};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Trim;

static DOC: Doc = Doc {
    name: "trim",
    summary: "A string without the white space at both ends.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to trim.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = CONCAT("[", TRIM(" red "), "]")"#, rows: &["[red]"] }],
};

impl Function for Trim {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |text| start(text)..end(text))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            trim("  some text longer than twelve \t") => some text longer than twelve
            trim("   ") => ""
            trim(" \n") => ""
            trim(null) => null
            trim([" a", "b"]) => null ! several values
            "##,
        );
    }
}
