//! JSON documents: one a line, in Elasticsearch bulk lines, in arrays and in search responses.

mod bulk;
mod discovery;
mod documents;
mod fields;
mod flatten;
mod gap;
mod layout;
mod ndjson;
mod paths;
mod rows;
mod scanner;
mod shape;
mod source;
mod splitter;
pub(crate) mod stream;
mod token;

pub use gap::{Malformed, Reason};
pub use paths::PathId;
pub use scanner::{Found, Scanner};
pub use source::Documents;
pub use token::{Kind, unescape};

#[cfg(test)]
mod source_tests;
#[cfg(test)]
mod tests;
