//! `RENAME`: a column keeps its place under the new name; a column that had the new name goes.
//!
//! Renames apply one after another, so `a AS b, b AS c` makes `a` to `c`.

use super::{Frame, Planner};
use crate::bind::{Column, reference};
use ir::{Diagnostic, Rename, Span};

impl Planner<'_> {
    pub(super) fn rename(&self, frame: Frame, renames: &[Rename], span: Span) -> Result<Frame, Diagnostic> {
        let mut scope = frame.scope.clone();
        // For each column, the expression over the input that it is.
        let mut exprs = scope.references();
        for rename in renames {
            let (from, to) = (&rename.from.value, &rename.to.value);
            let value = self.binder(&scope).field(from, rename.from.span)?;
            if from == to {
                continue;
            }
            if let Some(hidden) = scope.position(to) {
                scope.columns.remove(hidden);
                exprs.remove(hidden);
            }
            scope.absent.retain(|field| field.name != to.as_str() && field.name != from.as_str());
            match scope.position(from) {
                Some(at) => {
                    if let Some(column) = scope.columns.get_mut(at) {
                        column.name.clone_from(to);
                    }
                }
                None => {
                    scope.columns.push(Column { name: to.clone(), ty: value.ty, constant: value.constant.clone() });
                    exprs.push(value.folded());
                }
            }
        }
        let named = exprs
            .into_iter()
            .zip(&scope.columns)
            .map(|(expr, column)| if expr == reference(&column.name) { expr } else { expr.alias(&column.name) });
        let named = named.collect();
        frame.project(scope, named, span)
    }
}
