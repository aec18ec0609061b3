//! The tests along a pipeline.

use super::condition::Walk;
use crate::Polarity;
use ir::{Expr, ExprKind, JoinKind, Pipeline, Source, Stage, StageKind};

pub fn walk(walk: &mut Walk, pipeline: &Pipeline, polarity: Polarity) {
    if let Source::Union(parts) = &pipeline.source {
        parts.iter().for_each(|part| inner(walk, part, polarity));
    }
    pipeline.stages.iter().for_each(|stage| self::stage(walk, stage, polarity));
}

/// A pipeline inside another has columns of its own.
fn inner(outer: &mut Walk, pipeline: &Pipeline, polarity: Polarity) {
    let columns = std::mem::take(&mut outer.columns);
    walk(outer, pipeline, polarity);
    outer.columns = columns;
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
            inner(walk, &join.right, if drops_matches { !polarity } else { polarity });
        }
        StageKind::Append(parts) => parts.iter().for_each(|part| inner(walk, part, polarity)),
        StageKind::Other { creates, .. } => walk.columns.computed(creates.iter().cloned()),
        _ => {}
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
