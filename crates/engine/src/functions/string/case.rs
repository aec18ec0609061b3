//! What `TO_LOWER` and `TO_UPPER` share.

use crate::functions::{Bound, Call, Kind, kernel::Flat};
use arrow::array::{Array, ArrayRef, AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

/// Binds a conversion of case, given for ASCII letters and in full. `changes` says whether an ASCII byte would.
pub(super) fn bind(
    call: &Call<'_>,
    changes: fn(&u8) -> bool,
    ascii: fn(&mut str),
    full: fn(&str) -> String,
) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let string = call.column(0, Kind::String)?;
    let convert: Flat = Arc::new(move |array: &ArrayRef, _| {
        let strings = array.as_string_view();
        let unchanged = |text: &str| text.is_ascii() && !text.as_bytes().iter().any(changes);
        // Names and host names in logs mostly have the case that is asked for.
        if strings.iter().flatten().all(unchanged) {
            return Ok(array.clone());
        }
        let mut results = StringViewBuilder::with_capacity(strings.len());
        let mut result = String::new();
        for text in strings {
            match text {
                None => results.append_null(),
                Some(text) if text.is_ascii() => {
                    result.clear();
                    result.push_str(text);
                    ascii(&mut result);
                    results.append_value(&result);
                }
                Some(text) => results.append_value(full(text)),
            }
        }
        Ok(Arc::new(results.finish()))
    });
    Ok(Bound::each(string, Type::Keyword, convert))
}
