//! The subcommands: one file each.

pub mod catalog;
pub mod check;
pub mod completions;
pub mod hunt;
pub mod man;
pub mod query;
pub mod schema;
