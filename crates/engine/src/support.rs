//! Whether a rule can run at all, told from the rule alone.
//!
//! Binding a rule to data finds more (unknown fields, types that do not fit); what is found here does not depend on data,
//! so that a repository of thousands of rules is checked in an instant.

use crate::{aggregates, functions};
use ir::{Body, Diagnostic, Expr, ExprKind, Pipeline, Rule, Source, Stage, StageKind, codes};

/// Why the rule's body does not run; nothing where it does, or where it has none.
pub fn problems(rule: &Rule) -> Vec<Diagnostic> {
    match &rule.body {
        None => Vec::new(),
        Some(Body::Pipeline(pipeline)) => {
            let mut problems: Vec<Diagnostic> = of_source(pipeline).into_iter().collect();
            problems.extend(pipeline.stages.iter().filter_map(of_stage));
            pipeline.for_each_expr(&mut |expr| expr.walk(&mut |inner| problems.extend(of_expr(inner))));
            problems.dedup();
            problems
        }
        Some(body) => {
            let message = format!("rules that are {} do not run yet", body.kind());
            vec![Diagnostic::refusal(codes::UNSUPPORTED_BODY, message)]
        }
    }
}

fn of_source(pipeline: &Pipeline) -> Option<Diagnostic> {
    match pipeline.source {
        Source::Streams { .. } | Source::Row(_) => None,
        Source::LogSources | Source::Events(_) | Source::Table(_) | Source::Values { .. } | Source::Union(_) => {
            let message = "pipelines that read other than data streams do not run yet";
            Some(Diagnostic::refusal(codes::UNSUPPORTED_SOURCE, message))
        }
    }
}

fn of_stage(stage: &Stage) -> Option<Diagnostic> {
    let command = match &stage.kind {
        StageKind::Join(_) => "joins",
        StageKind::Append(_) => "rows of other pipelines",
        StageKind::Extract { .. } => "extractions by regular expression",
        StageKind::Other { command, .. } => &command.value,
        _ => return None,
    };
    let message = format!("{command}: this command does not run yet");
    Some(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(stage.span))
}

fn of_expr(expr: &Expr) -> Option<Diagnostic> {
    match &expr.kind {
        ExprKind::EventText | ExprKind::AnyValue(_) | ExprKind::AnyElement { .. } => {
            let message = "tests of any value of a field do not run in pipelines yet";
            Some(Diagnostic::refusal(codes::UNSUPPORTED_BODY, message).at(expr.span))
        }
        ExprKind::Call { function, .. } => {
            let name = function.value.as_str();
            // The time spans are conversions that the binder makes itself.
            let known = functions::find(name).is_some()
                || aggregates::find(name).is_some()
                || matches!(name, "to_dateperiod" | "to_timeduration");
            (!known).then(|| functions::missing(name, function.span, &[]))
        }
        _ => None,
    }
}
