//! `MV_EXPAND`: one row for each value of a column.

use super::{Frame, Planner};
use crate::bind::Column;
use crate::types::ColumnType;
use datafusion::common::{Column as DfColumn, UnnestOptions};
use ir::{Diagnostic, Span, Spanned};

impl Planner<'_> {
    pub(super) fn expand(&self, frame: Frame, column: &Spanned<String>) -> Result<Frame, Diagnostic> {
        let value = self.binder(&frame.scope).field(&column.value, column.span)?;
        let frame = match frame.scope.get(&column.value) {
            Some(_) => frame,
            None => frame.with_columns(vec![(column.value.clone(), value.clone())], column.span)?,
        };
        if !value.ty.many {
            return Ok(frame);
        }
        let mut frame = frame.unnest(&column.value, column.span)?;
        let flat = Column::new(column.value.clone(), ColumnType::one(value.ty.ty));
        if let Some(expanded) = frame.scope.columns.iter_mut().find(|known| known.name == column.value) {
            *expanded = flat;
        }
        Ok(frame)
    }
}

impl Frame {
    /// A row for each value of a list column, one with null where the list is null.
    pub(super) fn unnest(self, name: &str, span: Span) -> Result<Frame, Diagnostic> {
        let options = UnnestOptions::new().with_preserve_nulls(true);
        Frame::build(self.plan, self.scope, span, |builder| {
            builder.unnest_column_with_options(DfColumn::new_unqualified(name), options)
        })
    }
}
