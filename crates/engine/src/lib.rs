//! Rules in the IR, run over columns of events.

pub mod aggregates;
pub mod finding;
pub mod functions;
pub mod hunt;
pub mod order;
pub mod types;
pub mod warning;
