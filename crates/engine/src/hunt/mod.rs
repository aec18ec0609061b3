//! Running rules over old logs as their schedules would have run them.
//!
//! A rule is replayed in the cheapest way that keeps its meaning: [`replay`] where it aggregates behind row-wise stages,
//! [`rows`] where it is row-wise to its end, and [`rerun`], window by window, for everything else. What fired in several
//! windows for one group becomes one [`Finding`](crate::finding::Finding).

mod evidence;
mod findings;
mod panes;
mod replay;
mod rerun;
mod rows;
mod samples;
mod windows;

pub use windows::{MOST_PANES, Panes};

use crate::bind::failed;
use crate::{
    Session,
    finding::{Finding, RuleOutcome},
    support,
    table::Tables,
};
use evidence::Evidence;
use ir::{
    Body, Case, CompareOp, Diagnostic, Expr, ExprKind, Level, Literal, Pipeline, Rule, Source, Span, Stage, StageKind,
    State, codes,
};
use replay::Replayed;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A rule to hunt with, and the text that its spans point into.
#[derive(Clone, Copy, Debug)]
pub struct HuntRule<'r> {
    pub rule: &'r Rule,
    pub text: &'r str,
}

/// Which events to look at, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Period {
    /// At or after.
    pub since: Option<i64>,
    /// Before.
    pub until: Option<i64>,
}

/// A row that a rule ended with in one of its windows.
#[derive(Clone, Debug)]
struct Firing {
    run: i64,
    /// The number of its group among the rule's groups, where the row has one.
    group_id: Option<usize>,
    group: Map<String, Value>,
    values: Map<String, Value>,
    /// How many events are behind it in its window; the weightiest window stands for the finding.
    weight: u64,
}

/// One rule being replayed.
struct Job<'j> {
    session: &'j Session,
    tables: &'j Tables,
    text: &'j str,
    pipeline: &'j Pipeline,
    panes: Panes,
    /// What the rule's last aggregation groups by.
    last_keys: Vec<String>,
}

/// What a rule came to.
#[derive(Default)]
struct Outcome {
    firings: Vec<Firing>,
    /// The events behind the firings of each group.
    evidence: HashMap<Option<usize>, Evidence>,
    diagnostics: Vec<Diagnostic>,
}

/// Runs rules over the tables' events: the findings, worst first, and what became of each rule.
pub fn hunt(
    session: &Session,
    tables: &Tables,
    rules: &[HuntRule<'_>],
    period: Period,
) -> (Vec<Finding>, Vec<RuleOutcome>) {
    let (mut findings, mut outcomes) = (Vec::new(), Vec::new());
    // One look through the inputs spares every rule to read those of other streams.
    if let Some(events) = tables.events.as_ref().filter(|_| rules.len() > 1) {
        events.discover();
    }
    for HuntRule { rule, text } in rules {
        let mut diagnostics = rule.diagnostics.clone();
        match run(session, tables, rule, text, period) {
            Ok((found, noted)) => {
                findings.extend(found);
                diagnostics.extend(noted);
            }
            Err(refused) => diagnostics.extend(refused.into_iter().map(not_here)),
        }
        let state = State::of(&diagnostics);
        outcomes.push(RuleOutcome { id: rule.id.clone(), title: rule.title.clone(), state, diagnostics });
    }
    findings::rank(&mut findings);
    if let Some(events) = &tables.events {
        events.read_rest(session.context().state().config().target_partitions());
    }
    (findings, outcomes)
}

/// A rule is not wrong because these logs are of another kind: it runs, and cannot fire.
fn not_here(refusal: Diagnostic) -> Diagnostic {
    match refusal.code {
        codes::UNKNOWN_STREAM => Diagnostic {
            code: codes::STREAM_ABSENT,
            level: Level::Loss,
            message: "no input has events of the data streams that the rule asks for; it cannot fire".to_string(),
            hint: None,
            ..refusal
        },
        _ => refusal,
    }
}

fn run(
    session: &Session,
    tables: &Tables,
    rule: &Rule,
    text: &str,
    period: Period,
) -> Result<(Vec<Finding>, Vec<Diagnostic>), Vec<Diagnostic>> {
    if rule.state() == State::Refused {
        return Ok(Default::default());
    }
    let pipeline = match &rule.body {
        Some(Body::Pipeline(pipeline)) => pipeline,
        Some(_) => return Err(support::problems(rule)),
        None => return Ok(Default::default()),
    };
    let panes = Panes::of(rule.schedule).map_err(|refused| vec![refused])?;
    let pipeline = period.bound(pipeline.clone());
    let job = Job { session, tables, text, pipeline: &pipeline, panes, last_keys: last_keys(&pipeline) };
    let outcome = job.run()?;
    let findings = findings::merge(rule, panes, outcome.firings, outcome.evidence);
    let (findings, gone) = findings::with_samples(findings, tables);
    Ok((findings, outcome.diagnostics.into_iter().chain(gone).collect()))
}

impl Job<'_> {
    fn run(&self) -> Result<Outcome, Vec<Diagnostic>> {
        if matches!(self.pipeline.source, Source::Row(_)) {
            let message = "the rule reads no events; it must begin with FROM";
            return Err(vec![Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message)]);
        }
        let mut before = self.pipeline.stages.iter().take_while(|stage| !is_grouping(stage));
        if asks_for_time(self.pipeline) || !before.all(row_wise) {
            let (replayed, diagnostics) = rerun::rerun(self)?;
            let mut outcome = self.outcome(replayed)?;
            outcome.diagnostics.extend(diagnostics);
            return Ok(outcome);
        }
        let query = self.session.binding(self.text);
        let split = self.session.split(self.pipeline, &query, self.tables, &replay::CARRIED);
        let split = split.map_err(|error| vec![error])?;
        let mut outcome = match split.grouping.clone() {
            None => rows::rows(self, split.prefix)?,
            Some(grouping) => {
                let replayed = replay::replay(self, &query, split, grouping).map_err(|error| vec![error])?;
                self.outcome(replayed)?
            }
        };
        outcome.diagnostics.extend(query.diagnostics.into_inner());
        outcome.diagnostics.extend(query.warnings.list().into_iter().map(lossy));
        Ok(outcome)
    }

    fn outcome(&self, mut replayed: Replayed) -> Result<Outcome, Vec<Diagnostic>> {
        let evidence = evidence::collect(&replayed.states, &mut replayed.groups, self.panes, &replayed.firings);
        let evidence = evidence.map_err(|error| vec![failed(error, Span::default())])?;
        let untimed = evidence::untimed(&replayed.states).map_err(|error| vec![failed(error, Span::default())])?;
        Ok(Outcome { firings: replayed.firings, evidence, diagnostics: untimed_loss(untimed) })
    }
}

