//! Running rules over old logs as their schedules would have run them.

mod panes;
mod samples;
mod windows;

pub use panes::PaneStates;
pub use samples::{FirstEvents, Ids};
pub use windows::{MOST_PANES, Panes};
