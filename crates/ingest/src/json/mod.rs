//! JSON documents: one a line, in Elasticsearch bulk lines, in arrays and in search responses.

mod fields;
mod flatten;
mod ndjson;
mod stream;

pub use ndjson::Documents;
