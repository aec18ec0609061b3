//! What DataFusion's operators lack: a limit for each group, and unnesting that owns up to keeping the order.

mod limit_by;
mod ordered_unnest;
mod planner;

pub use limit_by::LimitBy;
pub use ordered_unnest::KeepUnnestOrder;
pub use planner::Planner;
