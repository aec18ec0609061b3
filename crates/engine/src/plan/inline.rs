//! `INLINE STATS`: each row keeps its columns and gets the results of its group.
//!
//! The input is read twice: once for the groups, once for the rows, which are then joined. The groups are the build
//! side, so that rows stream through in their order and only the groups are held in memory.

use super::{Frame, HIDDEN, Planner, aggregate::last_of_each_name};
use crate::bind::{Column, Scope, reference};
use datafusion::{
    common::{Column as DfColumn, JoinType, NullEquality},
    logical_expr::{Expr as DfExpr, LogicalPlanBuilder, lit},
};
use ir::{Aggregate, Diagnostic, Span, codes};

impl Planner<'_> {
    pub(super) fn inline(&self, frame: Frame, aggregate: &Aggregate, span: Span) -> Result<Frame, Diagnostic> {
        let input = frame.scope.clone();
        let (groups, grouping) = self.grouping(frame.clone(), aggregate, span)?;
        let by = last_of_each_name(&aggregate.by);
        let (rows, keys) = self.keys(frame, &by, false, span)?;
        if let Some((by, _)) = by.iter().zip(&keys).find(|(_, (value, _))| value.ty.many) {
            let message =
                format!("INLINE STATS by [{}], which may have several values, is not supported", by.name.value);
            return Err(Diagnostic::refusal(codes::UNSUPPORTED_TYPE, message)
                .at(by.name.span)
                .hint("MV_EXPAND the column first"));
        }

        // The groups under names that no row has: their keys or, without any, a constant that joins all, and their
        // results.
        let key_name = |at: usize| format!("{HIDDEN}group{at}");
        let result_name = |name: &str| format!("{HIDDEN}result.{name}");
        let constant = format!("{HIDDEN}all");
        let mut exprs: Vec<DfExpr> =
            grouping.keys.iter().enumerate().map(|(at, key)| reference(&key.name).alias(key_name(at))).collect();
        exprs.extend(grouping.outputs.iter().map(|(column, expr)| expr.clone().alias(result_name(&column.name))));
        exprs.push(lit(true).alias(key_name(keys.len())));
        let mut row_exprs: Vec<DfExpr> = input.references();
        for (_, key) in keys.iter().filter(|(_, key)| input.get(&key.name).is_none()) {
            row_exprs.push(reference(&key.name));
        }
        row_exprs.push(lit(true).alias(&constant));
        let mut left: Vec<DfColumn> = (0..keys.len()).map(|at| DfColumn::new_unqualified(key_name(at))).collect();
        let mut right: Vec<DfColumn> = keys.iter().map(|(_, key)| DfColumn::new_unqualified(&key.name)).collect();
        if keys.is_empty() {
            left.push(DfColumn::new_unqualified(key_name(0)));
            right.push(DfColumn::new_unqualified(&constant));
        }

        // Rows keep what the results do not replace.
        let mut scope: Scope = input;
        for (column, _) in &grouping.outputs {
            scope.push(Column::new(column.name.clone(), column.ty));
        }
        let is_result = |name: &str| grouping.outputs.iter().any(|(column, _)| column.name == name);
        let last: Vec<DfExpr> = scope
            .columns
            .iter()
            .map(|column| match is_result(&column.name) {
                true => reference(&result_name(&column.name)).alias(&column.name),
                false => reference(&column.name),
            })
            .collect();
        let (group_keys, aggregates) = grouping.terms();
        Frame::build(rows.plan, scope, span, |builder| {
            let rows = builder.project(row_exprs)?.build()?;
            LogicalPlanBuilder::from(groups.plan)
                .aggregate(group_keys, aggregates)?
                .project(exprs)?
                .join_detailed(rows, JoinType::Right, (left, right), None, NullEquality::NullEqualsNull)?
                .project(last)
        })
    }
}
