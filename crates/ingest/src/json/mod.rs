//! JSON documents: one a line, in Elasticsearch bulk lines, in arrays and in search responses.

mod fields;
mod flatten;
mod ndjson;
pub(crate) mod stream;

pub use ndjson::Documents;
