//! `DISSECT`: columns cut out of a string by a pattern of delimiters.

use super::{Frame, HIDDEN, Planner};
use crate::{
    bind::{Value, reference},
    extract::{self, Dissect, Extractor},
    types::ColumnType,
};
use ir::{Diagnostic, Expr, Span, Spanned, codes};
use schema::Type;
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn dissect(
        &self,
        frame: Frame,
        input: &Expr,
        pattern: &Spanned<String>,
        append_separator: &str,
        span: Span,
    ) -> Result<Frame, Diagnostic> {
        let dissect = Dissect::new(&pattern.value, append_separator)
            .map_err(|problem| Diagnostic::refusal(codes::ARGUMENT_VALUE, problem).at(pattern.span))?;
        self.extract(frame, input, Arc::new(dissect), "Dissect", span)
    }

    /// Adds the columns that an extractor cuts out of an expression.
    pub(super) fn extract(
        &self,
        frame: Frame,
        input: &Expr,
        extractor: Arc<dyn Extractor>,
        command: &str,
        span: Span,
    ) -> Result<Frame, Diagnostic> {
        let value = self.binder(&frame.scope).value(input)?;
        if !value.ty.ty.is_string() && value.ty.ty != Type::Null {
            let text = self.query.source(input.span);
            let found = value.ty.ty.name().to_uppercase();
            let message =
                format!("{command} only supports KEYWORD or TEXT values, found expression [{text}] type [{found}]");
            return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(input.span));
        }
        let columns = extract::column_types(extractor.as_ref(), value.ty.many);
        let cut = if value.ty.ty == Type::Null {
            columns.into_iter().map(|(name, ty)| (name, Value::null(ty))).collect()
        } else {
            let whole = format!("{HIDDEN}extracted");
            let scope = frame.scope.clone();
            let extracted = extract::expression(extractor, value.folded(), value.ty.many);
            let (frame, source) = (frame, Value::new(extracted, ColumnType::NULL));
            let mut frame = frame.with_columns(vec![(whole.clone(), source)], span)?;
            frame.scope = scope;
            let part = |(at, (name, ty)): (usize, (String, ColumnType))| {
                (name, Value::new(extract::part(reference(&whole), at, ty), ty))
            };
            let parts = columns.into_iter().enumerate().map(part).collect();
            return frame.with_columns(parts, span);
        };
        frame.with_columns(cut, span)
    }
}
