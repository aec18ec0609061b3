//! `DROP`: all columns but these.

use super::{Frame, Planner};
use ir::{Diagnostic, NamePattern, Span};

impl Planner<'_> {
    pub(super) fn drop(&self, frame: Frame, patterns: &[NamePattern], span: Span) -> Result<Frame, Diagnostic> {
        let mut scope = frame.scope.clone();
        for pattern in patterns {
            for column in self.selected(&frame.scope, pattern)? {
                scope.columns.retain(|kept| kept.name != column.name);
                scope.absent.retain(|field| field.name != column.name);
            }
        }
        let exprs = scope.references();
        frame.project(scope, exprs, span)
    }
}
