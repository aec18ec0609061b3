//! `STATS`: one row for each group.
//!
//! The plan is three steps, kept apart so that partial results can be merged in another way: a projection that adds the
//! keys, a [`LogicalPlan::Aggregate`](datafusion::logical_expr::LogicalPlan) of nothing but keys and DataFusion aggregates,
//! and a projection that computes the results from those. A row whose key has several values belongs to each of their
//! groups.

use super::{Frame, HIDDEN, Planner};
use crate::{
    aggregates,
    bind::{Binder, Column, Scope, Value, failed, reference, same},
    functions::{self, Arg, ArgValue, Call},
    types::ColumnType,
};
use datafusion::{
    logical_expr::{Expr as DfExpr, ExprFunctionExt, lit},
    scalar::ScalarValue,
};
use ir::{Aggregate, Assignment, Diagnostic, Expr, ExprKind, LineColumn, Span, codes};
use schema::Type;

/// A `STATS` over a row-wise plan.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The columns of the row-wise plan to group by.
    pub keys: Vec<Column>,
    /// DataFusion aggregates over the row-wise plan, each aliased to the column that `outputs` read.
    pub aggregates: Vec<DfExpr>,
    /// The result's columns over keys and aggregates.
    pub outputs: Vec<(Column, DfExpr)>,
    pub span: Span,
}

/// An aggregate call and where its results come from.
struct Collector<'c> {
    binder: Binder<'c>,
    parts: Vec<DfExpr>,
    /// Calls met so far with their values over the parts.
    computed: Vec<(Expr, Value)>,
}

