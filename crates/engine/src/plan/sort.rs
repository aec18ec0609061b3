//! `SORT`. A column of several values sorts by its least value, or by its greatest where the order is descending.

use super::{Frame, Planner};
use datafusion::logical_expr::SortExpr;
use ir::{Diagnostic, SortKey, Span};

impl Planner<'_> {
    pub(super) fn sort(&self, frame: Frame, keys: &[SortKey], span: Span) -> Result<Frame, Diagnostic> {
        let mut sort = Vec::with_capacity(keys.len());
        for key in keys {
            let mut binder = self.binder(&frame.scope);
            let value = binder.value(&key.expr)?;
            let single = binder.extreme(&value, key.descending, key.expr.span)?;
            let ordered = binder.order_key(&single, key.expr.span)?;
            // A constant sorts nothing.
            if ordered.constant.is_none() {
                sort.push(SortExpr::new(ordered.expr, !key.descending, key.nulls_first));
            }
        }
        if sort.is_empty() {
            return Ok(frame);
        }
        Frame::build(frame.plan, frame.scope, span, |builder| builder.sort(sort))
    }
}
