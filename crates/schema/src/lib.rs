//! The vocabulary of events: the waist where every log format meets.
//!
//! An event is a row of canonical fields: names and types of the Elastic Common Schema, with the additions of Elastic's
//! own integrations. `ingest` fills them, the engine reads them, and neither knows the other's vendors. The facts live
//! in CSV files under `data`, where a row is a field, a code point, a technique.

pub mod attack;
#[cfg(test)]
#[path = "../build/attack.rs"]
mod attack_rows;
pub mod class;
mod code_points;
pub mod dns;
pub mod domain;
mod fields;
pub mod mapping;
#[cfg(test)]
#[path = "../build/rows.rs"]
mod rows;
mod stream;
mod transport;
mod types;

pub use class::EventClass;
pub(crate) use fields::has_fields_below;
pub use fields::{field, fields, is_canonical, similar_field};
pub use mapping::Mappings;
pub use stream::{DataStream, StreamSelection, wildcard_matches};
pub use transport::{transport_name, transport_number};
pub use types::{Field, Type};
