//! From an IR pipeline to a DataFusion logical plan: one file for each stage.
//!
//! A [`Frame`] is what flows between stages: the plan so far and the [`Scope`] of its columns. Names of plan columns are
//! the query's own, unqualified, whatever characters they have; columns that a stage needs for itself begin with
//! [`HIDDEN`] and never reach the scope.

mod aggregate;
mod dissect;
mod drop;
mod enrich;
mod expand;
mod extend;
mod filter;
mod grok;
mod inline;
mod keep;
mod limit;
mod lookup;
mod needs;
mod probe;
mod rename;
mod sample;
mod sort;
mod source;

pub use aggregate::Grouping;

use crate::{
    bind::{Binder, Query, Scope, failed, reference},
    table::Tables,
};
use datafusion::{
    error::Result as DfResult,
    logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder},
    scalar::ScalarValue,
};
use ingest::physical;
use ir::{Diagnostic, Pipeline, Source, Span, Spanned, Stage, StageKind};
use schema::Type;

/// What the names of a stage's own columns begin with. No query can write it, since it is a control character.
pub const HIDDEN: char = '\u{1}';

/// What the names of columns begin with that flow through row-wise stages unseen, whatever those keep or drop.
const CARRIED: &str = "\u{1}\u{1}";

/// The plan's name of a carried column.
pub fn carried(name: &str) -> String {
    format!("{CARRIED}{name}")
}

/// The plan so far and its columns.
#[derive(Clone, Debug)]
pub struct Frame {
    pub plan: LogicalPlan,
    pub scope: Scope,
}

/// What all stages share.
pub struct Planner<'p> {
    pub query: &'p Query,
    pub tables: &'p Tables,
}

/// A pipeline cut at its first grouping aggregation, for those who keep partial results of it.
pub struct Split {
    /// The row-wise stages before.
    pub prefix: Frame,
    pub grouping: Option<Grouping>,
    /// The stages behind the aggregation.
    pub rest: Vec<Stage>,
}

