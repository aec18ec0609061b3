//! `TO_INTEGER(field)`.

use super::{bind, out_of_range};
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Parameter, java,
        kernel::{convert, parse, same},
    },
    warning::Reason,
};
use arrow::{
    array::{AsArray, Int32Array},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToInteger;

static DOC: Doc = Doc {
    name: "to_integer",
    summary: "Converts a value to an integer. Doubles, also in strings, are rounded; dates are the milliseconds since the epoch; true is 1. What does not fit is null, with a warning.",
    parameters: &[Parameter::required(
        "field",
        "boolean, date, numeric, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "integer",
    examples: &[Example {
        query: "ROW i = TO_INTEGER([5013792, 2147483647, 501379200000])",
        rows: &["[5013792, 2147483647]"],
    }],
};

impl Function for ToInteger {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Integer, |from| {
            Some(match from {
                Type::Integer => same(),
                Type::Boolean => Arc::new(|array, _| {
                    Ok(Arc::new(array.as_boolean().iter().map(|value| value.map(i32::from)).collect::<Int32Array>()))
                }),
                Type::Long => convert::<Int64Type, Int32Type, _>(from_long),
                Type::Date => convert::<TimestampMillisecondType, Int32Type, _>(from_long),
                Type::UnsignedLong => convert::<UInt64Type, Int32Type, _>(|value| {
                    i32::try_from(value).map_err(|_| out_of_range(value, Type::Integer))
                }),
                Type::Double => convert::<Float64Type, Int32Type, _>(from_double),
                Type::Keyword | Type::Text => parse::<Int32Type, _>(from_text),
                _ => return None,
            })
        })
    }
}

fn from_long(value: i64) -> Result<i32, Reason> {
    i32::try_from(value).map_err(|_| out_of_range(value, Type::Integer))
}

fn from_double(value: f64) -> Result<i32, Reason> {
    if value > f64::from(i32::MAX) || value < f64::from(i32::MIN) {
        return Err(out_of_range(java::double(value), Type::Integer));
    }
    Ok(java::round(value) as i32)
}

fn from_text(text: &str) -> Result<i32, Reason> {
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    java::parse_double(text).and_then(from_double).map_err(|_| java::not_a_number(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_integer([5013792, 2147483647]) => [5013792, 2147483647]
            to_integer([5013792L, 501379200000L]) => 5013792 ! [501379200000] out of [integer] range
            to_integer(9223372036854775808U) => null ! [9223372036854775808] out of [integer] range
            to_integer(123.4) => 123
            to_integer(2.5) => 3
            to_integer(-2.5) => -2
            to_integer(1e19) => null ! [1.0E19] out of [integer] range
            to_integer(["1", "2.6", "three"]) => [1, 3] ! For input string: "three"
            to_integer("2147483648") => null ! For input string: "2147483648"
            to_integer(["foo", "bar"]) => null ! For input string: "foo" ! For input string: "bar"
            to_integer([true, false]) => [1, 0]
            to_integer(date"1970-01-01T00:00:01.500Z") => 1500
            to_integer(version"1") => refused
            "#,
        );
    }
}
