//! Functions of dates.

pub mod civil;
pub mod instant;
