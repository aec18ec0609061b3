//! What functions of doubles share: whole numbers become doubles first.

use crate::{
    functions::{
        Bound, Call, Input, Kind,
        kernel::{binary, unary},
    },
    types::ColumnType,
    warning::Reason,
};
use arrow::datatypes::Float64Type;
use ir::Diagnostic;
use schema::Type;

/// Binds a function of one number.
pub(super) fn one(call: &Call<'_>, function: fn(f64) -> Result<f64, Reason>) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let input = input(call, 0)?;
    let kernel = unary::<Float64Type, Float64Type, _>(function);
    Ok(Bound::of(ColumnType::one(Type::Double), [input], kernel))
}

/// Binds a function of two numbers.
pub(super) fn two(call: &Call<'_>, function: fn(f64, f64) -> Result<f64, Reason>) -> Result<Bound, Diagnostic> {
    call.count(2, 2)?;
    let inputs = [input(call, 0)?, input(call, 1)?];
    let kernel = binary::<Float64Type, Float64Type, Float64Type, _>(function);
    Ok(Bound::of(ColumnType::one(Type::Double), inputs, kernel))
}

/// A number as a double.
pub(super) fn input(call: &Call<'_>, at: usize) -> Result<Input, Diagnostic> {
    call.one(at, Kind::Numeric).map(|input| input.of(Type::Double))
}
