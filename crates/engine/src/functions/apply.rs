//! Functions as building blocks of the engine's own expressions.

use super::{Arg, ArgValue, Call, expression, find};
use crate::{types::ColumnType, warning::Warnings};
use datafusion::logical_expr::Expr;
use ir::{Diagnostic, codes};

/// The call of a one-argument function on behalf of `call`, whose place and text it borrows for errors.
pub fn apply(name: &str, arg: Expr, ty: ColumnType, call: &Call<'_>) -> Result<Expr, Diagnostic> {
    let failed = |why: String| Diagnostic::refusal(codes::EXECUTION, why).at(call.span);
    let function = find(name).ok_or_else(|| failed(format!("the function `{name}` is missing")))?;
    let value = ArgValue::Expression { ty, constant: None };
    let args = [Arg { value, text: call.text.to_string(), span: call.span }];
    let bound = function.bind(&Call { args: &args, ..*call })?;
    expression(function.doc().name, bound, &[ty], vec![arg], call.text, call.span, &Warnings::default())
        .map_err(|error| failed(error.to_string()))
}
