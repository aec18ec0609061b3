//! What `GREATEST` and `LEAST` share.

use crate::{
    functions::{Bound, Call, Input, common_type, lists, order::comparator},
    types::ColumnType,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray},
    compute::kernels::zip::zip,
};
use ir::{Diagnostic, codes};
use schema::Type;
use std::cmp::Ordering;

/// Binds the function that keeps, of two values, the one that compares so to the other.
pub(super) fn bind(call: &Call<'_>, keep: Ordering) -> Result<Bound, Diagnostic> {
    call.count(1, usize::MAX)?;
    let ty = common(call, 0)?;
    let inputs: Vec<Input> =
        (0..call.args.len()).map(|at| if call.ty(at).many { Input::Many(ty) } else { Input::One(ty) }).collect();
    Ok(Bound::new(ColumnType::one(ty), inputs, move |args, evaluation| {
        let mut best: Option<ArrayRef> = None;
        for arg in args {
            let values = match arg.as_list_opt::<i32>() {
                Some(list) => {
                    let compare = comparator(ty, list.values(), list.values())?;
                    lists::pick(list, |row| {
                        row.reduce(|best, next| if compare(next, best) == keep { next } else { best })
                    })?
                }
                None => arg.clone(),
            };
            best = Some(match best {
                None => values,
                Some(best) => {
                    let compare = comparator(ty, &values, &best)?;
                    // A null, where either has one, stays one.
                    let change = (0..evaluation.rows)
                        .map(|row| values.is_null(row) || (best.is_valid(row) && compare(row, row) == keep));
                    zip(&change.map(Some).collect::<BooleanArray>(), &values, &best)?
                }
            });
        }
        Ok(best.unwrap_or_else(|| arrow::array::new_null_array(&ColumnType::one(ty).physical(), evaluation.rows)))
    }))
}

/// The common type of the arguments from `first` on.
fn common(call: &Call<'_>, first: usize) -> Result<Type, Diagnostic> {
    (first..call.args.len()).try_fold(Type::Null, |ty, at| {
        let found = call.expect(at, crate::functions::Kind::Any)?;
        common_type(ty, found).ok_or_else(|| {
            let text = &call.args[at].text;
            let message = format!("argument of [{}] must be [{ty}], found value [{text}] type [{found}]", call.text);
            Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.args[at].span)
        })
    })
}
