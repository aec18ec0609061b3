//! `SUBSTRING(string, start, length)`.

use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Kind, Parameter,
        slices::{self, Slices},
    },
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{Array, AsArray},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use schema::Type;
use std::{ops::Range, sync::Arc};

pub struct Substring;

static DOC: Doc = Doc {
    name: "substring",
    summary: "The part of a string from a position on, counted in code points.",
    parameters: &[
        Parameter::required("string", "keyword, text", "The string to cut."),
        Parameter::required("start", "integer", "Where the part starts: 1 is the first code point, -1 the last."),
        Parameter::optional("length", "integer", "How many code points it has; all that follow if left out."),
    ],
    returns: "keyword",
    examples: &[
        Example { query: r#"ROW s = SUBSTRING("Facello", 3)"#, rows: &["cello"] },
        Example { query: r#"ROW s = SUBSTRING("Facello", -3, 2)"#, rows: &["ll"] },
    ],
};

impl Function for Substring {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 3)?;
        let mut inputs = vec![call.one(0, Kind::String)?, call.one(1, Kind::Integer)?];
        if call.args.len() > 2 {
            inputs.push(call.one(2, Kind::Integer)?);
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let (strings, starts) = (args[0].as_string_view(), args[1].as_primitive::<Int32Type>());
            let lengths = args.get(2).map(|lengths| lengths.as_primitive::<Int32Type>());
            let mut parts = Slices::new(strings);
            for row in 0..evaluation.rows {
                if strings.is_null(row) || starts.is_null(row) || lengths.is_some_and(|lengths| lengths.is_null(row)) {
                    parts.push_null();
                    continue;
                }
                let length = lengths.map_or(i32::MAX, |lengths| lengths.value(row));
                match evaluation.check(part(strings.value(row), starts.value(row), length)) {
                    Some(range) => parts.push(row, range),
                    None => parts.push_null(),
                }
            }
            Ok(Arc::new(parts.finish()))
        }))
    }
}

fn part(text: &str, start: i32, length: i32) -> Result<Range<usize>, Reason> {
    let Ok(length) = usize::try_from(length) else {
        return Err(Reason::Argument(format!("Length parameter cannot be negative, found [{length}]")));
    };
    // Counting is needed for positions from the end only.
    let first = match usize::try_from(start) {
        Ok(start) => start.saturating_sub(1),
        Err(_) => slices::position(start, slices::code_points(text)),
    };
    let start = slices::offset(text, first);
    Ok(start..start + slices::offset(&text[start..], length))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            substring("Facello", 3) => cello
            substring("Facello", 3, 1) => c
            substring("Facello", -3) => llo
            substring("Facello", -30, 2) => Fa
            substring("Facello", 0, 2) => Fa
            substring("Facello", 30) => ""
            substring("aéïb", 2, 2) => éï
            substring("", 1, 1) => ""
            substring("abc", 1, -1) => null ! Length parameter cannot be negative, found [-1]
            substring("abc", -2147483648, 2147483647) => abc
            substring("abc", null) => null
            substring(["a", "b"], 1) => null ! several values
            "##,
        );
    }
}
