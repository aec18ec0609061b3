//! `CASE(condition, value, ..., else)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, common_type},
    types::ColumnType,
};
use datafusion::{
    logical_expr::{Case as CaseExpr, Expr},
    scalar::ScalarValue,
};
use ir::{Diagnostic, codes};
use schema::Type;

pub struct Case;

static DOC: Doc = Doc {
    name: "case",
    summary: "The value after the first condition that is true; else the last argument, or null if their number is even. Conditions and values past that one are not evaluated.",
    parameters: &[
        Parameter::required(
            "condition",
            "boolean",
            "A condition; null, and a field with several values, count as false.",
        ),
        Parameter::required("trueValue", "any type", "The value if the condition is true."),
        Parameter::optional("elseValue", "any type", "The value if none is."),
    ],
    returns: "the common type of the values",
    examples: &[Example { query: r#"ROW x = CASE(3 > 2, "more", "less")"#, rows: &["more"] }],
};

impl Function for Case {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, usize::MAX)?;
        let (mut ty, mut many) = (Type::Null, false);
        let count = call.args.len();
        let is_condition = |at: usize| at.is_multiple_of(2) && at + 1 < count;
        for at in 0..count {
            if is_condition(at) {
                condition(call, at)?;
                continue;
            }
            let found = call.expect(at, Kind::Any)?;
            ty = common_type(ty, found).ok_or_else(|| {
                let arg = &call.args[at];
                let message =
                    format!("argument of [{}] must be [{ty}], found value [{}] type [{found}]", call.text, arg.text);
                Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(arg.span)
            })?;
            many |= call.ty(at).many;
        }
        let returns = ColumnType { ty, many };
        let value = if many { Input::Many(ty) } else { Input::One(ty) };
        let inputs: Vec<Input> =
            (0..count).map(|at| if is_condition(at) { Input::One(Type::Boolean) } else { value }).collect();
        if ty == Type::Null {
            return Ok(Bound::native(returns, inputs.iter().map(|_| Input::Captured).collect::<Vec<_>>(), |_| {
                Ok(Expr::Literal(ScalarValue::Boolean(None), None))
            }));
        }
        let mut bound = Bound::native(returns, inputs, move |args| {
            let mut args = args.into_iter().map(Box::new);
            let mut pairs = Vec::with_capacity(count / 2);
            for _ in 0..count / 2 {
                pairs.extend(args.next().zip(args.next()));
            }
            let otherwise = match args.next() {
                Some(otherwise) => otherwise,
                None => Box::new(Expr::Literal(ScalarValue::try_from(&returns.physical())?, None)),
            };
            Ok(Expr::Case(CaseExpr::new(None, pairs, Some(otherwise))))
        });
        bound.failure = "false";
        Ok(bound)
    }
}

fn condition(call: &Call<'_>, at: usize) -> Result<(), Diagnostic> {
    let found = call.ty(at).ty;
    if matches!(found, Type::Boolean | Type::Null) {
        return Ok(());
    }
    let arg = &call.args[at];
    let message = format!("argument of [{}] must be [boolean], found value [{}] type [{found}]", call.text, arg.text);
    Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(arg.span))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            case(true, 1, 2) => 1
            case(false, 1, 2) => 2
            case(null, 1, 2) => 2
            case(false, 1) => null
            case(false, 1, true, 2, 3) => 2
            case(true, 1, 2.5) => 1.0
            case(false, [1, 2], 3) => 3
            case(true, [1, 2], 3) => [1, 2]
            case(true, null, "x") => null
            case(false, null, "x") => x
            case([false, true], "a", "b") => b ! several values
            case([true, true], "a", "b") => b ! several values
            case(true, null, null) => null
            case(1, 2, 3) => refused
            case(true, 2, "x") => refused
            case(true) => refused
            "##,
        );
    }
}
