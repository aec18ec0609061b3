//! What was read of the inputs, from what opened and what the scans made of it.

use engine::{finding::InputOutcome, table::Tables};
use ingest::{InputError, InputErrorKind, Tally};

/// The outcome of each input: those that were read, and those that could not be. What a directory holds besides logs is
/// skipped; a file that `named` names should be one.
pub fn inputs(tables: &Tables, errors: Vec<InputError>, named: &[String]) -> Vec<InputOutcome> {
    let mut outcomes = tables.events.as_ref().map(|events| events.outcomes()).unwrap_or_default();
    outcomes.extend(errors.into_iter().map(|error| {
        let skipped = match error.kind {
            InputErrorKind::Empty => true,
            InputErrorKind::Unrecognised => !named.contains(&error.path),
            InputErrorKind::Missing | InputErrorKind::Unreadable | InputErrorKind::CutOff => false,
        };
        let (error_reason, skip_reason) = if skipped { (None, Some(error.reason)) } else { (Some(error.reason), None) };
        InputOutcome {
            path: error.path,
            source: None,
            tally: Tally::default(),
            notes: Vec::new(),
            error: error_reason,
            skipped: skip_reason,
        }
    }));
    outcomes
}
