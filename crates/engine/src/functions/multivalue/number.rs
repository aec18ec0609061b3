//! What functions share that compute a number from a row's numbers.

use crate::{
    functions::{Bound, Call, Input, Kernel, lists},
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{ArrowPrimitiveType, AsArray, PrimitiveArray},
    datatypes::Float64Type,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

/// One number from the numbers of each row, which are none of them null.
pub(super) fn reduce<A, R>(
    function: impl Fn(&[A::Native]) -> Result<R::Native, Reason> + Send + Sync + 'static,
) -> Kernel
where
    A: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
{
    Arc::new(move |args, evaluation| {
        let list = args[0].as_list::<i32>();
        let values: &[A::Native] = list.values().as_primitive::<A>().values();
        let results = lists::rows(list).map(|row| evaluation.check(function(values.get(row?)?)));
        Ok(Arc::new(results.collect::<PrimitiveArray<R>>()))
    })
}

/// Binds a function of one argument that computes with doubles, whatever numbers it is given.
pub(super) fn doubles(call: &Call<'_>, function: fn(&[f64]) -> Result<f64, Reason>) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let ty = call.expect(0, crate::functions::Kind::Numeric)?;
    let input = if ty == Type::Null { Input::One(ty) } else { Input::Many(Type::Double) };
    Ok(Bound::of(ColumnType::one(Type::Double), [input], reduce::<Float64Type, Float64Type>(function)))
}

/// The sum of doubles, kept exact to the last place (Kahan).
pub(super) fn sum(values: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for value in values {
        if !f64::is_finite(sum + value) {
            return values.iter().sum();
        }
        let corrected = value - lost;
        let next = sum + corrected;
        lost = (next - sum) - corrected;
        sum = next;
    }
    sum
}

/// What each numeric type computes; null computes nothing.
pub(super) fn by_type(
    call: &Call<'_>,
    integer: Kernel,
    long: Kernel,
    unsigned_long: Kernel,
    double: Kernel,
) -> Result<Bound, Diagnostic> {
    let ty = call.expect(0, crate::functions::Kind::Numeric)?;
    let kernel = match ty {
        Type::Integer => integer,
        Type::Long => long,
        Type::UnsignedLong => unsigned_long,
        _ => double,
    };
    let input = if ty == Type::Null { Input::One(ty) } else { Input::Many(ty) };
    Ok(Bound::of(ColumnType::one(ty), [input], kernel))
}
