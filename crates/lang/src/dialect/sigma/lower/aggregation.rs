//! What stands behind a pipe in the conditions of older rules: `count() by x > 5`, `near a and b`.
//!
//! Specification 1 says no more than what is counted and by which fields. Taken from its converters: `count(field)` counts
//! distinct values, the rows of a missing group are in no group, and the time frame slides.

use super::super::ast::{Aggregation, Condition, ConditionExpr, ConditionKind, Statistic, Timeframe};
use super::condition::Selections;
use super::{Meaning, Truth};
use ir::{
    Aggregate, Assignment, Body, Case, CompareOp, Expr, ExprKind, Literal, Pipeline, Schedule, Sequence, SequenceOrder,
    Source, Span, Spanned, Stage, StageKind, Step, UnknownFields,
};
use std::time::Duration;

/// Within which time rules without a time frame look; their converters took whatever range was searched.
const DEFAULT_SECONDS: u64 = 24 * 60 * 60;

pub(super) fn body(
    condition: &Condition,
    timeframe: Option<&Timeframe>,
    selections: &mut Selections<'_>,
) -> Option<(Body, Option<Schedule>, Truth)> {
    let events = selections.lower(&condition.expr);
    let seconds = timeframe.map(|timeframe| timeframe.seconds);
    match condition.aggregation.as_ref()? {
        Aggregation::Near(near) => {
            let mut steps = vec![(condition.expr.span, events, false)];
            for part in parts(near) {
                let (part, missing) = match &part.kind {
                    ConditionKind::Not(inner) => (inner.as_ref(), true),
                    _ => (part, false),
                };
                steps.push((part.span, selections.lower(part), missing));
            }
            let max_span = Some(Duration::from_secs(seconds.unwrap_or(DEFAULT_SECONDS)));
            let truth = truth(&steps);
            let steps = steps.into_iter().map(|(span, meaning, missing)| step(meaning?, missing, span));
            let steps = steps.collect::<Option<Vec<_>>>()?;
            let sequence = Sequence { order: SequenceOrder::Any, steps, max_span, until: None };
            Some((Body::Sequence(sequence), None, truth))
        }
        Aggregation::Statistic { .. } => {
            let events = events?;
            let truth = events.truth;
            let pipeline = pipeline(events, condition)?;
            Some((Body::Pipeline(pipeline), Some(schedule(seconds.unwrap_or(DEFAULT_SECONDS))), truth))
        }
    }
}

/// The conditions that `near` joins by `and`.
fn parts(near: &ConditionExpr) -> &[ConditionExpr] {
    match &near.kind {
        ConditionKind::And(parts) => parts,
        _ => std::slice::from_ref(near),
    }
}

fn truth(steps: &[(Span, Option<Meaning>, bool)]) -> Truth {
    let never = |(_, meaning, missing): &(Span, Option<Meaning>, bool)| {
        !missing && meaning.as_ref().is_some_and(|meaning| meaning.truth == Truth::Never)
    };
    if steps.iter().any(never) { Truth::Never } else { Truth::Maybe }
}

fn step(meaning: Meaning, missing: bool, span: Span) -> Option<Step> {
    Some(Step { condition: meaning.expr, keys: Vec::new(), runs: 1, missing, span })
}

/// Windows of the time frame that overlap by nine tenths, since the frame may begin anywhere.
fn schedule(seconds: u64) -> Schedule {
    let interval = (seconds / 10).clamp(1, 60 * 60);
    Schedule { interval: Duration::from_secs(interval), look_back: Duration::from_secs(seconds.max(1)) }
}

fn pipeline(events: Meaning, condition: &Condition) -> Option<Pipeline> {
    let Some(Aggregation::Statistic { function, field, by, op, threshold }) = &condition.aggregation else {
        return None;
    };
    let name = match field {
        Some(field) => format!("{}({})", function.value.name(), field.value),
        None => format!("{}()", function.value.name()),
    };
    let span = field.as_ref().map_or(function.span, |field| function.span.to(field.span));
    let called = match (function.value, field) {
        (Statistic::Count, Some(_)) => "count_distinct",
        (other, _) => other.name(),
    };
    let argument = match field {
        Some(field) => Expr::new(ExprKind::Field(field.value.clone()), field.span),
        None => Expr::new(ExprKind::Star, span),
    };
    let call = ExprKind::Call {
        function: Spanned { value: called.to_owned(), span: function.span },
        args: vec![argument],
        filter: None,
    };
    let column = Spanned { value: name, span };
    let aggregate = Aggregate {
        aggregates: vec![Assignment { name: column.clone(), expr: Expr::new(call, span) }],
        by: by.iter().map(grouping).collect(),
        inline: false,
    };
    let enough = compare(&column, *op, threshold);
    let mut stages = vec![Stage { span: events.expr.span, kind: StageKind::Filter(events.expr) }];
    stages.extend(in_a_group(by));
    stages.push(Stage { kind: StageKind::Aggregate(aggregate), span: condition.span });
    stages.push(Stage { span: enough.span, kind: StageKind::Filter(enough) });
    Some(Pipeline { source: Source::LogSources, stages, unknown_fields: UnknownFields::Null })
}

fn grouping(field: &Spanned<String>) -> Assignment {
    Assignment { name: field.clone(), expr: Expr::new(ExprKind::Field(field.value.clone()), field.span) }
}

/// Events that lack a field of the group are in none. The test has no place of its own: the rule does not write it.
fn in_a_group(by: &[Spanned<String>]) -> Option<Stage> {
    let known = |field: &Spanned<String>| {
        let value = Expr::new(ExprKind::Field(field.value.clone()), Span::default());
        Expr::new(ExprKind::IsNull { value: Box::new(value), negated: true }, Span::default())
    };
    let mut tests: Vec<Expr> = by.iter().map(known).collect();
    let test = if tests.len() > 1 { Expr::new(ExprKind::And(tests), Span::default()) } else { tests.pop()? };
    Some(Stage { kind: StageKind::Filter(test), span: Span::default() })
}

fn compare(column: &Spanned<String>, op: CompareOp, threshold: &Spanned<Literal>) -> Expr {
    let span = column.span.to(threshold.span);
    let left = Box::new(Expr::new(ExprKind::Field(column.value.clone()), column.span));
    let right = Box::new(Expr::new(ExprKind::Literal(threshold.value.clone()), threshold.span));
    Expr::new(ExprKind::Compare { op, left, right, case: Case::Sensitive }, span)
}
