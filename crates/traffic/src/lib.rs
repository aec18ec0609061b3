//! DNS traffic as logical events, made by a seeded generator or handed in by a test, and written in every encoding
//! that the programs of the field use.
//!
//! An [`Event`] is one look-up: who asked whom for what, when, and what came back. The encoders under [`encode`]
//! turn the same events into Packetbeat, Zeek, Suricata, Windows, pcap and Parquet files, each with the losses of
//! the real program (Zeek drops the transaction's HTTPS answers, the Windows debug log its fractions of a second),
//! so that a hunt over one encoding can be held against a hunt over another. [`generate`] makes the events for the
//! races and the shipped sample. Nothing here is published, and nothing of Gannet depends on it: the decoders must
//! not share code with what they are tested against.

pub mod encode;
pub mod event;
pub mod generate;
pub mod name;
pub mod random;
pub mod wire;

pub use event::{Answer, Event, Question, Rdata, Response, Transport, rcode, rtype};
pub use name::{Name, NameError};
