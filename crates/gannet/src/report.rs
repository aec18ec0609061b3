//! What was read of the inputs, from what opened and what the scans made of it.

use engine::{finding::InputOutcome, table::Tables};
use ingest::{InputError, Tally};

/// The outcome of each input: those that were read, and those that could not be opened.
pub fn inputs(tables: &Tables, errors: Vec<InputError>) -> Vec<InputOutcome> {
    let mut outcomes = tables.events.as_ref().map(|events| events.outcomes()).unwrap_or_default();
    outcomes.extend(errors.into_iter().map(|error| InputOutcome {
        path: error.path,
        source: None,
        tally: Tally::default(),
        error: Some(error.reason),
    }));
    outcomes
}
