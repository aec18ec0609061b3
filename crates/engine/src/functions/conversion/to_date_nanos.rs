//! `TO_DATE_NANOS(field)`.

use super::{bind, double_to_long, unsigned_to_long};
use crate::{
    functions::{
        Bound, Call, Doc, Example, Function, Parameter,
        date::instant,
        kernel::{convert, parse, same},
    },
    warning::Reason,
};
use arrow::datatypes::{
    Float64Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType as Nanos, UInt64Type,
};
use ir::Diagnostic;
use schema::Type;

pub struct ToDateNanos;

static DOC: Doc = Doc {
    name: "to_date_nanos",
    summary: "Converts a value to a date of nanosecond resolution, which reaches from 1970 to 2262. Strings must be in ISO 8601; numbers are nanoseconds since the epoch.",
    parameters: &[Parameter::required(
        "field",
        "date, date_nanos, double, long, unsigned_long, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "date_nanos",
    examples: &[Example {
        query: r#"ROW d = TO_DATE_NANOS("2023-03-23T12:15:03.360103847Z")"#,
        rows: &["2023-03-23T12:15:03.360103847Z"],
    }],
};

impl Function for ToDateNanos {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::DateNanos, |from| {
            Some(match from {
                Type::DateNanos => same(),
                Type::Date => convert::<TimestampMillisecondType, Nanos, _>(|millis| {
                    let nanos = millis.checked_mul(1_000_000).filter(|nanos| *nanos >= 0);
                    nanos.ok_or_else(|| instant::not_nanos(millis))
                }),
                Type::Long => convert::<Int64Type, Nanos, _>(since_epoch),
                Type::UnsignedLong => convert::<UInt64Type, Nanos, _>(unsigned_to_long),
                Type::Double => convert::<Float64Type, Nanos, _>(|value| double_to_long(value).and_then(since_epoch)),
                Type::Keyword | Type::Text => parse::<Nanos, _>(instant::parse_nanos),
                _ => return None,
            })
        })
    }
}

fn since_epoch(nanos: i64) -> Result<i64, Reason> {
    if nanos < 0 {
        return Err(Reason::Range("Nanosecond dates before 1970-01-01T00:00:00.000Z are not supported.".to_string()));
    }
    Ok(nanos)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_date_nanos("2023-03-23T12:15:03.360103847Z") => 2023-03-23T12:15:03.360103847Z
            to_date_nanos(date"2023-03-23T12:15:03.360Z") => 2023-03-23T12:15:03.360Z
            to_date_nanos(1L) => 1970-01-01T00:00:00.000000001Z
            to_date_nanos(-1L) => null ! Nanosecond dates before 1970-01-01T00:00:00.000Z are not supported.
            to_date_nanos("soon") => null ! failed to parse date field [soon] with format [strict_date_optional_time_nanos]
            "#,
        );
    }
}