impl Planner<'_> {
    pub(super) fn aggregate(&self, frame: Frame, aggregate: &Aggregate, span: Span) -> Result<Frame, Diagnostic> {
        let (frame, grouping) = self.grouping(frame, aggregate, span)?;
        grouping.apply(frame)
    }

    /// Adds the keys to the frame and binds what is computed for each group.
    pub(super) fn grouping(
        &self,
        frame: Frame,
        aggregate: &Aggregate,
        span: Span,
    ) -> Result<(Frame, Grouping), Diagnostic> {
        self.warn_shadowed(aggregate);
        let by = last_of_each_name(&aggregate.by);
        // Aggregates see the columns as they were: several values are one group's each, but all of them are counted.
        let scope = frame.scope.clone();
        let (frame, keys) = self.keys(frame, &by, true, span)?;
        // An aggregate may name a key of the same command, which hides a column of that name.
        let named_key = |by: &Assignment| Expr::new(ExprKind::Field(by.name.value.clone()), by.name.span);
        let named: Vec<(Expr, Value)> = by
            .iter()
            .zip(&keys)
            .filter(|(by, _)| !matches!(&by.expr.kind, ExprKind::Field(name) if *name == by.name.value))
            .map(|(by, (_, key))| (named_key(by), key.value()))
            .collect();
        let binder = Binder::with_computed(self.query, &scope, &named);
        let mut collector = Collector { binder, parts: Vec::new(), computed: Vec::new() };
        for (assignment, (_, key)) in by.iter().zip(&keys) {
            collector.computed.push((assignment.expr.clone(), key.value()));
        }
        let groups: Vec<Column> =
            by.iter().zip(&keys).map(|(by, (_, key))| Column::new(by.name.value.clone(), key.ty)).collect();
        for (assignment, (_, key)) in by.iter().zip(&keys) {
            collector.computed.push((named_key(assignment), key.value()));
        }
        let mut outputs: Vec<(Column, DfExpr)> = Vec::new();
        for assignment in &aggregate.aggregates {
            let value = self.over_groups(&mut collector, assignment, &scope)?;
            let column = Column::new(assignment.name.value.clone(), value.ty);
            push_output(&mut outputs, column, value.folded());
        }
        for (group, (_, key)) in groups.into_iter().zip(&keys) {
            push_output(&mut outputs, group, reference(&key.name));
        }
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        Ok((frame, Grouping { keys, aggregates: collector.parts, outputs, span }))
    }

    /// Adds a column for each key that is not a flat column already, and says which column each key is. With `split`, a
    /// row with several values of a key is repeated for each of them.
    pub(super) fn keys(
        &self,
        mut frame: Frame,
        by: &[Assignment],
        split: bool,
        span: Span,
    ) -> Result<(Frame, Vec<(Value, Column)>), Diagnostic> {
        let mut keys: Vec<(Value, Column)> = Vec::with_capacity(by.len());
        let mut added = Vec::new();
        for (at, assignment) in by.iter().enumerate() {
            if let Some(found) = aggregate_call(&assignment.expr) {
                let text = self.query.source(found.span);
                let message = format!("cannot use an aggregate [{text}] for grouping");
                return Err(Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(found.span));
            }
            let value = self.binder(&frame.scope).value(&assignment.expr)?;
            let flat = ColumnType::one(value.ty.ty);
            let own = matches!(&assignment.expr.kind, ExprKind::Field(name) if frame.scope.get(name).is_some());
            let column = match &assignment.expr.kind {
                ExprKind::Field(name) if own && !value.ty.many => Column::new(name.clone(), flat),
                _ => {
                    let name = format!("{HIDDEN}key{at}");
                    let key = if value.ty.many && split {
                        self.binder(&frame.scope).function_of("mv_dedupe", &value, span)?
                    } else {
                        value.clone()
                    };
                    added.push((name.clone(), key));
                    Column::new(name, if split { flat } else { value.ty })
                }
            };
            keys.push((value, column));
        }
        let scope = frame.scope.clone();
        frame = frame.with_columns(added, span)?;
        for (_, column) in &keys {
            // What is still a list here has several values; one value without its duplicates may be flat already.
            if split && frame.scope.get(&column.name).is_some_and(|key| key.ty.many) {
                frame = frame.unnest(&column.name, span)?;
            }
        }
        frame.scope = scope;
        Ok((frame, keys))
    }

    /// An expression over aggregates, keys and constants.
    fn over_groups(
        &self,
        collector: &mut Collector<'_>,
        assignment: &Assignment,
        input: &Scope,
    ) -> Result<Value, Diagnostic> {
        let mut problem = None;
        let mut calls = Vec::new();
        collect_calls(&assignment.expr, &mut calls);
        for call in calls {
            collector.call(self, call)?;
        }
        outside_calls(&assignment.expr, &collector.computed, &mut |expr| {
            if let ExprKind::Call { function, .. } = &expr.kind
                && problem.is_none()
                && functions::find(&function.value).is_none()
            {
                problem = Some(self.binder(input).no_function(function, expr.span));
            }
            if let ExprKind::Field(name) = &expr.kind
                && problem.is_none()
                && input.get(name).is_some()
            {
                let message =
                    format!("column [{name}] must appear in the STATS BY clause or be used in an aggregate function");
                problem = Some(Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(expr.span));
            }
        });
        if let Some(problem) = problem {
            return Err(problem);
        }
        let nothing = Scope { absent: Vec::new(), columns: Vec::new(), conflicts: Vec::new() };
        Binder::with_computed(self.query, &nothing, &collector.computed).value(&assignment.expr)
    }

    /// Notes names that a later result of the same command hides.
    fn warn_shadowed(&self, aggregate: &Aggregate) {
        let all: Vec<&Assignment> = aggregate.aggregates.iter().chain(&aggregate.by).collect();
        for (at, assignment) in all.iter().enumerate() {
            let later = all.iter().skip(at + 1).rfind(|later| later.name.value == assignment.name.value);
            if let Some(later) = later {
                let place = LineColumn::of(later.name.span.start, &self.query.text);
                let message = format!("Field '{}' shadowed by field at line {place}", assignment.name.value);
                self.query.report(Diagnostic::note(codes::SHADOWED, message).at(assignment.name.span));
            }
        }
    }
}

