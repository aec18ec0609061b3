//! The vocabulary of events: the waist where every log format meets.
//!
//! An event is a row of canonical fields: names and types of the Elastic Common Schema, with the additions of Elastic's
//! own integrations. `ingest` fills them, the engine reads them, and neither knows the other's vendors.

mod stream;
mod types;

pub use stream::{DataStream, select_streams};
pub use types::{Field, Type};
