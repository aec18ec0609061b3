//! `URL_ENCODE_COMPONENT(string)`.

use super::url_encode::encode;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
};
use ir::Diagnostic;
use schema::Type;
use std::{borrow::Cow, sync::Arc};

pub struct UrlEncodeComponent;

static DOC: Doc = Doc {
    name: "url_encode_component",
    summary: "A string in the form of a part of a URL: spaces as `%20`, everything but letters, digits and `.-*_` as `%XX`.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to convert.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = URL_ENCODE_COMPONENT("foo bar")"#, rows: &["foo%20bar"] }],
};

impl Function for UrlEncodeComponent {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        let convert = rewrite(|text| Ok(Cow::Owned(encode(text, "%20"))));
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
            url_encode_component("foo bar+baz") => foo%20bar%2Bbaz
            "##,
        );
    }
}
