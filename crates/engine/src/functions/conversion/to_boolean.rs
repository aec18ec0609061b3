//! `TO_BOOLEAN(field)`.

use super::bind;
use crate::functions::{
    Bound, Call, Doc, Example, Function, Parameter,
    kernel::{Flat, same},
};
use arrow::{
    array::{ArrowPrimitiveType, AsArray, BooleanArray},
    datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type},
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct ToBoolean;

static DOC: Doc = Doc {
    name: "to_boolean",
    summary: "Converts a value to a boolean. The string `true`, in any case, is true and every other string false; the number 0 is false and every other true.",
    parameters: &[Parameter::required("field", "boolean, numeric, keyword, text", "The value, or values, to convert.")],
    returns: "boolean",
    examples: &[Example { query: r#"ROW b = TO_BOOLEAN(["true", "TRUE", "1"])"#, rows: &["[true, true, false]"] }],
};

impl Function for ToBoolean {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, Type::Boolean, |from| {
            Some(match from {
                Type::Boolean => same(),
                Type::Integer => number::<Int32Type>(|value| value != 0),
                Type::Long => number::<Int64Type>(|value| value != 0),
                Type::UnsignedLong => number::<UInt64Type>(|value| value != 0),
                Type::Double => number::<Float64Type>(|value| value != 0.0),
                Type::Keyword | Type::Text => Arc::new(|array, _| {
                    let values = array.as_string_view().iter();
                    let truths = values.map(|value| value.map(|value| value.eq_ignore_ascii_case("true")));
                    Ok(Arc::new(truths.collect::<BooleanArray>()))
                }),
                _ => return None,
            })
        })
    }
}

fn number<T: ArrowPrimitiveType>(truth: fn(T::Native) -> bool) -> Flat {
    Arc::new(move |array, _| {
        Ok(Arc::new(array.as_primitive::<T>().iter().map(|v| v.map(truth)).collect::<BooleanArray>()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_boolean(["true", "TRUE", "yes"]) => [true, true, false]
            to_boolean(0) => false
            to_boolean(0.5) => true
            to_boolean(7L) => true
            to_boolean(0U) => false
            to_boolean(false) => false
            to_boolean(null) => null
            to_boolean(ip"1.1.1.1") => refused
            "#,
        );
    }
}
