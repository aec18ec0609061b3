//! What functions share that return a number of their argument's type.

use crate::{
    functions::{Bound, Call, Input, Kernel, Kind, kernel::unary},
    types::ColumnType,
    warning::Reason,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type};
use ir::Diagnostic;
use schema::Type;

/// A function for each numeric type.
pub(super) struct Numeric {
    pub integer: fn(i32) -> Result<i32, Reason>,
    pub long: fn(i64) -> Result<i64, Reason>,
    pub unsigned_long: fn(u64) -> Result<u64, Reason>,
    pub double: fn(f64) -> Result<f64, Reason>,
}

pub(super) fn bind(call: &Call<'_>, function: Numeric) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let ty = call.expect(0, Kind::Numeric)?;
    let kernel: Kernel = match ty {
        Type::Integer => unary::<Int32Type, Int32Type, _>(function.integer),
        Type::Long => unary::<Int64Type, Int64Type, _>(function.long),
        Type::UnsignedLong => unary::<UInt64Type, UInt64Type, _>(function.unsigned_long),
        _ => unary::<Float64Type, Float64Type, _>(function.double),
    };
    Ok(Bound::of(ColumnType::one(ty), [Input::One(ty)], kernel))
}
