//! DNS messages as they travel (RFC 1035 section 4), read in place.
//!
//! A reader of our own, because of what hickory-proto and domain are for: they build whole messages to act on, allocate
//! for each name and record, and give nothing of a message whose end is missing. Here a message is looked at once,
//! mostly for its question and addresses, several million times a second, often cut by a snap length, and forged at
//! will. So [`Message`] checks the header and the question, records are walked on demand, and text is written only for
//! the fields somebody asked for.
//!
//! Bounds: compression pointers only lead backwards, at most 126 of them a name; a name has at most 255 octets; walking
//! the records of a message takes time linear in its bytes.

pub mod encoding;
mod message;
mod name;
mod opt;
mod rdata;
mod svcb;

pub use message::{Header, Message, Question, Record, Records, Section};
pub use name::{Name, escape_label};
pub use opt::Opt;
pub use rdata::Rdata;

use std::fmt;

/// Why bytes are not a DNS message, or where one stops being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Fewer than the twelve bytes of a header.
    Header,
    /// The bytes end within a name, a question or a record.
    Cut,
    /// A compression pointer that does not lead backwards, or too many of them.
    Pointer,
    /// A label type other than plain and pointer (RFC 1035, 4.1.4; RFC 6891, 5).
    Label,
    /// A name of more than 255 octets.
    LongName,
    /// Record data that does not have the layout of its type.
    Rdata,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Malformed::Header => "shorter than a DNS header",
            Malformed::Cut => "the DNS message ends early",
            Malformed::Pointer => "a compression pointer in a DNS name does not lead backwards",
            Malformed::Label => "a DNS name has a label of an unknown kind",
            Malformed::LongName => "a DNS name has more than 255 octets",
            Malformed::Rdata => "record data does not fit its type",
        })
    }
}

/// The two bytes at `at`, most significant first.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

/// The four bytes at `at`, most significant first.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}
