//! What `LEFT` and `RIGHT` share.

use crate::{
    functions::{Bound, Call, Kind, slices::Slices},
    types::ColumnType,
};
use arrow::{
    array::{Array, AsArray},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use schema::Type;
use std::{ops::Range, sync::Arc};

/// Binds a function that cuts a part out of a string, told by a number.
pub(super) fn bind(call: &Call<'_>, part: fn(&str, i32) -> Range<usize>) -> Result<Bound, Diagnostic> {
    call.count(2, 2)?;
    let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::Integer)?];
    Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, move |args, evaluation| {
        let (strings, numbers) = (args[0].as_string_view(), args[1].as_primitive::<Int32Type>());
        let mut parts = Slices::new(strings);
        for row in 0..evaluation.rows {
            if strings.is_null(row) || numbers.is_null(row) {
                parts.push_null();
            } else {
                parts.push(row, part(strings.value(row), numbers.value(row)));
            }
        }
        Ok(Arc::new(parts.finish()))
    }))
}
