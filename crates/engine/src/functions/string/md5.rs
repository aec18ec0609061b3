//! `MD5(input)`.

use super::hash::bind_digest;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct Md5;

static DOC: Doc = Doc {
    name: "md5",
    summary: "The MD5 hash of a string, in lower-case hexadecimal digits.",
    parameters: &[Parameter::required("input", "keyword, text", "The string to hash.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW h = MD5("abc")"#, rows: &["900150983cd24fb0d6963f7d28e17f72"] }],
};

impl Function for Md5 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind_digest(call, super::hash::hex::<md5::Md5>)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            md5("abc") => 900150983cd24fb0d6963f7d28e17f72
            md5(null) => null
            md5(1) => refused
            "##,
        );
    }
}
