//! Rules in the IR, run over columns of events.

pub mod aggregates;
pub mod bind;
pub mod exec;
pub mod extract;
pub mod finding;
pub mod functions;
pub mod hunt;
pub mod json;
pub mod order;
pub mod pattern;
pub mod plan;
pub mod session;
pub mod support;
pub mod table;
pub mod types;
pub mod warning;

pub use session::Session;