/// What is lost with events that have no time.
fn untimed_loss(events: u64) -> Vec<Diagnostic> {
    match events {
        0 => Vec::new(),
        _ => {
            let message = format!("{events} events have no @timestamp and are in no window of the rule");
            vec![Diagnostic::loss(codes::LOSSY_VALUE, message)]
        }
    }
}

/// A warning of a value that became null, as a diagnostic of the rule.
fn lossy(warning: crate::warning::Warning) -> Diagnostic {
    let message = format!("[{}] became {} for some events: {}", warning.text, warning.treated_as, warning.reason);
    Diagnostic::note(ir::codes::LOSSY_VALUE, message).at(warning.span)
}

/// Whether a stage looks at one row at a time, so that rows of several windows may pass it together.
fn row_wise(stage: &Stage) -> bool {
    match &stage.kind {
        StageKind::Aggregate(_)
        | StageKind::Limit { .. }
        | StageKind::Sample(_)
        | StageKind::Join(_)
        | StageKind::Append(_)
        | StageKind::Other { .. } => false,
        StageKind::Filter(_)
        | StageKind::Extend(_)
        | StageKind::Keep(_)
        | StageKind::Drop(_)
        | StageKind::Rename(_)
        | StageKind::Sort(_)
        | StageKind::Expand(_)
        | StageKind::Dissect { .. }
        | StageKind::Grok { .. }
        | StageKind::Extract { .. }
        | StageKind::Lookup(_)
        | StageKind::Enrich(_) => true,
    }
}

fn is_grouping(stage: &Stage) -> bool {
    matches!(&stage.kind, StageKind::Aggregate(aggregate) if !aggregate.inline)
}

fn last_keys(pipeline: &Pipeline) -> Vec<String> {
    let aggregate = pipeline.stages.iter().rev().find_map(|stage| match &stage.kind {
        StageKind::Aggregate(aggregate) => Some(aggregate),
        _ => None,
    });
    let by = aggregate.map_or(&[][..], |aggregate| &aggregate.by);
    by.iter().map(|assignment| assignment.name.value.clone()).collect()
}

/// Whether the pipeline reads the clock, which stands still at a window's end while that window is run.
fn asks_for_time(pipeline: &Pipeline) -> bool {
    let mut asks = false;
    pipeline.for_each_expr(&mut |expr| {
        expr.walk(&mut |inner| {
            asks |= matches!(&inner.kind, ExprKind::Call { function, .. } if function.value == "now");
        });
    });
    asks
}

impl Period {
    /// The pipeline over the events of the period only.
    pub fn bound(self, mut pipeline: Pipeline) -> Pipeline {
        let bound =
            |op| move |millis| Stage { kind: StageKind::Filter(compare_time(op, millis)), span: Span::default() };
        let since = self.since.map(bound(CompareOp::GreaterOrEqual));
        let until = self.until.map(bound(CompareOp::Less));
        if matches!(pipeline.source, Source::Streams { .. }) {
            pipeline.stages.splice(0..0, since.into_iter().chain(until));
        }
        pipeline
    }
}

/// `@timestamp` compared with a moment.
fn compare_time(op: CompareOp, millis: i64) -> Expr {
    let expr = |kind| Box::new(Expr::new(kind, Span::default()));
    let call = ExprKind::Call {
        function: ir::Spanned { value: "to_datetime".to_string(), span: Span::default() },
        args: vec![*expr(ExprKind::Literal(Literal::Long(millis)))],
        filter: None,
    };
    let left = expr(ExprKind::Field("@timestamp".to_string()));
    let kind = ExprKind::Compare { op, left, right: expr(call), case: Case::Sensitive };
    Expr::new(kind, Span::default())
}
