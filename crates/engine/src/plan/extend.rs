//! `EVAL`: new columns, each visible to the next.
//!
//! Assignments that do not depend on one another share a projection; one that reads a column of the same command
//! starts the next.

use super::{Frame, Planner};
use crate::bind::{Column, Scope, Value, reference};
use datafusion::logical_expr::Expr as DfExpr;
use ir::{Assignment, Diagnostic, ExprKind, Span};

impl Planner<'_> {
    pub(super) fn extend(&self, mut frame: Frame, assignments: &[Assignment], span: Span) -> Result<Frame, Diagnostic> {
        let mut pending: Vec<(String, Value)> = Vec::new();
        for assignment in assignments {
            if reads_any(assignment, &pending) {
                frame = frame.with_columns(std::mem::take(&mut pending), span)?;
            }
            let value = self.binder(&frame.scope).value(&assignment.expr)?;
            pending.retain(|(name, _)| *name != assignment.name.value);
            pending.push((assignment.name.value.clone(), value));
        }
        frame.with_columns(pending, span)
    }
}

fn reads_any(assignment: &Assignment, pending: &[(String, Value)]) -> bool {
    let mut reads = false;
    assignment.expr.walk(&mut |expr| {
        if let ExprKind::Field(name) = &expr.kind {
            reads |= pending.iter().any(|(written, _)| written == name);
        }
    });
    reads
}

impl Frame {
    /// Adds columns at the end, over the columns of this frame; one that has a name already is replaced.
    pub(super) fn with_columns(self, columns: Vec<(String, Value)>, span: Span) -> Result<Frame, Diagnostic> {
        if columns.is_empty() {
            return Ok(self);
        }
        let mut scope: Scope = self.scope.clone();
        let kept = scope.columns.iter().filter(|old| !columns.iter().any(|(name, _)| *name == old.name));
        let mut exprs: Vec<DfExpr> = kept.map(|column| reference(&column.name)).collect();
        for (name, value) in columns {
            exprs.push(value.folded().alias(name.clone()));
            scope.push(Column { name, ty: value.ty, constant: value.constant });
        }
        self.project(scope, exprs, span)
    }
}
