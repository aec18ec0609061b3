//! AST to an `ir` body: the word before `where`, sequences, pipes. Conditions are lowered in `conditions`.

mod calls;
mod conditions;

use super::Options;
use super::ast::{Body, EventFilter, Expr, ExprKind, Pipe, Query, Sequence, Step, TimeUnit};
use ir::{
    CompareOp, Diagnostic, Key, Literal, Pipeline, SequenceOrder, SortKey, Source, Span, Stage, StageKind, codes,
};
use std::time::Duration;

type Lowered<T> = Result<T, Diagnostic>;

/// Pipes of the language it comes from that Elastic's has not.
const OLD_PIPES: &[&str] = &["count", "filter", "sort", "unique", "unique_count"];

pub(super) fn query(query: &Query, options: &Options) -> Result<(ir::Body, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut lowering = Lowering { options, errors: Vec::new() };
    let mut losses = Vec::new();
    let body = match &query.body {
        Body::Event(filter) => {
            let condition = lowering.event(filter);
            if query.pipes.is_empty() {
                ir::Body::Match(condition)
            } else {
                ir::Body::Pipeline(lowering.pipeline(condition, query))
            }
        }
        Body::Sequence(sequence) => {
            for pipe in &query.pipes {
                let message = format!("`{}` has no effect on a sequence; all of them are found", pipe.name.value);
                match row_count(pipe) {
                    Ok(_) => losses.push(Diagnostic::loss(codes::UNSUPPORTED_COMMAND, message).at(pipe.span)),
                    Err(error) => lowering.errors.push(error),
                }
            }
            ir::Body::Sequence(lowering.sequence(sequence))
        }
    };
    if lowering.errors.is_empty() { Ok((body, losses)) } else { Err(lowering.errors) }
}

struct Lowering<'a> {
    options: &'a Options,
    errors: Vec<Diagnostic>,
}

/// A condition on the field that the word before `where` is a value of.
fn category_test(field: &str, category: &ir::Spanned<String>) -> ir::Expr {
    let at = |kind| ir::Expr::new(kind, category.span);
    let test = ir::ExprKind::Compare {
        op: CompareOp::Equal,
        left: Box::new(at(ir::ExprKind::Field(field.to_owned()))),
        right: Box::new(at(ir::ExprKind::Literal(Literal::String(category.value.clone())))),
        case: ir::Case::Sensitive,
    };
    at(ir::ExprKind::AnyValue(Box::new(at(test))))
}

