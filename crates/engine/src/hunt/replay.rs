//! A rule whose first aggregation stands behind row-wise stages: one pass over the events, then its windows from panes.

use super::{
    Firing, Job,
    evidence::{Groups, behind},
    panes::PaneStates,
    row_wise,
};
use crate::{
    bind::{Column, Query, Scope, failed, reference},
    json,
    plan::{Frame, Grouping, Planner, Split, carried},
};
use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array},
    compute::{concat_batches, take_record_batch},
    datatypes::{DataType, Field as ArrowField, Int64Type, Schema},
};
use datafusion::{
    datasource::{MemTable, provider_as_source},
    error::Result as DfResult,
    logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit},
    physical_plan::collect,
};
use ingest::Projection;
use ir::{Diagnostic, Span, Stage};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

/// Runs merged at once; it bounds the memory of a rule over a long time.
const BLOCK: i64 = 1024;

/// The event columns that are carried through the stages before the aggregation, and what they are carried as.
pub const TIME: &str = "time";
pub const ID: &str = "id";
pub const CARRIED: [(&str, &str); 2] = [(TIME, "@timestamp"), (ID, Projection::ID)];
/// The number of a merged row, carried through the stages behind it.
const ROW: &str = "row";
/// The first key of the pane aggregate: the pane, and after merging the run.
const PANE: &str = "pane";

/// What a rule came to: its firings, and the states that they were merged from.
pub struct Replayed {
    pub firings: Vec<Firing>,
    pub states: PaneStates,
    pub groups: Groups,
}

/// Replays a rule that was split at its aggregation.
pub fn replay(job: &Job<'_>, query: &Query, split: Split, grouping: Grouping) -> Result<Replayed, Diagnostic> {
    let span = grouping.span;
    let states = pane_states(job, &split, &grouping)?;
    let groups = Groups::new(&states).map_err(|error| failed(error, span))?;
    let runs = states.runs().map_err(|error| failed(error, span))?;
    let mut replay = Replay { job, query, rest: split.rest, grouping, states, groups, firings: Vec::new() };
    if let Some(runs) = runs {
        let mut from = *runs.start();
        while from <= *runs.end() {
            replay.block(&(from..=(*runs.end()).min(from + BLOCK - 1)))?;
            from += BLOCK;
        }
    }
    Ok(Replayed { firings: replay.firings, states: replay.states, groups: replay.groups })
}

/// One pass over the events.
pub fn pane_states(job: &Job<'_>, split: &Split, grouping: &Grouping) -> Result<PaneStates, Diagnostic> {
    let failed = |error| failed(error, grouping.span);
    let plan = pane_plan(&split.prefix.plan, grouping, job.panes.width()).map_err(failed)?;
    let physical = job.session.physical(&Frame { plan, scope: Scope::default() })?;
    let context = job.session.context().task_ctx();
    let collected = PaneStates::collect(&physical, job.panes, job.session.memory(), context);
    job.session.runtime().block_on(collected).map_err(failed)
}

/// The rule's aggregation with the pane as an additional first key, and what findings tell of the events behind it.
fn pane_plan(prefix: &LogicalPlan, grouping: &Grouping, width: i64) -> DfResult<LogicalPlan> {
    let millis = || cast(reference(&carried(TIME)), DataType::Int64);
    // Division rounds towards zero; panes before 1970 are counted down.
    let into_pane = (millis() % lit(width) + lit(width)) % lit(width);
    let pane: Expr = (millis() - into_pane) / lit(width);
    let keys = grouping.keys.iter().map(|key| reference(&key.name));
    let keys: Vec<Expr> = std::iter::once(pane.alias(PANE)).chain(keys).collect();
    let aggregates: Vec<Expr> = grouping.aggregates.iter().cloned().chain([behind(TIME, ID)]).collect();
    LogicalPlanBuilder::from(prefix.clone()).aggregate(keys, aggregates)?.build()
}

struct Replay<'r> {
    job: &'r Job<'r>,
    query: &'r Query,
    rest: Vec<Stage>,
    grouping: Grouping,
    states: PaneStates,
    groups: Groups,
    firings: Vec<Firing>,
}

