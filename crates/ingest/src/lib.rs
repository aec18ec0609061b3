//! Logs of every kind, decoded once into Arrow columns of canonical fields.
//!
//! The way of an input: [`input`] finds and opens it and undoes its compression; each [`source::SOURCES`] entry looks at
//! its head and the first that recognises it makes a [`Log`]; a [`scan`] reads many logs with several workers into
//! record batches of just the projected fields. Rules are unknown here.
//!
//! This crate is the unsafe-input surface: everything it is handed may be hostile. A record that cannot be read is
//! counted and sampled in the input's [`Tally`], and reading goes on behind it.

pub mod batch;
pub mod condition;
pub mod dns;
pub mod ecs;
pub mod fetch;
pub mod input;
pub mod json;
pub mod network;
pub mod physical;
pub mod projection;
pub mod scan;
mod slots;
pub mod source;
pub mod tally;
pub mod time;
mod views;
pub mod wire;
mod zone;

pub use batch::EventBatch;
pub use condition::{Condition, Conditions};
pub use fetch::{Fetched, Lost, fetch};
pub use input::{Input, InputError, InputErrorKind, Opened, open};
pub use projection::{Projection, Slot};
pub use scan::{Report, Scan, Worker, discover};
pub use source::{Chunk, Decoder, Discovery, Framing, Head, Log, Options, Source};
pub use tally::{Tally, Unreadable};
pub use zone::Zone;
