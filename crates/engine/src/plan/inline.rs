//! `INLINE STATS`: each row keeps its columns and gets the results of its group.
//!
//! The input is read twice: once for the groups, once for the rows, which are then joined. The groups are the build
//! side, so that rows stream through in their order and only the groups are held in memory.

use super::{Frame, HIDDEN, Planner};
use crate::bind::{Column, Scope, reference};
use datafusion::{
    common::{Column as DfColumn, JoinType, NullEquality},
    logical_expr::{Expr as DfExpr, LogicalPlanBuilder, lit},
};
use ir::{Aggregate, Diagnostic, Span, codes};

impl Planner<'_> {
    pub(super) fn inline(&self, frame: Frame, aggregate: &Aggregate, span: Span) -> Result<Frame, Diagnostic> {
        let input = frame.scope.clone();
        let groups = self.aggregate(frame.clone(), aggregate, span)?;
        let (rows, keys) = self.keys(frame, &aggregate.by, false, span)?;

        if let Some((by, _)) = aggregate.by.iter().zip(&keys).find(|(_, (value, _))| value.ty.many) {
            let message =
                format!("INLINE STATS by [{}], which may have several values, is not supported", by.name.value);
            return Err(Diagnostic::refusal(codes::UNSUPPORTED_TYPE, message)
                .at(by.name.span)
                .hint("MV_EXPAND the column first"));
        }

        // The results under names that no row has, with their keys or, without any, a constant that joins all.
        let own = |name: &str| format!("{HIDDEN}group.{name}");
        let constant = format!("{HIDDEN}all");
        let mut exprs: Vec<DfExpr> =
            groups.scope.columns.iter().map(|column| reference(&column.name).alias(own(&column.name))).collect();
        exprs.push(lit(true).alias(own(&constant)));
        let mut row_exprs: Vec<DfExpr> = input.references();
        row_exprs
            .extend(keys.iter().map(|(_, key)| reference(&key.name)).filter(|key| !input.references().contains(key)));
        row_exprs.push(lit(true).alias(&constant));

        let mut left: Vec<DfColumn> = vec![DfColumn::new_unqualified(own(&constant))];
        let mut right: Vec<DfColumn> = vec![DfColumn::new_unqualified(&constant)];
        if !keys.is_empty() {
            left = aggregate.by.iter().map(|by| DfColumn::new_unqualified(own(&by.name.value))).collect();
            right = keys.iter().map(|(_, key)| DfColumn::new_unqualified(&key.name)).collect();
        }

        // Rows keep what the results do not replace.
        let mut scope: Scope = input;
        let mut last: Vec<DfExpr> = Vec::new();
        for column in &groups.scope.columns {
            scope.push(Column::new(column.name.clone(), column.ty));
        }
        for column in &scope.columns {
            let is_key = aggregate.by.iter().zip(&keys).find(|(by, _)| by.name.value == column.name);
            last.push(match (groups.scope.get(&column.name), is_key) {
                (Some(_), Some((_, (_, key)))) => reference(&key.name).alias(&column.name),
                (Some(_), None) => reference(&own(&column.name)).alias(&column.name),
                (None, _) => reference(&column.name),
            });
        }
        for (by, (value, _)) in aggregate.by.iter().zip(&keys) {
            if let Some(column) = scope.columns.iter_mut().find(|column| column.name == by.name.value) {
                column.ty = value.ty;
            }
        }
        let groups = Frame::build(groups.plan, groups.scope, span, |builder| builder.project(exprs))?;
        Frame::build(rows.plan, scope, span, |builder| {
            let rows = builder.project(row_exprs)?.build()?;
            LogicalPlanBuilder::from(groups.plan)
                .join_detailed(rows, JoinType::Right, (left, right), None, NullEquality::NullEqualsNull)?
                .project(last)
        })
    }
}
