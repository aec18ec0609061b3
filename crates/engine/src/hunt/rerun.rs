//! A rule run again for each window that has events: the plain meaning of a schedule, for rules that [`replay`] cannot
//! take apart. What it fires on is told by window: the events behind a finding are all events of the rule's data streams.

use super::{
    Firing, Job, compare_time, lossy,
    replay::{CARRIED, Replayed, columns, pane_states},
};
use crate::{
    bind::failed,
    hunt::evidence::Groups,
    plan::{Grouping, Planner},
};
use ir::{CompareOp, Diagnostic, Pipeline, Span, Stage, StageKind, codes};
use std::collections::BTreeSet;

/// The most windows that a rule is run for; more are refused rather than run for hours.
const MOST_WINDOWS: usize = 20_000;

pub fn rerun(job: &Job<'_>) -> Result<(Replayed, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut replayed = occupancy(job)?;
    let runs = runs(job, &replayed).map_err(|error| vec![error])?;
    if runs.len() > MOST_WINDOWS {
        let message = format!("the rule would have to be run for {} windows; at most {MOST_WINDOWS} are", runs.len());
        let hint = "narrow the period, or write the rule with STATS behind row-wise commands and without NOW()";
        return Err(vec![Diagnostic::refusal(codes::LIMIT_EXCEEDED, message).hint(hint)]);
    }
    let mut noted = Vec::new();
    for run in runs {
        window(job, run, &mut replayed.firings, &mut noted).map_err(|error| vec![error])?;
    }
    Ok((replayed, noted))
}

/// How many events each pane has, by an aggregation without keys over all the rule's events.
fn occupancy(job: &Job<'_>) -> Result<Replayed, Vec<Diagnostic>> {
    let query = job.session.binding(job.text);
    let source = Pipeline { stages: Vec::new(), ..job.pipeline.clone() };
    let split = job.session.split(&source, &query, job.tables, &CARRIED).map_err(|error| vec![error])?;
    let everything = Grouping { keys: Vec::new(), aggregates: Vec::new(), outputs: Vec::new(), span: Span::default() };
    let states = pane_states(job, &split, &everything).map_err(|error| vec![error])?;
    let groups = Groups::new(&states).map_err(|error| vec![failed(error, Span::default())])?;
    Ok(Replayed { firings: Vec::new(), states, groups })
}

/// The runs whose windows have events.
fn runs(job: &Job<'_>, replayed: &Replayed) -> Result<BTreeSet<i64>, Diagnostic> {
    let mut runs = BTreeSet::new();
    for batch in &replayed.states.states {
        let panes = super::panes::PaneStates::pane_column(batch).map_err(|error| failed(error, Span::default()))?;
        for pane in panes.iter().flatten() {
            runs.extend(job.panes.runs(pane).take(MOST_WINDOWS + 1));
        }
    }
    Ok(runs)
}

fn window(job: &Job<'_>, run: i64, firings: &mut Vec<Firing>, noted: &mut Vec<Diagnostic>) -> Result<(), Diagnostic> {
    let window = job.panes.window(run);
    let filter = |op, millis| Stage { kind: StageKind::Filter(compare_time(op, millis)), span: Span::default() };
    let bounds = [filter(CompareOp::GreaterOrEqual, window.from), filter(CompareOp::Less, window.to)];
    let stages = bounds.into_iter().chain(job.pipeline.stages.iter().cloned()).collect();
    let pipeline = Pipeline { stages, ..job.pipeline.clone() };
    let mut query = job.session.binding(job.text);
    query.now = window.to.saturating_mul(1_000_000);
    let frame = Planner { query: &query, tables: job.tables }.pipeline(&pipeline)?;
    let physical = job.session.physical(&frame)?;
    job.session.run(&physical, &mut |batch| {
        for row in 0..batch.num_rows() {
            let mut values = columns(&batch, &frame.scope, row);
            let group = job.last_keys.iter().filter_map(|name| values.remove_entry(name)).collect();
            firings.push(Firing { run, group_id: None, group, values, weight: 0 });
        }
    })?;
    let found = query.diagnostics.into_inner().into_iter().chain(query.warnings.list().into_iter().map(lossy));
    for diagnostic in found {
        if !noted.contains(&diagnostic) {
            noted.push(diagnostic);
        }
    }
    Ok(())
}
