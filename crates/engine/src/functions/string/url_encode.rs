//! `URL_ENCODE(string)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
};
use ir::Diagnostic;
use schema::Type;
use std::{borrow::Cow, fmt::Write, sync::Arc};

pub struct UrlEncode;

static DOC: Doc = Doc {
    name: "url_encode",
    summary: "A string in the form of a URL's query: spaces as `+`, everything but letters, digits and `.-*_` as `%XX`.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to convert.")],
    returns: "keyword",
    examples: &[Example {
        query: r#"ROW s = URL_ENCODE("https://example.com/?x=foo bar")"#,
        rows: &["https%3A%2F%2Fexample.com%2F%3Fx%3Dfoo+bar"],
    }],
};

impl Function for UrlEncode {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        let convert = rewrite(|text| Ok(Cow::Owned(encode(text, "+"))));
        Ok(Bound::of(
            ColumnType::one(Type::Keyword),
            [string],
            Arc::new(move |args, evaluation| convert(&args[0], evaluation)),
        ))
    }
}

/// Percent-encodes, a space as `space`.
pub(super) fn encode(text: &str, space: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push_str(space),
            b'.' | b'-' | b'*' | b'_' => encoded.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => encoded.push(byte.into()),
            byte => {
                // Writing to a string does not fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            url_encode("https://example.com/?x=foo bar&y=é") => https%3A%2F%2Fexample.com%2F%3Fx%3Dfoo+bar%26y%3D%C3%A9
            url_encode("a.b-c*d_e~f") => a.b-c*d_e%7Ef
            url_encode(null) => null
            "##,
        );
    }
}
