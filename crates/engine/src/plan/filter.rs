//! `WHERE`: rows for which a condition is true.

use super::{Frame, Planner};
use ir::{Diagnostic, Expr};

impl Planner<'_> {
    pub(super) fn filter(&self, frame: Frame, condition: &Expr) -> Result<Frame, Diagnostic> {
        let test = self.binder(&frame.scope).condition(condition)?;
        Frame::build(frame.plan, frame.scope, condition.span, |builder| builder.filter(test.folded()))
    }
}
