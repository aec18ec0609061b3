//! `LIKE` and `RLIKE` over single strings.

use super::{Binder, Value, failed, fold};
use crate::{
    functions::{Bound, Input},
    pattern::Matcher,
    types::ColumnType,
};
use arrow::array::{ArrayRef, AsArray, BooleanArray};
use ir::{Diagnostic, Expr, Pattern, Span, codes};
use schema::Type;
use std::sync::Arc;

impl Binder<'_> {
    pub(super) fn matches(&mut self, value: &Expr, patterns: &[Pattern], span: Span) -> Result<Value, Diagnostic> {
        let bound_value = self.value(value)?;
        let boolean = ColumnType::one(Type::Boolean);
        let ty = bound_value.ty.ty;
        if ty == Type::Null {
            return Ok(Value::null(boolean));
        }
        if !ty.is_string() {
            let (text, found) = (self.query.source(span), self.query.source(value.span));
            let message = format!("argument of [{text}] must be [string], found value [{found}] type [{ty}]");
            return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(value.span));
        }
        let matcher =
            Matcher::new(patterns).map_err(|error| Diagnostic::refusal(codes::ARGUMENT_VALUE, error).at(span))?;
        if matcher.is_total() {
            // As Elasticsearch has it: a test that every string passes is a test for a value, and never null.
            return fold::value(bound_value.folded().is_not_null(), boolean, &[&bound_value])
                .map_err(|error| failed(error, span));
        }
        let bound = Bound::new(boolean, [Input::One(ty)], move |args, _| {
            let texts = args.iter().flat_map(|texts| texts.as_string_view());
            let found: BooleanArray = texts.map(|text| text.map(|text| matcher.is_match(text))).collect();
            Ok(Arc::new(found) as ArrayRef)
        });
        self.apply("matches", bound, &[&bound_value], span)
    }
}
