//! `TO_BASE64(string)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToBase64;

static DOC: Doc = Doc {
    name: "to_base64",
    summary: "The Base64 form of a string.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = TO_BASE64("elastic")"#, rows: &["ZWxhc3RpYw=="] }],
};

impl Function for ToBase64 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        let convert = rewrite(|text| Ok(STANDARD.encode(text).into()));
        Ok(Bound::of(
            ColumnType::one(Type::Keyword),
            [string],
            Arc::new(move |args, evaluation| convert(&args[0], evaluation)),
        ))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            to_base64("elastic") => ZWxhc3RpYw==
            to_base64("") => ""
            to_base64(null) => null
            "##,
        );
    }
}
