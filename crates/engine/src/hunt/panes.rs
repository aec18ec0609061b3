//! Aggregating once for each pane and merging for each window.
//!
//! DataFusion aggregates in two steps: partial aggregates give states, final ones merge them. Here the first step groups
//! by the pane besides the rule's own keys, and the second is run over the states of each window's panes. So an event is
//! decoded, filtered and hashed once, however many windows see it.

use super::Panes;
use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array},
    compute::take_record_batch,
    datatypes::{Int64Type, SchemaRef},
};
use datafusion::{
    common::{Result, exec_err, internal_err},
    datasource::memory::MemorySourceConfig,
    execution::TaskContext,
    physical_plan::{
        ExecutionPlan,
        aggregates::{AggregateExec, AggregateInputMode, AggregateMode},
        collect, execute_stream,
    },
};
use futures::TryStreamExt;
use std::{ops::RangeInclusive, sync::Arc};

/// The partial states of an aggregate whose first key is the pane.
pub struct PaneStates {
    panes: Panes,
    /// The aggregate that made the states; its pieces make the final one.
    partial: Arc<AggregateExec>,
    pub states: Vec<RecordBatch>,
}

impl PaneStates {
    /// Runs the partial half of the topmost aggregate of `plan`, whose first key is a pane number. Fails where the states
    /// outgrow `memory` bytes.
    pub async fn collect(
        plan: &Arc<dyn ExecutionPlan>,
        panes: Panes,
        memory: usize,
        context: Arc<TaskContext>,
    ) -> Result<Self> {
        let partial = Arc::new(partial_of(plan)?);
        let mut stream = execute_stream(partial.clone(), context)?;
        let (mut states, mut held) = (Vec::new(), 0);
        while let Some(batch) = stream.try_next().await? {
            held += batch.get_array_memory_size();
            if held > memory {
                return exec_err!("the states of the rule's groups need more than {} MiB", memory >> 20);
            }
            states.push(batch);
        }
        Ok(PaneStates { panes, partial, states })
    }

    /// The state columns' schema: the pane, the rule's keys, the states of its aggregates.
    pub fn schema(&self) -> SchemaRef {
        self.partial.schema()
    }

    /// The number of keys, the pane among them.
    pub fn keys(&self) -> usize {
        self.partial.group_expr().num_group_exprs()
    }

    /// The pane of each row of a batch of states.
    pub fn pane_column(batch: &RecordBatch) -> Result<&Int64Array> {
        match batch.column(0).as_primitive_opt::<Int64Type>() {
            Some(panes) => Ok(panes),
            None => internal_err!("the first key of pane states is not a pane"),
        }
    }

    /// The runs whose windows hold events, from the first to the last.
    pub fn runs(&self) -> Result<Option<RangeInclusive<i64>>> {
        let mut span: Option<(i64, i64)> = None;
        for batch in &self.states {
            let panes = Self::pane_column(batch)?;
            // Events without a time are in no window.
            for pane in panes.iter().flatten() {
                let runs = self.panes.runs(pane);
                let (first, last) = span.unwrap_or((*runs.start(), *runs.end()));
                span = Some((first.min(*runs.start()), last.max(*runs.end())));
            }
        }
        Ok(span.map(|(first, last)| first..=last))
    }

    /// The aggregate's rows for each of these runs: the run in place of the pane, the keys, the results. Panes are merged to
    /// stretches first, and these to windows.
    pub async fn merge(&self, runs: &RangeInclusive<i64>, context: Arc<TaskContext>) -> Result<Vec<RecordBatch>> {
        let seen = |run: &i64| runs.contains(run);
        let stretches = |pane| {
            let firsts = pane - self.panes.stretch() + 1..=pane;
            firsts.filter(move |first| self.panes.runs_of_stretch(*first).any(|run| seen(&run)))
        };
        let states = self.step(AggregateMode::PartialReduce, &self.states, stretches, context.clone()).await?;
        let windows = |first| self.panes.runs_of_stretch(first).filter(seen);
        self.step(AggregateMode::FinalPartitioned, &states, windows, context).await
    }

    /// Merges states whose first key becomes each of the keys that `spread` makes of it, side by side in shares.
    async fn step<K: Iterator<Item = i64>>(
        &self,
        mode: AggregateMode,
        states: &[RecordBatch],
        spread: impl Fn(i64) -> K,
        context: Arc<TaskContext>,
    ) -> Result<Vec<RecordBatch>> {
        let shares = context.session_config().target_partitions().max(1);
        let mut parts: Vec<Vec<RecordBatch>> = vec![Vec::new(); shares];
        for batch in states {
            for (part, rows) in parts.iter_mut().zip(spread_rows(batch, shares, &spread)?) {
                part.push(rows);
            }
        }
        let input = MemorySourceConfig::try_new_exec(&parts, self.schema(), None)?;
        let merged = AggregateExec::try_new(
            mode,
            self.partial.group_expr().as_final(),
            self.partial.aggr_expr().to_vec(),
            self.partial.filter_expr().to_vec(),
            input,
            self.partial.input_schema(),
        )?;
        collect(Arc::new(merged), context).await
    }
}

/// The rows of a batch of states with each of the keys that come of their first, in shares by key.
fn spread_rows<K: Iterator<Item = i64>>(
    batch: &RecordBatch,
    shares: usize,
    spread: impl Fn(i64) -> K,
) -> Result<Vec<RecordBatch>> {
    let mut taken: Vec<(Vec<u32>, Vec<i64>)> = vec![Default::default(); shares];
    for (row, key) in PaneStates::pane_column(batch)?.iter().enumerate() {
        for key in key.map(&spread).into_iter().flatten() {
            if let Some((rows, keys)) = taken.get_mut(key.rem_euclid(shares as i64) as usize) {
                rows.push(row as u32);
                keys.push(key);
            }
        }
    }
    let share = |(rows, keys)| {
        let taken = take_record_batch(batch, &UInt32Array::from(rows))?;
        let mut columns = taken.columns().to_vec();
        columns[0] = Arc::new(Int64Array::from(keys)) as ArrayRef;
        Ok(RecordBatch::try_new(batch.schema(), columns)?)
    };
    taken.into_iter().map(share).collect()
}

/// The lowest aggregate of the topmost chain of aggregates, in partial mode.
fn partial_of(plan: &Arc<dyn ExecutionPlan>) -> Result<AggregateExec> {
    let mut node = plan;
    loop {
        if let Some(aggregate) = node.downcast_ref::<AggregateExec>()
            && aggregate.mode().input_mode() == AggregateInputMode::Raw
        {
            return AggregateExec::try_new(
                AggregateMode::Partial,
                aggregate.group_expr().clone(),
                aggregate.aggr_expr().to_vec(),
                aggregate.filter_expr().to_vec(),
                aggregate.input().clone(),
                aggregate.input_schema(),
            );
        }
        match node.children().as_slice() {
            [child] => node = child,
            _ => return internal_err!("the plan has no aggregate"),
        }
    }
}
