//! The tests along a pipeline.

use super::columns::Columns;
use super::condition::Walk;
use super::groups;
use crate::Polarity;
use ir::{Expr, ExprKind, JoinKind, Pipeline, Source, Stage, StageKind};

pub fn walk(walk: &mut Walk, pipeline: &Pipeline, polarity: Polarity) {
    match &pipeline.source {
        Source::Union(parts) => parts.iter().for_each(|part| drop(inner(walk, part, polarity))),
        // A table that the rule does not name as a log source holds reference data: none of its columns is an event's.
        Source::Table(name) if !walk.log_sources.contains(&name.value) => walk.columns.close(),
        _ => {}
    }
    pipeline.stages.iter().for_each(|stage| self::stage(walk, stage, polarity));
}

/// A pipeline inside another has columns of its own, which are given back.
fn inner(outer: &mut Walk, pipeline: &Pipeline, polarity: Polarity) -> Columns {
    let columns = std::mem::take(&mut outer.columns);
    walk(outer, pipeline, polarity);
    std::mem::replace(&mut outer.columns, columns)
}

fn stage(walk: &mut Walk, stage: &Stage, polarity: Polarity) {
    match &stage.kind {
        StageKind::Filter(condition) => walk.condition(condition, polarity),
        StageKind::Extend(assignments) => walk.columns.extend(assignments),
        StageKind::Aggregate(aggregate) => {
            aggregate.aggregates.iter().for_each(|assignment| filters(walk, &assignment.expr, polarity));
            walk.columns.aggregate(aggregate);
        }
        StageKind::Rename(renames) => walk.columns.rename(renames),
        StageKind::Join(join) => {
            let drops_matches = matches!(join.kind, JoinKind::LeftAnti | JoinKind::RightAnti);
            let right = inner(walk, &join.right, if drops_matches { !polarity } else { polarity });
            match join.kind {
                JoinKind::LeftSemi | JoinKind::LeftAnti => {}
                JoinKind::RightSemi | JoinKind::RightAnti => walk.columns = right,
                _ => {
                    let equal = join.on.iter().filter(|(left, right)| left.kind == right.kind);
                    let names: Vec<_> = equal.filter_map(|(left, _)| name_of(left)).collect();
                    walk.columns.join(right, &names);
                }
            }
        }
        StageKind::Extract { input, pattern, .. } => walk.columns.cut_out(input, ir::group_names(&pattern.value)),
        StageKind::Dissect { input, pattern, .. } => walk.columns.cut_out(input, groups::of_dissect(&pattern.value)),
        StageKind::Grok { input, patterns } => {
            walk.columns.cut_out(input, patterns.iter().flat_map(|pattern| groups::of_grok(&pattern.value)));
        }
        StageKind::Keep(names) => walk.columns.keep(names),
        StageKind::Append(parts) => parts.iter().for_each(|part| drop(inner(walk, part, polarity))),
        StageKind::Other { creates, .. } => walk.columns.computed(creates.iter().cloned()),
        _ => {}
    }
}

fn name_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Field(name) => Some(name),
        _ => None,
    }
}

/// The conditions of aggregates that look at some rows only.
fn filters(walk: &mut Walk, expr: &Expr, polarity: Polarity) {
    expr.walk(&mut |inner| {
        if let ExprKind::Call { filter: Some(filter), .. } = &inner.kind {
            walk.condition(filter, polarity);
        }
    });
}
