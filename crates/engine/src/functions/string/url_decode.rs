//! `URL_DECODE(string)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
    warning::Reason,
};
use ir::Diagnostic;
use schema::Type;
use std::{borrow::Cow, sync::Arc};

pub struct UrlDecode;

static DOC: Doc = Doc {
    name: "url_decode",
    summary: "The string that a percent-encoded text stands for; `+` is a space.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = URL_DECODE("foo%20bar%3F")"#, rows: &["foo bar?"] }],
};

impl Function for UrlDecode {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        let convert = rewrite(decode);
        Ok(Bound::of(
            ColumnType::one(Type::Keyword),
            [string],
            Arc::new(move |args, evaluation| convert(&args[0], evaluation)),
        ))
    }
}

fn decode(text: &str) -> Result<Cow<'_, str>, Reason> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let Some((digits, tail)) = rest.split_at_checked(2) else {
                    return Err(Reason::Argument("URLDecoder: Incomplete trailing escape (%) pattern".to_string()));
                };
                bytes.push(hex(digits).ok_or_else(|| not_hex(digits))?);
                rest = tail;
            }
            byte => bytes.push(*byte),
        }
    }
    // Bytes that are no UTF-8 become replacement characters.
    Ok(Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())))
}

fn hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)? as u8))
}

fn not_hex(digits: &[u8]) -> Reason {
    let shown = String::from_utf8_lossy(digits);
    Reason::Argument(format!(
        "URLDecoder: Illegal hex characters in escape (%) pattern - not a hexadecimal digit in [{shown}]"
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            url_decode("https%3A%2F%2Fexample.com%2F%3Fx%3Dfoo+bar%26y%3D%C3%A9") => https://example.com/?x=foo bar&y=é
            url_decode("plain") => plain
            url_decode("%4") => null ! URLDecoder: Incomplete trailing escape (%) pattern
            url_decode("%zz") => null ! URLDecoder: Illegal hex characters in escape (%) pattern - not a hexadecimal digit in [zz]
            url_decode("%FFa") => �a
            "##,
        );
    }
}
