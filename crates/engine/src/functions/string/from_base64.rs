//! `FROM_BASE64(string)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
    warning::Reason,
};
use base64::{
    DecodeError, Engine,
    alphabet::STANDARD as STANDARD_ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ir::Diagnostic;
use schema::Type;
use std::{borrow::Cow, sync::Arc};

pub struct FromBase64;

static DOC: Doc = Doc {
    name: "from_base64",
    summary: "The string that a Base64 text stands for.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = FROM_BASE64("ZWxhc3RpYw==")"#, rows: &["elastic"] }],
};

impl Function for FromBase64 {
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

/// Padding may be missing, as Java's decoder has it. Bytes that are no UTF-8 become replacement characters.
fn decode(text: &str) -> Result<Cow<'_, str>, Reason> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD_ALPHABET,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let bytes = LENIENT.decode(text).map_err(|why| match why {
        DecodeError::InvalidByte(_, byte) => Reason::Argument(format!("Illegal base64 character {byte:x}")),
        _ => Reason::Argument(format!("Input byte array has incorrect ending byte at {}", text.len())),
    })?;
    Ok(Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            from_base64("ZWxhc3RpYw==") => elastic
            from_base64("ZWxhc3RpYw") => elastic
            from_base64("%") => null ! Illegal base64 character 25
            from_base64("ZWxhc3RpYw=a") => null ! Illegal base64 character 3d
            from_base64(null) => null
            "##,
        );
    }
}
