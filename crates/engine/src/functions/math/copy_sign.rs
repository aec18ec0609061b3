//! `COPY_SIGN(magnitude, sign)`.

use super::doubles::input;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, kernel::binary},
    types::ColumnType,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use ir::{Diagnostic, codes};
use schema::Type;

pub struct CopySign;

static DOC: Doc = Doc {
    name: "copy_sign",
    summary: "A number with the sign of another.",
    parameters: &[
        Parameter::required("magnitude", "numeric", "The number whose magnitude is taken."),
        Parameter::required("sign", "numeric", "The number whose sign is taken."),
    ],
    returns: "the first argument's type",
    examples: &[Example { query: "ROW c = COPY_SIGN(1.5, -3)", rows: &["-1.5"] }],
};

impl Function for CopySign {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let ty = call.expect(0, Kind::Numeric)?;
        let inputs = [Input::One(ty), input(call, 1)?];
        let kernel = match ty {
            Type::Integer => binary::<Int32Type, Float64Type, Int32Type, _>(|number, sign| {
                Ok(if sign.is_sign_negative() { number.wrapping_abs().wrapping_neg() } else { number.wrapping_abs() })
            }),
            Type::Long => binary::<Int64Type, Float64Type, Int64Type, _>(|number, sign| {
                Ok(if sign.is_sign_negative() { number.wrapping_abs().wrapping_neg() } else { number.wrapping_abs() })
            }),
            Type::UnsignedLong => {
                let message =
                    format!("first argument of [{}] must not be [unsigned_long], which has no sign", call.text);
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span));
            }
            _ => binary::<Float64Type, Float64Type, Float64Type, _>(|number, sign| Ok(number.copysign(sign))),
        };
        Ok(Bound::of(ColumnType::one(ty), inputs, kernel))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            copy_sign(1.5, -3) => -1.5
            copy_sign(-7, 2.0) => 7
            copy_sign(7L, -0.0) => -7
            copy_sign(null, 1) => null
            "##,
        );
    }
}
