//! `REPLACE(string, regex, newString)`.

use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Kind, Parameter,
        regex::{Pattern, Replacement},
    },
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{Array, AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;
/// Longest result, in bytes.
const LIMIT: usize = 1 << 20;

pub struct Replace;

static DOC: Doc = Doc {
    name: "replace",
    summary: "A string with every match of a regular expression (in Java's syntax) replaced. `$1` or `${name}` in the new string stand for groups of the match.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to change."),
        Parameter::required("regex", "keyword, text", "The regular expression."),
        Parameter::required("newString", "keyword, text", "What matches are replaced with."),
    ],
    returns: "keyword",
    examples: &[
        Example { query: r#"ROW s = REPLACE("Hello World", "World", "Universe")"#, rows: &["Hello Universe"] },
        Example {
            query: r#"ROW s = REPLACE("2024-05-06", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")"#,
            rows: &["06.05.2024"],
        },
    ],
};

impl Function for Replace {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(3, 3)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?, call.one(2, Kind::String)?];
        if let Some(Err(Reason::Argument(why))) = call.constant_str(1).map(Pattern::new) {
            return Err(call.bad_value(1, why));
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let (strings, patterns) = (args[0].as_string_view(), args[1].as_string_view());
            let replacements = args[2].as_string_view();
            let mut results = StringViewBuilder::with_capacity(strings.len());
            // Rows mostly share the pattern and the replacement: they are read again only where they change.
            let mut rule: Option<(&str, &str, Result<Rule, Reason>)> = None;
            let mut result = String::new();
            for row in 0..strings.len() {
                if strings.is_null(row) || patterns.is_null(row) || replacements.is_null(row) {
                    results.append_null();
                    continue;
                }
                let (pattern, replacement) = (patterns.value(row), replacements.value(row));
                if !rule.as_ref().is_some_and(|(known, new, _)| *known == pattern && *new == replacement) {
                    rule = Some((pattern, replacement, Rule::new(pattern, replacement)));
                }
                let replaced = match &rule {
                    Some((_, _, Ok(rule))) => rule.apply(strings.value(row), &mut result),
                    Some((_, _, Err(why))) => Err(why.clone()),
                    None => Ok(()),
                };
                results.append_option(evaluation.check(replaced).map(|()| &result));
            }
            Ok(Arc::new(results.finish()))
        }))
    }
}

struct Rule {
    pattern: Pattern,
    replacement: Replacement,
}

impl Rule {
    fn new(pattern: &str, replacement: &str) -> Result<Rule, Reason> {
        let pattern = Pattern::new(pattern)?;
        let replacement = Replacement::new(replacement, &pattern)?;
        Ok(Rule { pattern, replacement })
    }

    fn apply(&self, text: &str, result: &mut String) -> Result<(), Reason> {
        result.clear();
        let mut copied = 0;
        self.pattern.each_match(text, |groups| {
            let Some(Some(whole)) = groups.first() else { return };
            // Past the limit nothing more is kept.
            if result.len() <= LIMIT {
                result.push_str(text.get(copied..whole.start).unwrap_or(""));
                self.replacement.expand(text, &groups, result);
            }
            copied = whole.end;
        })?;
        result.push_str(text.get(copied..).unwrap_or(""));
        if result.len() > LIMIT {
            let why = format!("Creating strings with more than [{LIMIT}] bytes is not supported");
            return Err(Reason::Argument(why));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            replace("Hello World", "World", "Universe") => Hello Universe
            replace("a1b22", "\\d+", "#") => a#b#
            replace("abc", "", "-") => -a-b-c-
            replace("abc", "(b)", "[$1]") => a[b]c
            replace("abc", "x", "y") => abc
            replace("a.b", "[.]", "") => ab
            replace("foo", "o(?=$)", "x") => fox
            replace("foo", null, "x") => null
            replace("foo", ["a", "b"], "x") => null ! several values
            replace("foo", "o", "$1") => null ! No group 1
            "##,
        );
    }
}
