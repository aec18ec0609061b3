//! What functions share that return several of a row's values.

use crate::{
    functions::{Bound, Call, Evaluation, Input, Kind, lists::Selection},
    types::ColumnType,
};
use arrow::{
    array::{ArrayRef, AsArray, ListArray},
    error::ArrowError,
};
use ir::Diagnostic;
use schema::Type;

/// Fills a selection from the rows of a list, given the type of its values and the call's other arguments.
pub(super) type Fill = fn(Type, &ListArray, &[ArrayRef], &mut Selection, &mut Evaluation<'_>) -> Result<(), ArrowError>;

/// Binds a function whose first argument gives the values and whose others, `rest`, say which.
pub(super) fn bind(call: &Call<'_>, rest: Vec<Input>, fill: Fill) -> Result<Bound, Diagnostic> {
    let ty = call.expect(0, Kind::Any)?;
    let mut inputs = vec![if ty == Type::Null { Input::One(ty) } else { Input::Many(ty) }];
    inputs.extend(rest);
    Ok(Bound::new(ColumnType::many(ty), inputs, move |args, evaluation| {
        let list = args[0].as_list::<i32>();
        let mut selection = Selection::default();
        fill(ty, list, &args[1..], &mut selection, evaluation)?;
        selection.finish(list.values(), ty)
    }))
}
