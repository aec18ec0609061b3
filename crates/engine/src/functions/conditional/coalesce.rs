//! `COALESCE(first, rest...)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, common_type},
    types::ColumnType,
};
use datafusion::{
    logical_expr::{Case, Expr},
    scalar::ScalarValue,
};
use ir::{Diagnostic, codes};
use schema::Type;

pub struct Coalesce;

static DOC: Doc = Doc {
    name: "coalesce",
    summary: "The first of its arguments that is not null; those past it are not evaluated.",
    parameters: &[
        Parameter::required("first", "any type", "The first value."),
        Parameter::optional("rest", "the first's type", "Further values."),
    ],
    returns: "the common type of the arguments",
    examples: &[Example { query: r#"ROW x = COALESCE(null, "x")"#, rows: &["x"] }],
};

impl Function for Coalesce {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, usize::MAX)?;
        let (mut ty, mut many) = (Type::Null, false);
        for at in 0..call.args.len() {
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
        if ty == Type::Null {
            let captured = vec![Input::Captured; call.args.len()];
            return Ok(Bound::native(returns, captured, |_| Ok(Expr::Literal(ScalarValue::Boolean(None), None))));
        }
        let input = if many { Input::Many(ty) } else { Input::One(ty) };
        Ok(Bound::native(returns, vec![input; call.args.len()], |mut args| {
            let Some(last) = args.pop() else { return Ok(Expr::Literal(ScalarValue::Null, None)) };
            let pairs: Vec<_> =
                args.into_iter().map(|arg| (Box::new(arg.clone().is_not_null()), Box::new(arg))).collect();
            if pairs.is_empty() {
                return Ok(last);
            }
            Ok(Expr::Case(Case::new(None, pairs, Some(Box::new(last)))))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            coalesce(null, "x") => x
            coalesce("a", "x") => a
            coalesce(null, null, 3) => 3
            coalesce(null, 1, 2.0) => 1.0
            coalesce(null, [1, 2]) => [1, 2]
            coalesce([1, 2], 3) => [1, 2]
            coalesce(null) => null
            coalesce(1) => 1
            coalesce(1, "x") => refused
            "##,
        );
    }
}