impl Replay<'_> {
    fn span(&self) -> Span {
        self.grouping.span
    }

    /// The windows of some runs: their merged aggregates through the rest of the rule.
    fn block(&mut self, runs: &RangeInclusive<i64>) -> Result<(), Diagnostic> {
        let session = self.job.session;
        let merged = session.runtime().block_on(self.states.merge(runs, session.context().task_ctx()));
        let merged = merged.map_err(|error| failed(error, self.span()))?;
        let Some(schema) = merged.first().map(RecordBatch::schema) else { return Ok(()) };
        let merged = concat_batches(&schema, &merged).map_err(|error| failed(error.into(), self.span()))?;
        if self.rest.iter().all(row_wise) {
            return self.rest(&merged);
        }
        // A stage that mixes rows must not mix windows.
        for rows in rows_by_run(&merged).into_values() {
            let window = take_record_batch(&merged, &UInt32Array::from(rows));
            self.rest(&window.map_err(|error| failed(error.into(), self.span()))?)?;
        }
        Ok(())
    }

    /// Merged aggregates through the rest of the rule; what comes out fired.
    fn rest(&mut self, merged: &RecordBatch) -> Result<(), Diagnostic> {
        let session = self.job.session;
        let plan = merged_table(merged, &self.grouping).map_err(|error| failed(error, self.span()))?;
        let planner = Planner { query: self.query, tables: self.job.tables };
        let frame = self.grouping.clone().results(Frame { plan, scope: Scope::default() })?;
        let frame = planner.stages(frame, &self.rest)?;
        let physical = session.physical(&frame)?;
        let fired = session.runtime().block_on(collect(physical, session.context().task_ctx()));
        for batch in fired.map_err(|error| failed(error, self.span()))? {
            self.take_down(&batch, &frame.scope, merged)?;
        }
        Ok(())
    }

    fn take_down(&mut self, fired: &RecordBatch, scope: &Scope, merged: &RecordBatch) -> Result<(), Diagnostic> {
        let groups = self.groups.of(merged).map_err(|error| failed(error, self.span()))?;
        let runs = merged.column(0).as_primitive::<Int64Type>();
        let weights = merged.column(merged.num_columns() - 1).as_primitive::<Int64Type>();
        let origin = fired.column_by_name(&carried(ROW)).map(|column| column.as_primitive::<Int64Type>());
        for row in 0..fired.num_rows() {
            let of = origin.map(|origin| origin.value(row) as usize);
            let mut values = columns(fired, scope, row);
            // Behind a second aggregation a row stands for its whole window, and its keys are those of that one.
            let group = match of {
                Some(of) => self.keys(merged, of),
                None => self.job.last_keys.iter().filter_map(|name| values.remove_entry(name)).collect(),
            };
            values.retain(|name, _| !group.contains_key(name));
            self.firings.push(Firing {
                run: runs.value(of.unwrap_or(0)),
                weight: of.map_or(0, |of| weights.value(of).unsigned_abs()),
                group_id: of.map(|of| groups[of]),
                group,
                values,
            });
        }
        Ok(())
    }

    /// The group's keys by the names that the rule gives them.
    fn keys(&self, merged: &RecordBatch, row: usize) -> Map<String, Value> {
        let named = |(at, key): (usize, &Column)| {
            let output = self.grouping.outputs.iter().find(|(_, expr)| *expr == reference(&key.name));
            let name = output.map_or(&key.name, |(column, _)| &column.name);
            (name.clone(), json::value(merged.column(at + 1), &key.field(), row))
        };
        self.grouping.keys.iter().enumerate().map(named).collect()
    }
}

/// A row of a result by its columns' names.
pub fn columns(batch: &RecordBatch, scope: &Scope, row: usize) -> Map<String, Value> {
    let value = |column: &Column| {
        let array = batch.column_by_name(&column.name);
        (column.name.clone(), array.map_or(Value::Null, |array| json::value(array, &column.field(), row)))
    };
    scope.columns.iter().map(value).collect()
}

fn rows_by_run(merged: &RecordBatch) -> BTreeMap<i64, Vec<u32>> {
    let mut rows: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (row, run) in merged.column(0).as_primitive::<Int64Type>().values().iter().enumerate() {
        rows.entry(*run).or_default().push(row as u32);
    }
    rows
}

/// The merged keys and aggregates under the names that the rule's results are computed from, with the number of each row.
fn merged_table(merged: &RecordBatch, grouping: &Grouping) -> DfResult<LogicalPlan> {
    let names = grouping.keys.iter().map(|key| key.name.clone());
    let names = names.chain(grouping.aggregates.iter().map(|expr| expr.schema_name().to_string()));
    let row_numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..merged.num_rows() as i64));
    let mut fields = vec![ArrowField::new(carried(ROW), DataType::Int64, false)];
    let mut arrays = vec![row_numbers];
    for (name, column) in names.zip(&merged.columns()[1..]) {
        fields.push(ArrowField::new(name, column.data_type().clone(), true));
        arrays.push(column.clone());
    }
    let schema = Arc::new(Schema::new(fields));
    let table = MemTable::try_new(schema.clone(), vec![vec![RecordBatch::try_new(schema, arrays)?]])?;
    LogicalPlanBuilder::scan("merged", provider_as_source(Arc::new(table)), None)?.build()
}
