//! `SHA1(input)`.

use super::hash::bind_digest;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Sha1;

static DOC: Doc = Doc {
    name: "sha1",
    summary: "The SHA-1 hash of a string, in lower-case hexadecimal digits.",
    parameters: &[Parameter::required("input", "keyword, text", "The string to hash.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW h = SHA1("abc")"#, rows: &["a9993e364706816aba3e25717850c26c9cd0d89d"] }],
};

impl Function for Sha1 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind_digest(call, super::hash::hex::<sha1::Sha1>)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            sha1("abc") => a9993e364706816aba3e25717850c26c9cd0d89d
            sha1(null) => null
            sha1(1) => refused
            "##,
        );
    }
}