impl Collector<'_> {
    /// Binds an aggregate call, unless an equal one is bound already.
    fn call(&mut self, planner: &Planner<'_>, expr: &Expr) -> Result<(), Diagnostic> {
        if self.computed.iter().any(|(known, _)| same(known, expr)) {
            return Ok(());
        }
        let ExprKind::Call { function, args, filter } = &expr.kind else { return Ok(()) };
        let query = planner.query;
        let text = query.source(expr.span);
        if let Some(inner) = args.iter().find_map(aggregate_call) {
            let message = format!(
                "nested aggregations [{}] not allowed inside other aggregations [{text}]",
                query.source(inner.span)
            );
            return Err(Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(inner.span));
        }
        let Some(found) = aggregates::find(&function.value) else { return Ok(()) };
        let mut described = Vec::with_capacity(args.len());
        let mut values = Vec::with_capacity(args.len());
        for arg in args.iter().filter(|arg| arg.kind != ExprKind::Star) {
            let (arg, value) = self.binder.argument(arg)?;
            described.push(arg);
            values.push(value.folded());
        }
        if described.is_empty() && function.value == "count" {
            let constant = Some(ScalarValue::Boolean(Some(true)));
            let value = ArgValue::Expression { ty: ColumnType::one(Type::Boolean), constant };
            described.push(Arg { value, text: "*".to_string(), span: expr.span });
            values.push(lit(true));
        }
        let call = Call { text, span: expr.span, args: &described, now: query.now };
        let bound = found.bind(&call, values, &query.warnings)?;
        let filter = filter.as_deref().map(|filter| self.binder.condition(filter)).transpose()?;
        let mut results = Vec::with_capacity(bound.parts.len());
        for part in bound.parts {
            let part = match &filter {
                Some(filter) => part.filter(filter.folded()).build().map_err(|error| failed(error, expr.span))?,
                None => part,
            };
            results.push(reference(&self.part(part)));
        }
        let value = Value::new((bound.finish)(results), bound.returns);
        self.computed.push((expr.clone(), value));
        Ok(())
    }

    /// The column of a DataFusion aggregate; equal ones share it.
    fn part(&mut self, part: DfExpr) -> String {
        let known = self.parts.iter().position(|known| matches!(known, DfExpr::Alias(alias) if *alias.expr == part));
        let at = known.unwrap_or(self.parts.len());
        let name = format!("{HIDDEN}agg{at}");
        if known.is_none() {
            self.parts.push(part.alias(&name));
        }
        name
    }
}

impl Grouping {
    /// The aggregation over the row-wise frame, and the results computed from it.
    pub fn apply(self, frame: Frame) -> Result<Frame, Diagnostic> {
        let span = self.span;
        let (keys, aggregates) = self.terms();
        let frame = Frame::build(frame.plan, Scope::default(), span, |builder| builder.aggregate(keys, aggregates))?;
        self.results(frame)
    }

    /// What the aggregation node groups by, and what it computes.
    pub fn terms(&self) -> (Vec<DfExpr>, Vec<DfExpr>) {
        let mut keys: Vec<DfExpr> = self.keys.iter().map(|key| reference(&key.name)).collect();
        let mut known = std::collections::HashSet::new();
        keys.retain(|key| known.insert(key.clone()));
        (keys, self.aggregates.clone())
    }

    /// The results over a frame that has the keys and aggregates as columns.
    pub fn results(self, frame: Frame) -> Result<Frame, Diagnostic> {
        let (columns, exprs): (Vec<Column>, Vec<DfExpr>) =
            self.outputs.into_iter().map(|(column, expr)| (column.clone(), expr.alias(&column.name))).unzip();
        frame.project(Scope::new(columns), exprs, self.span)
    }
}

/// Adds a result; one of the same name before it is gone.
fn push_output(outputs: &mut Vec<(Column, DfExpr)>, column: Column, expr: DfExpr) {
    outputs.retain(|(old, _)| old.name != column.name);
    outputs.push((column, expr));
}

/// The keys of a `BY`; of several with one name, only the last counts.
pub(super) fn last_of_each_name(by: &[Assignment]) -> Vec<Assignment> {
    let hidden = |at: usize, name: &str| by.iter().skip(at + 1).any(|later| later.name.value == name);
    by.iter().enumerate().filter(|(at, key)| !hidden(*at, &key.name.value)).map(|(_, key)| key.clone()).collect()
}

fn is_aggregate(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { function, .. } if aggregates::find(&function.value).is_some())
}

/// The first aggregate call in an expression.
pub(super) fn aggregate_call(expr: &Expr) -> Option<&Expr> {
    let mut found = None;
    expr.walk(&mut |inner| {
        if found.is_none() && is_aggregate(inner) {
            found = Some(inner);
        }
    });
    found
}

/// The outermost aggregate calls of an expression.
fn collect_calls<'e>(expr: &'e Expr, calls: &mut Vec<&'e Expr>) {
    if is_aggregate(expr) {
        calls.push(expr);
        return;
    }
    expr.for_each_child(&mut |child| collect_calls(child, calls));
}

/// Visits what is not inside an expression that is computed already.
fn outside_calls<'e>(expr: &'e Expr, computed: &[(Expr, Value)], visit: &mut dyn FnMut(&'e Expr)) {
    if computed.iter().any(|(known, _)| same(known, expr)) {
        return;
    }
    visit(expr);
    expr.for_each_child(&mut |child| outside_calls(child, computed, visit));
}