impl Planner<'_> {
    /// The whole pipeline.
    ///
    /// # Errors
    /// Why the pipeline does not fit the tables' columns and types.
    pub fn pipeline(&self, pipeline: &Pipeline) -> Result<Frame, Diagnostic> {
        self.query.unknown_fields.set(pipeline.unknown_fields);
        let frame = self.source(pipeline)?;
        self.stages(frame, &pipeline.stages)
    }

    /// Applies stages to a frame.
    ///
    /// # Errors
    /// As [`Planner::pipeline`].
    pub fn stages(&self, frame: Frame, stages: &[Stage]) -> Result<Frame, Diagnostic> {
        let mut sorted: Option<Span> = None;
        stages.iter().try_fold(frame, |frame, stage| {
            self.watch_order(&mut sorted, stage);
            self.stage(frame, stage)
        })
    }

    /// The pipeline up to its first `STATS`, the groups of that, and the rest. Each of `carry`, a name and the column of
    /// the source it stands for, is a [`carried`] column of the prefix; null where the source has no such column.
    ///
    /// # Errors
    /// As [`Planner::pipeline`].
    pub fn split(&self, pipeline: &Pipeline, carry: &[(&str, &str)]) -> Result<Split, Diagnostic> {
        self.query.unknown_fields.set(pipeline.unknown_fields);
        let is_grouping = |stage: &Stage| matches!(&stage.kind, StageKind::Aggregate(aggregate) if !aggregate.inline);
        let at = pipeline.stages.iter().position(is_grouping).unwrap_or(pipeline.stages.len());
        let (prefix, rest) = pipeline.stages.split_at(at);
        let prefix = self.stages(self.carrying(pipeline, carry)?, prefix)?;
        match rest.split_first() {
            Some((Stage { kind: StageKind::Aggregate(aggregate), span }, rest)) => {
                let (prefix, grouping) = self.grouping(prefix, aggregate, *span)?;
                Ok(Split { prefix, grouping: Some(grouping), rest: rest.to_vec() })
            }
            _ => Ok(Split { prefix, grouping: None, rest: Vec::new() }),
        }
    }

    /// The source with carried columns. Those that are document attributes are read for it, and hidden again.
    fn carrying(&self, pipeline: &Pipeline, carry: &[(&str, &str)]) -> Result<Frame, Diagnostic> {
        let mut widened = pipeline.clone();
        let mut added = Vec::new();
        if let Source::Streams { metadata, .. } = &mut widened.source {
            for (_, column) in carry.iter().filter(|(_, column)| column.starts_with('_')) {
                if !metadata.iter().any(|asked| asked.value == *column) {
                    metadata.push(Spanned { value: (*column).to_string(), span: Span::default() });
                    added.push(*column);
                }
            }
        }
        let mut frame = self.source(&widened)?.carry(carry)?;
        frame.scope.columns.retain(|column| !added.contains(&column.name.as_str()));
        Ok(frame)
    }

    fn stage(&self, frame: Frame, stage: &Stage) -> Result<Frame, Diagnostic> {
        let span = stage.span;
        match &stage.kind {
            StageKind::Filter(condition) => self.filter(frame, condition),
            StageKind::Extend(assignments) => self.extend(frame, assignments, span),
            StageKind::Aggregate(aggregate) if aggregate.inline => self.inline(frame, aggregate, span),
            StageKind::Aggregate(aggregate) => self.aggregate(frame, aggregate, span),
            StageKind::Keep(patterns) => self.keep(frame, patterns, span),
            StageKind::Drop(patterns) => self.drop(frame, patterns, span),
            StageKind::Rename(renames) => self.rename(frame, renames, span),
            StageKind::Sort(keys) => self.sort(frame, keys, span),
            StageKind::Limit { count, by } => self.limit(frame, *count, by, span),
            StageKind::Expand(column) => self.expand(frame, column),
            StageKind::Dissect { input, pattern, append_separator } => {
                self.dissect(frame, input, pattern, append_separator, span)
            }
            StageKind::Grok { input, patterns } => self.grok(frame, input, patterns, span),
            StageKind::Lookup(lookup) => self.lookup(frame, lookup, span),
            StageKind::Enrich(enrich) => self.enrich(frame, enrich, span),
            StageKind::Sample(probability) => self.sample(frame, *probability, span),
            StageKind::Join(_) | StageKind::Append(_) | StageKind::Extract { .. } | StageKind::Other { .. } => {
                Err(Diagnostic::refusal(ir::codes::UNSUPPORTED_COMMAND, "this command does not run yet").at(span))
            }
        }
    }

    fn binder<'b>(&'b self, scope: &'b Scope) -> Binder<'b> {
        Binder::new(self.query, scope)
    }

    /// Warns of a command that does not promise to keep the order of a `SORT` before it.
    fn watch_order(&self, sorted: &mut Option<Span>, stage: &Stage) {
        match (&stage.kind, *sorted) {
            (StageKind::Sort(_), _) => *sorted = Some(stage.span),
            (StageKind::Aggregate(aggregate), _) if !aggregate.inline => *sorted = None,
            (StageKind::Lookup(_), Some(sort)) => {
                let message = "SORT is followed by a LOOKUP JOIN which does not preserve order; \
                               add another SORT after the LOOKUP JOIN if order is required";
                self.query.report(Diagnostic::note(ir::codes::ORDER_LOST, message).at(sort));
                *sorted = None;
            }
            _ => {}
        }
    }
}

/// Null, of the type of the canonical field of that name; a keyword for document attributes.
fn null_of(column: &str) -> Result<Expr, Diagnostic> {
    let ty = schema::field(column).map_or(Type::Keyword, |field| field.ty);
    let null = ScalarValue::try_from(physical::of_type(ty)).map_err(|error| failed(error, Span::default()))?;
    Ok(Expr::Literal(null, None))
}

impl Frame {
    /// Applies a step of the plan.
    fn build(
        plan: LogicalPlan,
        scope: Scope,
        span: Span,
        step: impl FnOnce(LogicalPlanBuilder) -> DfResult<LogicalPlanBuilder>,
    ) -> Result<Frame, Diagnostic> {
        let plan = step(LogicalPlanBuilder::from(plan)).and_then(LogicalPlanBuilder::build);
        Ok(Frame { plan: plan.map_err(|error| failed(error, span))?, scope })
    }

    /// Adds carried columns, by the name and the plan's column that each stands for.
    fn carry(self, columns: &[(&str, &str)]) -> Result<Frame, Diagnostic> {
        let mut exprs = self.scope.references();
        for (name, column) in columns {
            let known = self.plan.schema().has_column_with_unqualified_name(column);
            let expr = if known { reference(column) } else { null_of(column)? };
            exprs.push(expr.alias(carried(name)));
        }
        Frame::build(self.plan, self.scope, Span::default(), |builder| builder.project(exprs))
    }

    /// The columns of a new scope, each with its expression over this frame's columns.
    fn project(self, scope: Scope, mut exprs: Vec<Expr>, span: Span) -> Result<Frame, Diagnostic> {
        let names = self.plan.schema().fields().iter().map(|field| field.name());
        exprs.extend(names.filter(|name| name.starts_with(CARRIED)).map(|name| reference(name)));
        Frame::build(self.plan, scope, span, |builder| builder.project(exprs))
    }
}
