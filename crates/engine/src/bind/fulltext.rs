//! `:`, the match operator.
//!
//! Elasticsearch asks its index; without one, a keyword, number, address or date matches where some value equals the
//! query, and text matches where it shares a term with it. Terms are runs of letters and digits in lower case, as the
//! standard analyzer makes them for most text. The answer is never null: a missing field does not match.

use super::{Binder, Value};
use crate::{
    functions::{Bound, Input},
    types::ColumnType,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray},
    compute::kernels::cmp,
};
use ir::{Diagnostic, Expr, ExprKind, Span, codes};
use schema::Type;
use std::{collections::HashSet, sync::Arc};

impl Binder<'_> {
    pub(super) fn full_text(&mut self, field: &Expr, query: &Expr, span: Span) -> Result<Value, Diagnostic> {
        let refuse = |message: String| Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span);
        let text = self.query.source(span).to_string();
        if !matches!(field.kind, ExprKind::Field(_) | ExprKind::Cast { .. }) {
            return Err(refuse(format!(
                "[:] operator cannot operate on [{}], which is not a field from an index mapping",
                self.query.source(field.span)
            )));
        }
        let value = self.value(field)?;
        let wanted = self.value(query)?;
        let boolean = ColumnType::one(Type::Boolean);
        if value.ty.ty == Type::Null {
            return Ok(Value::new(datafusion::logical_expr::lit(false), boolean));
        }
        if wanted.constant.as_ref().is_none_or(|constant| constant.is_null()) || wanted.ty.many {
            return Err(refuse(format!(
                "second argument of [{text}] must be a constant, found [{}]",
                self.query.source(query.span)
            )));
        }
        if value.ty.ty == Type::Text {
            let terms: HashSet<String> = terms(wanted.constant_str().unwrap_or_default()).collect();
            return self.contains_term(&value, terms, span);
        }
        let wanted = if value.ty.ty.is_numeric() && wanted.is_constant_string() {
            self.convert(&wanted, value.ty.ty, query.span)?
        } else if value.ty.ty.is_string() && !wanted.ty.ty.is_string() {
            let shown = wanted.constant.as_ref().map(ToString::to_string).unwrap_or_default();
            Value::constant(datafusion::scalar::ScalarValue::Utf8View(Some(shown)), ColumnType::one(Type::Keyword))
        } else {
            self.convert(&wanted, value.ty.ty, query.span)?
        };
        let Some(constant) = wanted.constant.clone() else {
            return Err(refuse(format!("second argument of [{text}] must be a constant")));
        };
        let ty = value.ty.ty;
        let bound = Bound::new(boolean, [Input::Many(ty)], move |args, evaluation| {
            let Some(lists) = args.first().map(|lists| lists.as_list::<i32>()) else {
                return Ok(Arc::new(BooleanArray::from(vec![false; evaluation.rows])) as ArrayRef);
            };
            let constant =
                constant.to_scalar().map_err(|error| arrow::error::ArrowError::ExternalError(error.into()))?;
            let equal = cmp::eq(lists.values(), &constant)?;
            Ok(Arc::new(any_in_row(lists, |at| equal.is_valid(at) && equal.value(at))) as ArrayRef)
        });
        self.apply("match", bound, &[&value], span)
    }

    fn contains_term(&self, value: &Value, wanted: HashSet<String>, span: Span) -> Result<Value, Diagnostic> {
        let bound = Bound::new(ColumnType::one(Type::Boolean), [Input::Many(value.ty.ty)], move |args, evaluation| {
            let Some(lists) = args.first().map(|lists| lists.as_list::<i32>()) else {
                return Ok(Arc::new(BooleanArray::from(vec![false; evaluation.rows])) as ArrayRef);
            };
            let texts = lists.values().as_string_view();
            let found = |at| texts.is_valid(at) && terms(texts.value(at)).any(|term| wanted.contains(&term));
            Ok(Arc::new(any_in_row(lists, found)) as ArrayRef)
        });
        self.apply("match", bound, &[value], span)
    }
}

fn any_in_row(lists: &arrow::array::ListArray, test: impl Fn(usize) -> bool) -> BooleanArray {
    let rows = lists.offsets().windows(2).enumerate();
    rows.map(|(row, ends)| Some(lists.is_valid(row) && (ends[0] as usize..ends[1] as usize).any(&test))).collect()
}

/// The terms of a text.
fn terms(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|term| !term.is_empty())
        .map(str::to_lowercase)
}
