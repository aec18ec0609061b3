//! What `CLAMP`, `CLAMP_MIN` and `CLAMP_MAX` share.

use crate::{
    functions::{Bound, Call, Input, Kind, common_type, order::comparator},
    types::ColumnType,
};
use arrow::{
    array::{Array, BooleanArray},
    compute::kernels::zip::zip,
};
use ir::{Diagnostic, codes};
use schema::Type;
use std::cmp::Ordering;

/// Binds a function whose first argument gives way to each limit, given by its argument's place, that it compares so to.
pub(super) fn bind(call: &Call<'_>, limits: &'static [(usize, Ordering)]) -> Result<Bound, Diagnostic> {
    call.count(limits.len() + 1, limits.len() + 1)?;
    let ty = (0..call.args.len()).try_fold(Type::Null, |ty, at| {
        let found = call.expect(at, Kind::Any)?;
        common_type(ty, found).ok_or_else(|| {
            let arg = &call.args[at];
            let message =
                format!("argument of [{}] must be [{ty}], found value [{}] type [{found}]", call.text, arg.text);
            Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(arg.span)
        })
    })?;
    Ok(Bound::new(ColumnType::one(ty), vec![Input::One(ty); call.args.len()], move |args, evaluation| {
        let mut values = args[0].clone();
        for (at, beyond) in limits {
            let limit = &args[*at];
            let compare = comparator(ty, &values, limit)?;
            // A null limit makes the result null.
            let gives_way = (0..evaluation.rows)
                .map(|row| values.is_valid(row) && (limit.is_null(row) || compare(row, row) == *beyond));
            let gives_way: BooleanArray = gives_way.map(Some).collect();
            values = zip(&gives_way, limit, &values)?;
        }
        Ok(values)
    }))
}
