//! `TO_LOWER(string)`.

use super::case::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct ToLower;

static DOC: Doc = Doc {
    name: "to_lower",
    summary: "A string in lower case; of several, each.",
    parameters: &[Parameter::required("string", "keyword, text", "The string, or strings, to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = TO_LOWER("Some Text")"#, rows: &["some text"] }],
};

impl Function for ToLower {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |byte| byte.is_ascii_uppercase(), str::make_ascii_lowercase, str::to_lowercase)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            to_lower(["aBc", "É"]) => [abc, é]
            to_lower(text"ALREADY Long Enough") => already long enough
            to_lower(null) => null
            to_lower(1) => refused
            "##,
        );
    }
}
