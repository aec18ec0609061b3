//! Functions that choose between values.

mod case;
mod clamp;
mod clamp_max;
mod clamp_min;
mod coalesce;
mod limits;

use super::Function;

pub const ALL: &[&dyn Function] =
    &[&case::Case, &clamp::Clamp, &clamp_max::ClampMax, &clamp_min::ClampMin, &coalesce::Coalesce];
