//! `SHA256(input)`.

use super::hash::bind_digest;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Sha256;

static DOC: Doc = Doc {
    name: "sha256",
    summary: "The SHA-256 hash of a string, in lower-case hexadecimal digits.",
    parameters: &[Parameter::required("input", "keyword, text", "The string to hash.")],
    returns: "keyword",
    examples: &[Example {
        query: r#"ROW h = SHA256("abc")"#,
        rows: &["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    }],
};

impl Function for Sha256 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind_digest(call, super::hash::hex::<sha2::Sha256>)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            sha256("abc") => ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
            sha256(null) => null
            sha256(1) => refused
            "##,
        );
    }
}
