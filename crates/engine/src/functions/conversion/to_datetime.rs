//! `TO_DATETIME(field)`.

use super::{bind, double_to_long, unsigned_to_long};
use crate::functions::{
    Bound, Call, Doc, Example, Function, Parameter,
    date::instant,
    kernel::{convert, parse, same},
};
use arrow::datatypes::{
    Float64Type, Int32Type, Int64Type, TimestampMillisecondType as Millis, TimestampNanosecondType, UInt64Type,
};
use ir::Diagnostic;
use schema::Type;

pub struct ToDatetime;

static DOC: Doc = Doc {
    name: "to_datetime",
    summary: "Converts a value to a date of millisecond resolution. Strings must be in ISO 8601 (`DATE_PARSE` reads other forms); numbers are milliseconds since the epoch; nanoseconds are cut off.",
    parameters: &[Parameter::required(
        "field",
        "date, date_nanos, numeric, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "date",
    examples: &[
        Example { query: r#"ROW d = TO_DATETIME("1953-09-02")"#, rows: &["1953-09-02T00:00:00.000Z"] },
        Example {
            query: "ROW d = TO_DATETIME([0, 1])",
            rows: &["[1970-01-01T00:00:00.000Z, 1970-01-01T00:00:00.001Z]"],
        },
    ],
};

impl Function for ToDatetime {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Date, |from| {
            Some(match from {
                Type::Date => same(),
                Type::DateNanos => {
                    convert::<TimestampNanosecondType, Millis, _>(|value| Ok(value.div_euclid(1_000_000)))
                }
                Type::Integer => convert::<Int32Type, Millis, _>(|value| Ok(value.into())),
                Type::Long => convert::<Int64Type, Millis, _>(Ok),
                Type::UnsignedLong => convert::<UInt64Type, Millis, _>(unsigned_to_long),
                Type::Double => convert::<Float64Type, Millis, _>(double_to_long),
                Type::Keyword | Type::Text => parse::<Millis, _>(instant::parse_millis),
                _ => return None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_datetime(["1953-09-02T00:00:00.000Z", "1964-06-02 00:00:00"]) => 1953-09-02T00:00:00.000Z ! failed to parse date field [1964-06-02 00:00:00] with format [yyyy-MM-dd'T'HH:mm:ss.SSS'Z']
            to_datetime("2023-02-01T12:15:55.123456789+02:00") => 2023-02-01T10:15:55.123Z
            to_datetime(501379200000.4) => 1985-11-21T00:00:00.000Z
            to_datetime([501379200, 520128000]) => [1970-01-06T19:16:19.200Z, 1970-01-07T00:28:48.000Z]
            to_datetime(nanos"1969-12-31T23:59:59.999999999Z") => 1969-12-31T23:59:59.999Z
            to_datetime(true) => refused
            "#,
        );
    }
}
