//! What `TRIM`, `LTRIM` and `RTRIM` share.

use crate::{
    functions::{Bound, Call, Kind, slices},
    types::ColumnType,
};
use arrow::array::AsArray;
use ir::Diagnostic;
use schema::Type;
use std::{ops::Range, sync::Arc};

pub(super) fn bind(call: &Call<'_>, part: fn(&str) -> Range<usize>) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let string = call.one(0, Kind::String)?;
    Ok(Bound::new(ColumnType::one(Type::Keyword), [string], move |args, _| {
        Ok(Arc::new(slices::slice(args[0].as_string_view(), part)))
    }))
}

pub(super) fn start(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_white).len()
}

/// Where white space at the end starts: before the start of text that is nothing else.
pub(super) fn end(text: &str) -> usize {
    text.trim_end_matches(is_white).len()
}

/// White space as Java's `Character.isWhitespace` has it: no-break spaces are not, the separator controls are.
fn is_white(c: char) -> bool {
    match c {
        '\u{A0}' | '\u{2007}' | '\u{202F}' | '\u{85}' => false,
        '\u{1C}'..='\u{1F}' => true,
        c => c.is_whitespace(),
    }
}
