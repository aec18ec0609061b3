//! `MATCH_PHRASE(field, query, options)`.

use super::terms::{Wanted, bind};
use crate::functions::{Bound, Call, Doc, Example, Function, Kind, Parameter};
use ir::{Diagnostic, Literal};

pub struct MatchPhrase;

static DOC: Doc = Doc {
    name: "match_phrase",
    summary: "Whether a text has the terms of a query next to each other and in order, or a keyword equals it; of several values, whether any does. Never null.",
    parameters: &[
        Parameter::required("field", "keyword, text", "The field."),
        Parameter::required("query", "keyword", "The constant phrase to look for."),
        Parameter::optional(
            "options",
            "map",
            "`slop`: how far the terms may be moved (0); `boost` does not change the answer.",
        ),
    ],
    returns: "boolean",
    examples: &[Example {
        query: r#"ROW s = "Georgi" | EVAL b = MATCH_PHRASE(s, "Georgi") | KEEP b"#,
        rows: &["true"],
    }],
};

impl Function for MatchPhrase {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        let (options, args) = call.options(&["analyzer", "boost", "slop", "zero_terms_query"])?;
        for (name, value) in options {
            if !matches!((name.as_str(), value), ("boost", _) | ("slop", Literal::Integer(0))) {
                let message = format!("the option [{name}] of [{}] is not supported", call.text);
                return Err(call.bad_value(call.args.len() - 1, message));
            }
        }
        call.expect(0, Kind::String)?;
        bind(call, args, Wanted::Phrase)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            match_phrase(text"The quick, brown fox", "quick BROWN") => true
            match_phrase(text"The quick, brown fox", "brown quick") => false
            match_phrase(text"a a b", "a b") => true
            match_phrase("quick brown", "quick") => false
            match_phrase(null, "x") => false
            match_phrase(1, "x") => refused
            "##,
        );
    }
}
