//! Rules in the IR, run over columns of events.

pub mod functions;
pub mod types;
pub mod warning;
