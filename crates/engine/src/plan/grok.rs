//! `GROK`: columns cut out of a string by the first of the patterns that fits.

use super::{Frame, Planner};
use crate::extract::Grok;
use ir::{Diagnostic, Expr, Span, Spanned, codes};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn grok(
        &self,
        frame: Frame,
        input: &Expr,
        patterns: &[Spanned<String>],
        span: Span,
    ) -> Result<Frame, Diagnostic> {
        let texts: Vec<&str> = patterns.iter().map(|pattern| pattern.value.as_str()).collect();
        let at = patterns.first().map_or(span, |first| first.span);
        let grok = Grok::new(&texts).map_err(|problem| Diagnostic::refusal(codes::ARGUMENT_VALUE, problem).at(at))?;
        self.extract(frame, input, Arc::new(grok), "Grok", span)
    }
}
