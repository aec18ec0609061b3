//! The catalog in other forms. What is written here is a contract with scripts: keys are added, never changed.

mod json;
mod navigator;

pub use json::{diagnostic, event, field, indicator, rule, technique};
pub use navigator::layer;
