//! A rule that is row-wise to its end: every row is an event that matched. One pass; the rows of one entity are one
//! group, so that a noisy rule gives one finding for each host or user and not one for each event.

use super::{
    Firing, Job, Outcome,
    replay::{ID, TIME, columns},
    untimed_loss,
};
use crate::{
    bind::Scope,
    plan::{Frame, carried},
};
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::TimestampMillisecondType,
};
use ir::Diagnostic;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The fields that say who or what an event is about; those that a rule's result has make its groups.
const ENTITIES: [&str; 4] = ["source.ip", "host.name", "user.name", "process.entity_id"];

pub fn rows(job: &Job<'_>, frame: Frame) -> Result<Outcome, Vec<Diagnostic>> {
    let session = job.session;
    let physical = session.physical(&frame).map_err(|error| vec![error])?;
    let mut matched =
        Matched { job, scope: &frame.scope, groups: HashMap::new(), untimed: 0, outcome: Outcome::default() };
    session.run(&physical, &mut |batch| matched.add(&batch)).map_err(|error| vec![error])?;
    Ok(Outcome { diagnostics: untimed_loss(matched.untimed), ..matched.outcome })
}

struct Matched<'m> {
    job: &'m Job<'m>,
    scope: &'m Scope,
    /// Group numbers by the entity's fields as text.
    groups: HashMap<String, usize>,
    /// Events without a time, which are in no window.
    untimed: u64,
    outcome: Outcome,
}

impl Matched<'_> {
    fn add(&mut self, batch: &RecordBatch) {
        let times = batch.column_by_name(&carried(TIME)).and_then(|c| c.as_primitive_opt::<TimestampMillisecondType>());
        let ids = batch.column_by_name(&carried(ID)).and_then(|column| column.as_string_view_opt());
        for row in 0..batch.num_rows() {
            let Some(time) = times.filter(|times| times.is_valid(row)).map(|times| times.value(row)) else {
                self.untimed += 1;
                continue;
            };
            let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row));
            self.event(columns(batch, self.scope, row), time, id);
        }
    }

    fn event(&mut self, mut values: Map<String, Value>, time: i64, id: Option<&str>) {
        let entity = |name: &&str| values.get(*name).is_some_and(|value| !value.is_null());
        let names: Vec<&str> = ENTITIES.into_iter().filter(entity).collect();
        let group: Map<String, Value> = names.iter().filter_map(|name| values.remove_entry(*name)).collect();
        let next = self.groups.len();
        let key = Value::Object(group.clone()).to_string();
        let number = *self.groups.entry(key).or_insert(next);
        let panes = self.job.panes;
        let pane = panes.pane(time);
        if number == next {
            let run = *panes.runs(pane).start();
            let firing = Firing { run, group_id: Some(number), group, values, weight: 0 };
            self.outcome.firings.push(firing);
        }
        let evidence = self.outcome.evidence.entry(Some(number)).or_default();
        evidence.event(Some(time), pane * panes.width(), id);
    }
}
