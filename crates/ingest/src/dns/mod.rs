//! A DNS message, or a query and its answer, of whatever source; and the one place that makes columns of it.
//!
//! A decoder fills an [`Event`] with what its record says, all borrowed. [`Writer::write`] sets every canonical column
//! that the projection has: `dns.*` with the derived parts of the name, the addresses resolved, header flags both as
//! list and as booleans, and through [`crate::network`] all of `event.*`, `network.*`, `source.*`, `related.*`. So a rule
//! finds the same columns filled by pcap, Zeek, Suricata or a Windows log.

mod event;
mod heard;
mod records;
mod slots;
mod writer;

pub use event::{Answer, Counts, Event, Flags, Message, Question};
pub use heard::{Heard, MessageWriter};
pub use records::RecordTexts;
pub use writer::Writer;
pub(crate) use writer::resolved;
