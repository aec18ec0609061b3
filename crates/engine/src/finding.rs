//! What a hunt reports: findings, what became of each rule, what was read of each input.
//!
//! The JSON form of these types is a contract with users; `docs/json.md` describes it.

use ingest::Tally;
use ir::{Confidence, Diagnostic, Severity, State, Technique};
use serde_json::{Map, Value};

/// The result of a hunt. Findings are ranked: worst severity, then confidence, then most events first.
#[derive(Clone, Debug)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub rules: Vec<RuleOutcome>,
    pub inputs: Vec<InputOutcome>,
}

/// One rule that fired for one group, over all the windows in which it did.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: RuleSummary,
    /// The fields that the rule groups by, with this group's values.
    pub group: Map<String, Value>,
    /// The other columns of the rule's result, from the window that ranks first by the rule's own order.
    pub values: Map<String, Value>,
    /// That window.
    pub window: Window,
    /// The first and last event of the group in all windows that fired, in milliseconds since the epoch.
    pub first_seen: i64,
    pub last_seen: i64,
    /// How many events of the group are in all windows that fired, each counted once.
    pub events: u64,
    /// Events of the group per bucket of time, for a timeline.
    pub timeline: Vec<(i64, u64)>,
    /// The group's first events, as ECS documents.
    pub samples: Vec<Value>,
}

#[derive(Clone, Debug)]
pub struct RuleSummary {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    pub confidence: Confidence,
    pub techniques: Vec<Technique>,
}

/// A half-open span of time, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    pub from: i64,
    pub to: i64,
}

/// What became of a rule.
#[derive(Clone, Debug)]
pub struct RuleOutcome {
    pub id: String,
    pub title: String,
    pub state: State,
    pub diagnostics: Vec<Diagnostic>,
}

/// What was read of an input.
#[derive(Clone, Debug)]
pub struct InputOutcome {
    pub path: String,
    /// The kind of log, or `None` where no kind was recognised.
    pub source: Option<String>,
    pub tally: Tally,
    /// What had to be assumed in order to read it.
    pub notes: Vec<String>,
    /// Why the input, or the rest of it, could not be read.
    pub error: Option<String>,
    /// Why there was nothing to read: an empty file, or one in a directory that is no log.
    pub skipped: Option<String>,
}
