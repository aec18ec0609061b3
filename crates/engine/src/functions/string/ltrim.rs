//! `LTRIM(string)`.

use super::white_space::{bind, start};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Ltrim;

static DOC: Doc = Doc {
    name: "ltrim",
    summary: "A string without the white space at its start.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to trim.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = CONCAT("[", LTRIM(" red "), "]")"#, rows: &["[red ]"] }],
};

impl Function for Ltrim {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |text| start(text)..text.len())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            ltrim("  some text longer than twelve") => some text longer than twelve
            ltrim("x ") => "x "
            "##,
        );
    }
}
