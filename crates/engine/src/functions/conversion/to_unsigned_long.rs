//! `TO_UNSIGNED_LONG(field)`.

use super::{bind, out_of_range};
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Parameter, java,
        kernel::{convert, parse, same},
    },
    warning::Reason,
};
use arrow::{
    array::{AsArray, UInt64Array},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToUnsignedLong;

static DOC: Doc = Doc {
    name: "to_unsigned_long",
    summary: "Converts a value to an unsigned long. The fraction of a double, also in a string, is cut off; dates are the milliseconds since the epoch; true is 1. What does not fit is null, with a warning.",
    parameters: &[Parameter::required(
        "field",
        "boolean, date, numeric, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "unsigned_long",
    examples: &[Example { query: r#"ROW u = TO_UNSIGNED_LONG("2147483648.2")"#, rows: &["2147483648"] }],
};

impl Function for ToUnsignedLong {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::UnsignedLong, |from| {
            Some(match from {
                Type::UnsignedLong => same(),
                Type::Boolean => Arc::new(|array, _| {
                    Ok(Arc::new(array.as_boolean().iter().map(|value| value.map(u64::from)).collect::<UInt64Array>()))
                }),
                Type::Integer => convert::<Int32Type, UInt64Type, _>(|value| from_long(value.into())),
                Type::Long => convert::<Int64Type, UInt64Type, _>(from_long),
                Type::Date => convert::<TimestampMillisecondType, UInt64Type, _>(from_long),
                Type::Double => convert::<Float64Type, UInt64Type, _>(from_double),
                Type::Keyword | Type::Text => parse::<UInt64Type, _>(from_text),
                _ => return None,
            })
        })
    }
}

fn from_long(value: i64) -> Result<u64, Reason> {
    u64::try_from(value).map_err(|_| out_of_range(value, Type::UnsignedLong))
}

fn from_double(value: f64) -> Result<u64, Reason> {
    if (0.0..18_446_744_073_709_551_616.0).contains(&value) {
        return Ok(value as u64);
    }
    Err(out_of_range(java::double(value), Type::UnsignedLong))
}

fn from_text(text: &str) -> Result<u64, Reason> {
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    let odd = |c: &char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if let Some(odd) = text.chars().find(odd) {
        let message = format!(
            "Character {odd} is neither a decimal digit number, decimal point, nor \"e\" notation exponential mark."
        );
        return Err(Reason::Number(message));
    }
    // Digits before the point are exact, however many; only exponents go through a double.
    if let Some((whole, fraction)) = text.split_once('.')
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(value) = whole.parse()
    {
        return Ok(value);
    }
    java::parse_double(text).and_then(|value| from_double(value).map_err(|_| out_of_range(text, Type::UnsignedLong)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_unsigned_long(["2147483648", "2147483648.2", "1e3", "18446744073709551615.5"]) => [2147483648, 2147483648, 1000, 18446744073709551615]
            to_unsigned_long("foo") => null ! Character f is neither a decimal digit number, decimal point, nor "e" notation exponential mark.
            to_unsigned_long("-1") => null ! [-1] out of [unsigned_long] range
            to_unsigned_long(123.9) => 123
            to_unsigned_long(1e20) => null ! [1.0E20] out of [unsigned_long] range
            to_unsigned_long(-1) => null ! [-1] out of [unsigned_long] range
            to_unsigned_long([true, false]) => [1, 0]
            to_unsigned_long(date"1986-06-26") => 520128000000
            "#,
        );
    }
}
