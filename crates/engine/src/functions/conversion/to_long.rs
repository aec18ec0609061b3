//! `TO_LONG(field)`.

use super::{bind, double_to_long, unsigned_to_long};
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Parameter, java,
        kernel::{convert, parse, same},
    },
    warning::Reason,
};
use arrow::{
    array::{AsArray, Int64Array},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToLong;

static DOC: Doc = Doc {
    name: "to_long",
    summary: "Converts a value to a long. Doubles, also in strings, are rounded; dates are the milliseconds, or nanoseconds, since the epoch; true is 1. What does not fit is null, with a warning.",
    parameters: &[Parameter::required(
        "field",
        "boolean, date, date_nanos, numeric, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "long",
    examples: &[Example {
        query: r#"ROW l = TO_LONG(["2147483648", "2147483648.2"])"#,
        rows: &["[2147483648, 2147483648]"],
    }],
};

impl Function for ToLong {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Long, |from| {
            Some(match from {
                Type::Long => same(),
                Type::Boolean => Arc::new(|array, _| {
                    Ok(Arc::new(array.as_boolean().iter().map(|value| value.map(i64::from)).collect::<Int64Array>()))
                }),
                Type::Integer => convert::<Int32Type, Int64Type, _>(|value| Ok(value.into())),
                Type::Date => convert::<TimestampMillisecondType, Int64Type, _>(Ok),
                Type::DateNanos => convert::<TimestampNanosecondType, Int64Type, _>(Ok),
                Type::UnsignedLong => convert::<UInt64Type, Int64Type, _>(unsigned_to_long),
                Type::Double => convert::<Float64Type, Int64Type, _>(double_to_long),
                Type::Keyword | Type::Text => parse::<Int64Type, _>(from_text),
                _ => return None,
            })
        })
    }
}

fn from_text(text: &str) -> Result<i64, Reason> {
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    let failure = |_| Reason::Range(format!("Cannot parse number [{text}]"));
    java::parse_double(text).and_then(double_to_long).map_err(failure)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_long(["2147483648", "2147483648.2", "foo"]) => [2147483648, 2147483648] ! Cannot parse number [foo]
            to_long([9223372036854775807U, 9223372036854775808U]) => 9223372036854775807 ! [9223372036854775808] out of [long] range
            to_long(123.5) => 124
            to_long(1e19) => null ! [1.0E19] out of [long] range
            to_long(7) => 7
            to_long(true) => 1
            to_long(date"1986-06-26") => 520128000000
            to_long(nanos"1970-01-01T00:00:00.000000001Z") => 1
            to_long(ip"::1") => refused
            "#,
        );
    }
}
