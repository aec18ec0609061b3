//! What stands behind a group's firings: how many events, from when to when, and the first of them.
//!
//! The pane aggregate collects them beside the rule's own aggregates, so that the events of any set of panes are summed up
//! here, each once, however many windows saw it.

use super::{
    Firing, Panes,
    panes::PaneStates,
    samples::{Behind, EventsBehind},
};
use crate::{
    aggregates::reducer::{self, Reducer},
    bind::reference,
    plan::carried,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    datatypes::DataType,
    row::{RowConverter, SortField},
};
use datafusion::{
    error::{DataFusionError, Result},
    logical_expr::Expr,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::RangeInclusive,
};

/// The aggregate over the carried time and id columns; its state is the last column of the pane states.
pub fn behind(time: &str, id: &str) -> Expr {
    let args = vec![reference(&carried(id)), reference(&carried(time))];
    reducer::aggregate("events_behind", EventsBehind, DataType::Int64, args).alias(carried("behind"))
}

/// The events behind a group's firings.
#[derive(Debug, Default)]
pub struct Evidence {
    pub behind: Behind,
    /// Events in each pane, by the pane's start.
    pub timeline: BTreeMap<i64, u64>,
}

/// Numbers the groups of a rule by their keys.
pub struct Groups {
    converter: RowConverter,
    numbers: HashMap<Box<[u8]>, usize>,
    keys: usize,
}

impl Groups {
    pub fn new(states: &PaneStates) -> Result<Groups> {
        let schema = states.schema();
        let keys = schema.fields()[1..states.keys()].iter();
        let sort = keys.map(|field| SortField::new(field.data_type().clone())).collect();
        Ok(Groups { converter: RowConverter::new(sort)?, numbers: HashMap::new(), keys: states.keys() })
    }

    /// The number of each row's group; the first column is the pane or run, the keys follow.
    pub fn of(&mut self, batch: &RecordBatch) -> Result<Vec<usize>> {
        let keys: &[ArrayRef] = &batch.columns()[1..self.keys];
        if keys.is_empty() {
            return Ok(vec![0; batch.num_rows()]);
        }
        let rows = self.converter.convert_columns(keys)?;
        let numbers = rows.iter().map(|row| match self.numbers.get(row.as_ref()) {
            Some(number) => *number,
            None => {
                let number = self.numbers.len();
                self.numbers.insert(row.as_ref().into(), number);
                number
            }
        });
        Ok(numbers.collect())
    }
}

/// The events behind the firings of each group; `None` is the group of firings that stand for all groups.
pub fn collect(
    states: &PaneStates,
    groups: &mut Groups,
    panes: Panes,
    firings: &[Firing],
) -> Result<HashMap<Option<usize>, Evidence>> {
    let mut fired: HashMap<Option<usize>, BTreeSet<i64>> = HashMap::new();
    for firing in firings {
        fired.entry(firing.group_id).or_default().insert(firing.run);
    }
    let mut evidence: HashMap<Option<usize>, Evidence> = HashMap::new();
    for batch in &states.states {
        let numbers = groups.of(batch)?;
        for (row, pane) in PaneStates::pane_column(batch)?.iter().enumerate() {
            let Some(pane) = pane else { continue };
            for group in [Some(numbers[row]), None] {
                if fired.get(&group).is_some_and(|runs| sees(runs, panes.runs(pane))) {
                    evidence.entry(group).or_default().add(batch, row, pane * panes.width())?;
                }
            }
        }
    }
    Ok(evidence)
}

/// How many events have no time, and so are in no window.
pub fn untimed(states: &PaneStates) -> Result<u64> {
    let mut events = 0;
    for batch in &states.states {
        let panes = PaneStates::pane_column(batch)?;
        let mut none = Evidence::default();
        (0..batch.num_rows()).filter(|row| panes.is_null(*row)).try_for_each(|row| none.add(batch, row, 0))?;
        events += none.behind.events;
    }
    Ok(events)
}

/// Whether one of the runs is in the range, which may be empty.
fn sees(runs: &BTreeSet<i64>, range: RangeInclusive<i64>) -> bool {
    range.start() <= range.end() && runs.range(range).next().is_some()
}

impl Evidence {
    /// Adds one event of the pane that starts at `start`.
    pub fn event(&mut self, time: Option<i64>, start: i64, id: Option<&str>) {
        self.behind.add(time, id);
        *self.timeline.entry(start).or_default() += 1;
    }

    /// Adds a row of states of the pane that starts at `start`.
    fn add(&mut self, batch: &RecordBatch, row: usize, start: i64) -> Result<()> {
        let state = batch.columns().last().and_then(|column| column.as_binary_view_opt());
        let behind = state.and_then(|state| EventsBehind.load(state.value(row)));
        let behind = behind.ok_or_else(|| DataFusionError::Internal("a damaged partial state".to_string()))?;
        *self.timeline.entry(start).or_default() += behind.events;
        self.behind.merge(behind);
        Ok(())
    }
}
