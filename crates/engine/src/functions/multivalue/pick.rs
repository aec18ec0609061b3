//! What functions share that return one of a row's values.

use crate::{
    functions::{Bound, Call, Input, Kind, lists},
    types::ColumnType,
};
use arrow::{
    array::{ArrayRef, AsArray},
    error::ArrowError,
};
use ir::Diagnostic;
use schema::Type;
use std::ops::Range;

/// Chooses one of the places in a row, which is not empty.
pub(super) type Pick = Box<dyn FnMut(Range<usize>) -> Option<usize>>;

/// Binds a function that returns one of the values of its argument. `prepare` makes the choice from the type and values
/// of a batch.
pub(super) fn bind(
    call: &Call<'_>,
    prepare: fn(Type, &ArrayRef) -> Result<Pick, ArrowError>,
) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let field = call.column(0, Kind::Any)?;
    if !field.many {
        return Ok(Bound::new(field, [Input::One(field.ty)], |args, _| Ok(args[0].clone())));
    }
    Ok(Bound::new(ColumnType::one(field.ty), [Input::Many(field.ty)], move |args, _| {
        let list = args[0].as_list::<i32>();
        lists::pick(list, prepare(field.ty, list.values())?)
    }))
}
