//! `RTRIM(string)`.

use super::white_space::{bind, end};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Rtrim;

static DOC: Doc = Doc {
    name: "rtrim",
    summary: "A string without the white space at its end.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to trim.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = CONCAT("[", RTRIM(" red "), "]")"#, rows: &["[ red]"] }],
};

impl Function for Rtrim {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |text| 0..end(text))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            rtrim("some text longer than twelve  ") => some text longer than twelve
            rtrim(" ") => ""
            "##,
        );
    }
}
