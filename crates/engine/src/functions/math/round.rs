//! `ROUND(number, decimals)`.

use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Input, Kernel, Kind, Parameter,
        kernel::{binary, unary},
    },
    types::ColumnType,
    warning::Reason,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type};
use ir::Diagnostic;
use schema::Type;

pub struct Round;

static DOC: Doc = Doc {
    name: "round",
    summary: "A number rounded to so many decimal places, halves away from zero; to the nearest whole number if none are given. Negative places round to tens, hundreds and so on.",
    parameters: &[
        Parameter::required("number", "numeric", "The number."),
        Parameter::optional("decimals", "integer, long", "The number of decimal places."),
    ],
    returns: "the first argument's type",
    examples: &[
        Example { query: "ROW x = ROUND(1.2345, 2)", rows: &["1.23"] },
        Example { query: "ROW x = ROUND(1250, -2)", rows: &["1300"] },
    ],
};

impl Function for Round {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 2)?;
        let ty = call.expect(0, Kind::Numeric)?;
        let mut inputs = vec![Input::One(ty)];
        if call.args.len() == 1 {
            let kernel: Kernel = match ty {
                Type::Integer => unary::<Int32Type, Int32Type, _>(Ok),
                Type::Long => unary::<Int64Type, Int64Type, _>(Ok),
                Type::UnsignedLong => unary::<UInt64Type, UInt64Type, _>(Ok),
                _ => unary::<Float64Type, Float64Type, _>(|number| Ok(number.round())),
            };
            return Ok(Bound::of(ColumnType::one(ty), inputs, kernel));
        }
        inputs.push(call.one(1, Kind::WholeNumber)?.of(Type::Long));
        let kernel: Kernel = match ty {
            Type::Integer => binary::<Int32Type, Int64Type, Int32Type, _>(|number, decimals| {
                i32::try_from(whole(number.into(), decimals)).map_err(|_| overflow("integer"))
            }),
            Type::Long => binary::<Int64Type, Int64Type, Int64Type, _>(|number, decimals| {
                i64::try_from(whole(number.into(), decimals)).map_err(|_| overflow("long"))
            }),
            Type::UnsignedLong => binary::<UInt64Type, Int64Type, UInt64Type, _>(|number, decimals| {
                u64::try_from(whole(number.into(), decimals)).map_err(|_| overflow("unsigned_long"))
            }),
            _ => binary::<Float64Type, Int64Type, Float64Type, _>(|number, decimals| Ok(double(number, decimals))),
        };
        Ok(Bound::of(ColumnType::one(ty), inputs, kernel))
    }
}

fn overflow(ty: &str) -> Reason {
    Reason::Arithmetic(format!("{ty} overflow"))
}

/// A whole number rounded to tens, hundreds and so on; halves away from zero.
fn whole(number: i128, decimals: i64) -> i128 {
    if decimals >= 0 {
        return number;
    }
    // No number of 64 bits reaches half of 10^20.
    let Some(unit) = u32::try_from(decimals.unsigned_abs()).ok().filter(|digits| *digits <= 20).map(|d| 10i128.pow(d))
    else {
        return 0;
    };
    let half = if number < 0 { -unit / 2 } else { unit / 2 };
    (number + half) / unit * unit
}

/// A double rounded through a power of ten, as ES|QL does it; numbers that such a power would not change are kept.
fn double(number: f64, decimals: i64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    let exponent = decimals.clamp(-400, 400) as i32;
    let scale = 10f64.powi(exponent.abs());
    if exponent >= 0 {
        let scaled = number * scale;
        return if scaled.is_finite() { scaled.round() / scale } else { number };
    }
    if scale.is_finite() { (number / scale).round() * scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            round(1.23, 0) => 1.0
            round(-123.5) => -124.0
            round(-123.56789, 3) => -123.568
            round(2.5) => 3.0
            round(7) => 7
            round(1250, -2) => 1300
            round(-1250, -2) => -1300
            round(2147483647, -1) => null ! integer overflow
            round(9223372036854775804U, -1) => 9223372036854775800
            round(18446744073709551615U, -20L) => 0
            round(12446744073709551615U, -19L) => 10000000000000000000
            round(18446744073709551615U, -19L) => null ! unsigned_long overflow
            round(1.5, 400) => 1.5
            round(1.5, -9223372036854775808L) => 0.0
            round(12345.0, -2) => 12300.0
            round(null) => null
            round(null, 2) => null
            round(1.0, 1.0) => refused
            "##,
        );
    }
}
