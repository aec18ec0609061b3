//! `REVERSE(string)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, kernel::rewrite},
    types::ColumnType,
};
use ir::Diagnostic;
use schema::Type;
use std::{borrow::Cow, sync::Arc};
use unicode_segmentation::UnicodeSegmentation;

pub struct Reverse;

static DOC: Doc = Doc {
    name: "reverse",
    summary: "A string backwards. What a reader takes for one character, such as a letter with its accents, stays together.",
    parameters: &[Parameter::required("string", "keyword, text", "The string to reverse.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW s = REVERSE("Some Text")"#, rows: &["txeT emoS"] }],
};

impl Function for Reverse {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let string = call.one(0, Kind::String)?;
        let reverse = rewrite(|text| Ok(Cow::Owned(reverse(text))));
        Ok(Bound::of(
            ColumnType::one(Type::Keyword),
            [string],
            Arc::new(move |args, evaluation| reverse(&args[0], evaluation)),
        ))
    }
}

fn reverse(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().rev().collect();
    }
    text.graphemes(true).rev().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            reverse("abc") => cba
            reverse("aéb") => béa
            reverse("") => ""
            reverse(null) => null
            "##,
        );
    }
}
