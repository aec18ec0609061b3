//! `MATCH(field, query, options)`.

use super::terms::{Wanted, bind};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::{Diagnostic, Literal};

pub struct Match;

static DOC: Doc = Doc {
    name: "match",
    summary: "Whether a field has one of the terms of a query (text), or equals it (everything else); of several values, whether any does. Never null: a missing field does not match.",
    parameters: &[
        Parameter::required("field", "any type", "The field."),
        Parameter::required("query", "any type", "The constant to look for."),
        Parameter::optional(
            "options",
            "map",
            "`operator`: `OR` (the default) or `AND`, for text; `lenient`, `boost` and the like do not change the answer.",
        ),
    ],
    returns: "boolean",
    examples: &[Example { query: r#"ROW s = "Georgi" | EVAL b = MATCH(s, "Georgi") | KEEP b"#, rows: &["true"] }],
};

impl Function for Match {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        const KNOWN: [&str; 12] = [
            "analyzer",
            "auto_generate_synonyms_phrase_query",
            "boost",
            "fuzziness",
            "fuzzy_rewrite",
            "fuzzy_transpositions",
            "lenient",
            "max_expansions",
            "minimum_should_match",
            "operator",
            "prefix_length",
            "zero_terms_query",
        ];
        let (options, args) = call.options(&KNOWN)?;
        let mut all = false;
        for (name, value) in options {
            match (name.as_str(), value) {
                ("operator", Literal::String(operator)) if operator.eq_ignore_ascii_case("and") => all = true,
                ("operator", Literal::String(operator)) if operator.eq_ignore_ascii_case("or") => all = false,
                ("boost" | "lenient" | "fuzzy_rewrite" | "auto_generate_synonyms_phrase_query", _) => {}
                (name, _) => {
                    let message = format!("the option [{name}] of [{}] is not supported", call.text);
                    return Err(call.bad_value(call.args.len() - 1, message));
                }
            }
        }
        bind(call, args, if all { Wanted::All } else { Wanted::Any })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            match("Georgi", "Georgi") => true
            match("Georgi", "georgi") => false
            match(text"The quick, brown fox", "FOX lazy") => true
            match(text"The quick, brown fox", "fox lazy", {"operator": "AND"}) => false
            match(text"The quick, brown fox", "fox quick", {"operator": "and"}) => true
            match(["a", "b"], "b") => true
            match([1, 2], 2) => true
            match(1, "1") => true
            match(null, "x") => false
            match("x", "x", {"fuzziness": 1}) => refused
            match("x", "x", {"colour": 1}) => refused
            "##,
        );
    }
}
