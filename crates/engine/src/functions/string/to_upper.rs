//! `TO_UPPER(string)`.

use super::case::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct ToUpper;

static DOC: Doc = Doc {
    name: "to_upper",
    summary: "A string in upper case; of several, each.",
    parameters: &[Parameter::required("string", "keyword, text", "The string, or strings, to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = TO_UPPER("Some Text")"#, rows: &["SOME TEXT"] }],
};

impl Function for ToUpper {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |byte| byte.is_ascii_lowercase(), str::make_ascii_uppercase, str::to_uppercase)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            to_upper(["aBc", "É"]) => [ABC, É]
            to_upper(text"ALREADY Long Enough") => ALREADY LONG ENOUGH
            to_upper(null) => null
            to_upper(1) => refused
            "##,
        );
    }
}
