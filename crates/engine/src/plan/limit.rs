//! `LIMIT`: the first rows, of all or of each group.

use super::{Frame, Planner};
use crate::exec::LimitBy;
use datafusion::logical_expr::{Extension, LogicalPlan};
use ir::{Diagnostic, Expr, Span};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn limit(&self, frame: Frame, count: u64, by: &[Expr], span: Span) -> Result<Frame, Diagnostic> {
        let count = usize::try_from(count.min(i64::MAX as u64)).unwrap_or(usize::MAX);
        if by.is_empty() {
            return Frame::build(frame.plan, frame.scope, span, |builder| builder.limit(0, Some(count)));
        }
        let mut keys = Vec::with_capacity(by.len());
        for key in by {
            let value = self.binder(&frame.scope).value(key)?;
            keys.push(value.folded());
        }
        let node = LimitBy::new(frame.plan, keys, count);
        Ok(Frame { plan: LogicalPlan::Extension(Extension { node: Arc::new(node) }), scope: frame.scope })
    }
}
