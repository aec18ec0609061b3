//! `TO_DOUBLE(field)`.

use super::bind;
use crate::functions::{
    Bound, Call, Doc, Example, Function, Parameter, java,
    kernel::{convert, parse, same},
};
use arrow::{
    array::{AsArray, Float64Array},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToDouble;

static DOC: Doc = Doc {
    name: "to_double",
    summary: "Converts a value to a double. Dates are the milliseconds since the epoch; true is 1.0.",
    parameters: &[Parameter::required(
        "field",
        "boolean, date, numeric, keyword, text",
        "The value, or values, to convert.",
    )],
    returns: "double",
    examples: &[Example { query: r#"ROW d = TO_DOUBLE("5.20128E11")"#, rows: &["5.20128E11"] }],
};

impl Function for ToDouble {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Double, |from| {
            Some(match from {
                Type::Double => same(),
                Type::Boolean => Arc::new(|array, _| {
                    let values = array.as_boolean().iter().map(|value| value.map(|value| f64::from(u8::from(value))));
                    Ok(Arc::new(values.collect::<Float64Array>()))
                }),
                Type::Integer => convert::<Int32Type, Float64Type, _>(|value| Ok(value.into())),
                Type::Long => convert::<Int64Type, Float64Type, _>(|value| Ok(value as f64)),
                Type::UnsignedLong => convert::<UInt64Type, Float64Type, _>(|value| Ok(value as f64)),
                Type::Date => convert::<TimestampMillisecondType, Float64Type, _>(|value| Ok(value as f64)),
                Type::Keyword | Type::Text => parse::<Float64Type, _>(java::parse_double),
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
            to_double(["520128000000", "foo", " 1.5 "]) => [5.20128E11, 1.5] ! For input string: "foo"
            to_double(9223372036854775808U) => 9.223372036854776E18
            to_double([false, true]) => [0.0, 1.0]
            to_double(date"1986-06-26") => 5.20128E11
            to_double(3) => 3.0
            "#,
        );
    }
}
