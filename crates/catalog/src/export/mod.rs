//! The catalog in other forms. What is written here is a contract with scripts: keys are added, never changed.

mod csv;
mod json;
mod navigator;

pub use csv::{events as events_csv, fields as fields_csv, indicators as indicators_csv, rules as rules_csv};
pub use json::{diagnostic, field, indicator, rule, technique};
pub use navigator::layer;
