//! `TO_STRING(field)`.

use super::bind;
use crate::functions::{
    Bound, Call, Doc, Example, Function, Parameter,
    date::instant,
    java,
    kernel::{Flat, print, same},
};
use arrow::{
    array::{AsArray, StringViewArray},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToString;

static DOC: Doc = Doc {
    name: "to_string",
    summary: "Converts a value to a string: dates in ISO 8601, doubles as Java prints them (`1.0`, `1.0E10`).",
    parameters: &[Parameter::required("field", "any type", "The value, or values, to convert.")],
    returns: "keyword",
    examples: &[
        Example { query: "ROW s = TO_STRING([10, 9, 8])", rows: &["[10, 9, 8]"] },
        Example { query: "ROW s = TO_STRING(1e7)", rows: &["1.0E7"] },
    ],
};

impl Function for ToString {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Keyword, |from| Some(flat(from)))
    }
}

/// The conversion from each type.
pub(super) fn flat(from: Type) -> Flat {
    match from {
        Type::Keyword | Type::Text | Type::Ip | Type::Version | Type::Null => same(),
        Type::Boolean => Arc::new(|array, _| {
            let name = |value| if value { "true" } else { "false" };
            let values = array.as_boolean().iter().map(|value| value.map(name));
            Ok(Arc::new(values.collect::<StringViewArray>()))
        }),
        Type::Integer => print::<Int32Type, _>(|value| Ok(value.to_string())),
        Type::Long => print::<Int64Type, _>(|value| Ok(value.to_string())),
        Type::UnsignedLong => print::<UInt64Type, _>(|value| Ok(value.to_string())),
        Type::Double => print::<Float64Type, _>(|value| Ok(java::double(value))),
        Type::Date => print::<TimestampMillisecondType, _>(|value| Ok(instant::print_millis(value))),
        Type::DateNanos => print::<TimestampNanosecondType, _>(|value| Ok(instant::print_nanos(value))),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_string([1, -2]) => [1, -2]
            to_string(1.0) => 1.0
            to_string(12345678.9) => 1.23456789E7
            to_string(true) => true
            to_string(date"2024-05-06T07:08:09.1Z") => 2024-05-06T07:08:09.100Z
            to_string(nanos"2024-05-06T07:08:09.000001Z") => 2024-05-06T07:08:09.000001Z
            to_string(ip"::ffff:1.2.3.4") => 1.2.3.4
            to_string(version"1.2") => 1.2
            to_string(null) => null
            "#,
        );
    }
}
