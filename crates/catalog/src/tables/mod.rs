//! Tables over rules. Each counts a rule at most once in a row, whatever number of tests of it belong there.

mod comparison;
mod events;
mod fields;
mod indicators;
mod unmapped;

pub use comparison::{Comparison, NearDuplicate, UnevenExclusion, Unexcluded, comparison};
pub use events::{EventRow, events};
pub use fields::{FieldRow, fields};
pub use indicators::{IndicatorRow, indicators};
pub use unmapped::{NameKind, Share, UnmappedRow, shares, unmapped};
