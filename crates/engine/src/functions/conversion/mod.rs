//! Conversions between types. Each converts every value of a field that has several.

mod to_boolean;
mod to_date_nanos;
mod to_dateperiod;
mod to_datetime;
mod to_degrees;
mod to_double;
mod to_integer;
mod to_ip;
mod to_long;
mod to_radians;
mod to_string;
mod to_timeduration;
mod to_unsigned_long;
mod to_version;

use super::{Bound, Call, Function, java, kernel::Flat};
use crate::warning::Reason;
use ir::{Diagnostic, codes};
use schema::Type;
use std::fmt::Display;

pub const ALL: &[&dyn Function] = &[
    &to_boolean::ToBoolean,
    &to_date_nanos::ToDateNanos,
    &to_dateperiod::ToDatePeriod,
    &to_datetime::ToDatetime,
    &to_degrees::ToDegrees,
    &to_double::ToDouble,
    &to_integer::ToInteger,
    &to_ip::ToIp,
    &to_long::ToLong,
    &to_radians::ToRadians,
    &to_string::ToString,
    &to_timeduration::ToTimeDuration,
    &to_unsigned_long::ToUnsignedLong,
    &to_version::ToVersion,
];

/// Binds a conversion of one argument, where `conversion` has one from its type.
fn bind(call: &Call<'_>, to: Type, conversion: impl Fn(Type) -> Option<Flat>) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    bind_first(call, to, conversion)
}

/// The same for a call whose further arguments are looked at elsewhere.
fn bind_first(call: &Call<'_>, to: Type, conversion: impl Fn(Type) -> Option<Flat>) -> Result<Bound, Diagnostic> {
    use super::{Kind, kernel::same};
    let from = call.column(0, Kind::Any)?;
    if from.ty == Type::Null {
        return Ok(Bound::each(from, to, same()));
    }
    let Some(flat) = conversion(from.ty) else {
        let message = format!("argument of [{}] must not be of type [{}]; no conversion to [{to}]", call.text, from.ty);
        return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span));
    };
    Ok(Bound::each(from, to, flat))
}

fn out_of_range(value: impl Display, to: Type) -> Reason {
    Reason::Range(format!("[{value}] out of [{to}] range"))
}

/// A double as the nearest whole number, halves upwards.
fn double_to_long(value: f64) -> Result<i64, Reason> {
    // 2^63 itself passes and saturates: it is what the largest long is as a double.
    if !(-9_223_372_036_854_775_808.0..=9_223_372_036_854_775_808.0).contains(&value) && !value.is_nan() {
        return Err(out_of_range(java::double(value), Type::Long));
    }
    Ok(java::round(value) as i64)
}

fn unsigned_to_long(value: u64) -> Result<i64, Reason> {
    i64::try_from(value).map_err(|_| out_of_range(value, Type::Long))
}

/// Dates of that type as text in ISO 8601.
pub(in crate::functions) fn text_of_dates(ty: Type) -> Flat {
    to_string::flat(ty)
}
