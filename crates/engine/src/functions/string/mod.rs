//! Functions of strings.

mod length;

use super::Function;

pub const ALL: &[&dyn Function] = &[&length::Length];