impl Lowering<'_> {
    /// Keeps the error and goes on with a value nobody reads.
    fn or_report(&mut self, lowered: Lowered<ir::Expr>, span: Span) -> ir::Expr {
        lowered.unwrap_or_else(|error| {
            self.errors.push(error);
            ir::Expr::new(ir::ExprKind::Unread, span)
        })
    }

    fn event(&mut self, filter: &EventFilter) -> ir::Expr {
        let lowered = conditions::condition(&filter.condition);
        let condition = self.or_report(lowered, filter.condition.span);
        let Some(category) = &filter.category else { return condition };
        let test = category_test(&self.options.event_category_field, category);
        let span = category.span.to(condition.span);
        let kind = match condition.kind {
            ir::ExprKind::Literal(Literal::Boolean(true)) => return test,
            ir::ExprKind::And(mut operands) => {
                operands.insert(0, test);
                ir::ExprKind::And(operands)
            }
            _ => ir::ExprKind::And(vec![test, condition]),
        };
        ir::Expr::new(kind, span)
    }

    fn sequence(&mut self, sequence: &Sequence) -> ir::Sequence {
        self.check(sequence);
        let steps = sequence.steps.iter().map(|step| self.step(step, &sequence.by)).collect();
        let until = sequence.until.as_ref().map(|step| self.step(step, &sequence.by));
        let max_span = sequence.max_span.as_ref().map(|span| {
            let count = u64::from(span.value.count);
            match span.value.unit {
                TimeUnit::Millisecond => Duration::from_millis(count),
                TimeUnit::Second => Duration::from_secs(count),
                TimeUnit::Minute => Duration::from_secs(count * 60),
                TimeUnit::Hour => Duration::from_secs(count * 3600),
                TimeUnit::Day => Duration::from_secs(count * 86_400),
            }
        });
        let order = if sequence.sample { SequenceOrder::Any } else { SequenceOrder::InTime };
        ir::Sequence { order, steps, max_span, until }
    }

    fn step(&mut self, step: &Step, by: &[Expr]) -> ir::Step {
        let condition = self.event(&step.filter);
        let keys = by.iter().chain(&step.by).map(|key| self.key(key)).collect();
        let runs = step.runs.as_ref().map_or(1, |runs| runs.value);
        ir::Step { condition, keys, runs, missing: step.missing, span: step.span }
    }

    fn key(&mut self, key: &Expr) -> Key {
        let optional = matches!(&key.kind, ExprKind::Field { optional: true, .. });
        Key { value: self.or_report(conditions::value(key), key.span), optional }
    }

    /// What the grammar leaves to the reader: the numbers of keys, and which sequences may have missing events.
    fn check(&mut self, sequence: &Sequence) {
        let Some(first) = sequence.steps.first() else { return };
        for step in sequence.steps.iter().chain(sequence.until.as_deref()) {
            if step.by.len() != first.by.len() {
                let message = format!("{} keys after `by`, and {} in the first event", step.by.len(), first.by.len());
                self.errors.push(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(step.span));
            }
        }
        if sequence.sample && sequence.by.is_empty() && first.by.is_empty() {
            let message = "a sample needs `by` and a key that its events share";
            self.errors.push(Diagnostic::refusal(codes::SYNTAX, message).at(first.span));
        }
        if let Some(missing) = sequence.steps.iter().find(|step| step.missing) {
            let message = if sequence.steps.iter().all(|step| step.missing) {
                "a sequence needs at least one event that is not missing"
            } else if sequence.max_span.is_none() {
                "a sequence with a missing event needs `with maxspan`"
            } else {
                return;
            };
            self.errors.push(Diagnostic::refusal(codes::SYNTAX, message).at(missing.span));
        }
    }

    fn pipeline(&mut self, condition: ir::Expr, query: &Query) -> Pipeline {
        let filter = Stage { span: condition.span, kind: StageKind::Filter(condition) };
        let mut stages = vec![filter];
        let sort = |descending, span| {
            let expr = ir::Expr::new(ir::ExprKind::Field(self.options.timestamp_field.clone()), span);
            Stage { kind: StageKind::Sort(vec![SortKey { expr, descending, nulls_first: false }]), span }
        };
        stages.push(sort(false, query.span));
        for pipe in &query.pipes {
            match row_count(pipe) {
                Ok(count) => {
                    let tail = pipe.name.value == "tail";
                    let limit = Stage { kind: StageKind::Limit { count, by: Vec::new() }, span: pipe.span };
                    stages.extend(tail.then(|| sort(true, pipe.span)));
                    stages.push(limit);
                    stages.extend(tail.then(|| sort(false, pipe.span)));
                }
                Err(error) => self.errors.push(error),
            }
        }
        Pipeline { source: Source::LogSources, stages, unknown_fields: ir::UnknownFields::Null }
    }
}

/// How many events `head` or `tail` keeps.
fn row_count(pipe: &Pipe) -> Lowered<u64> {
    let name = pipe.name.value.as_str();
    if !matches!(name, "head" | "tail") {
        let (code, message) = if OLD_PIPES.contains(&name) {
            (codes::UNSUPPORTED_COMMAND, format!("Elastic's language has no pipe `{name}`"))
        } else {
            (codes::SYNTAX, format!("`{name}` is no pipe"))
        };
        return Err(Diagnostic::refusal(code, message).at(pipe.name.span).hint("pipes are `head` and `tail`"));
    }
    match pipe.args.as_slice() {
        [Expr { kind: ExprKind::Literal(Literal::Integer(count)), .. }] if *count >= 0 => {
            Ok(count.unsigned_abs().into())
        }
        _ => {
            Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, format!("`{name}` takes one number of events"))
                .at(pipe.span))
        }
    }
}
