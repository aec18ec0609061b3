//! The seam between kinds of log and everything else: one file per kind, one line per kind in [`SOURCES`].

mod bind;
mod csv;
mod dnsmasq;
mod dnstap;
mod learn;
mod lines;
mod names;
mod parquet;
mod pcap;
mod raw;
mod shipped;
pub mod suricata;
mod target;
mod unbound;
mod url;
mod windows_dns;
pub mod zeek;

use crate::{Condition, EventBatch, Projection, Tally, Zone, json};
use arrow::array::RecordBatch;
use schema::{DataStream, Field, StreamSelection};
use std::{fs::File, path::Path, sync::Arc};

/// Every kind of log, in the order in which they are asked; the first that recognises an input reads it.
/// JSON comes last, since it reads whatever the others leave.
pub const SOURCES: &[&dyn Source] = &[
    &pcap::Pcap,
    &dnstap::Dnstap,
    &parquet::Parquet,
    &zeek::Zeek,
    &suricata::Suricata,
    &windows_dns::WindowsDnsDebug,
    &windows_dns::WindowsDnsAnalytical,
    &bind::Bind,
    &unbound::Unbound,
    &dnsmasq::Dnsmasq,
    &csv::Csv,
    &json::Documents,
];

/// A kind of log. A unit struct without state.
pub trait Source: Send + Sync {
    /// The name that reports show, such as `zeek` or `pcap`.
    fn name(&self) -> &'static str;

    /// Whether the head is of this kind.
    fn recognise(&self, head: &Head<'_>) -> bool;

    /// The log behind a recognised head. An error says what about the head cannot be read.
    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String>;

    /// Whether it is read at any place at once, from [`Source::open_file`].
    fn needs_file(&self) -> bool {
        false
    }

    /// The same for a source that needs a file, which is decompressed.
    fn open_file(&self, head: &Head<'_>, _file: Arc<File>, options: &Options) -> Result<Arc<dyn Log>, String> {
        self.open(head, options)
    }
}

/// The beginning of an input, decompressed.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Up to 256 KiB; for text formats the last line may be cut.
    pub bytes: &'a [u8],
    /// Whether `bytes` is all there is.
    pub whole: bool,
    /// The input's name, without a compression suffix; for hints, never for trust.
    pub path: &'a Path,
}

/// What the user says about how to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Take the private section of the public suffix list into account.
    pub private_suffixes: bool,
    /// Vendor column to canonical field, for logs without a mapping of their own.
    pub columns: Vec<(String, String)>,
    /// For logs that write local time without a zone.
    pub zone: Zone,
}

/// One recognised input: what it can hold, and how to decode it.
pub trait Log: Send + Sync {
    /// The data streams that its events may belong to.
    fn streams(&self) -> Vec<DataStream>;

    /// The fields that its events may have, in a stable order.
    fn fields(&self) -> Vec<Field>;

    /// How the bytes may be cut up for decoding.
    fn framing(&self) -> Framing;

    /// Whether its events may also have fields and belong to data streams that the head did not show.
    fn is_open_ended(&self) -> bool {
        false
    }

    /// For open-ended logs, a way to find what the head does not show.
    fn discovery(&self) -> Option<Discovery> {
        None
    }

    /// A decoder for these fields. With [`Framing::Lines`] several decoders work on one input side by side.
    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder>;

    /// Whether the field stands in the records as such, so that reading it alone is much cheaper than decoding events. With
    /// [`Framing::Lines`], conditions on such fields sort out lines before these are decoded; the decoder has to tell the
    /// batch where each line begins.
    fn stands_in_records(&self, field: &str) -> bool {
        let _ = field;
        false
    }

    /// A decoder that may begin where any record does, if there is one. Events that need what stands before them it leaves
    /// out, and otherwise those that its batch does not want.
    fn decoder_midway(&self, _projection: &Arc<Projection>) -> Option<Box<dyn Decoder>> {
        None
    }

    /// A decoder for a share of the events, if it can be split so: each decoder gets all of the input and leaves the
    /// events of other shares to them. For logs that cannot be cut but are cheap to look through.
    fn share(&self, _projection: &Arc<Projection>, _share: Share) -> Option<Box<dyn Decoder>> {
        None
    }

    /// Whether [`Log::share`] gives decoders.
    fn has_shares(&self) -> bool {
        false
    }

    /// The events as columns, if they lie so; then there is nothing to decode.
    fn columnar(&self) -> Option<Arc<dyn Columnar>> {
        None
    }

    /// Whether events may have an `_id` of their own, which does not say where they are.
    fn names_events(&self) -> bool {
        false
    }

    /// What had to be assumed in order to read it, for the report: an ambiguous date format, a missing year.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Which share of an input's events is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub number: u32,
    pub of: u32,
}

impl Share {
    pub const ALL: Share = Share { number: 0, of: 1 };

    /// Whether what has this hash belongs to the share.
    pub fn has(self, hash: u32) -> bool {
        hash % self.of == self.number
    }

    /// Whether it is the share that counts what belongs to no event.
    pub fn is_first(self) -> bool {
        self.number == 0
    }
}

/// An input whose events lie in columns, in parts that are read independently of each other.
pub trait Columnar: Send + Sync {
    fn parts(&self) -> usize;

    /// What is known of a part without reading it: its events, and their times.
    fn tally(&self, part: usize) -> Tally;

    /// The batches of a part in the shape of the projection. `input` is the number of the input, for `_id`. Rows that do not
    /// meet the conditions may be left out.
    fn read(
        &self,
        part: usize,
        input: usize,
        projection: &Arc<Projection>,
        conditions: &[Arc<dyn Condition>],
    ) -> Result<Batches, String>;

    /// The events of these numbers, which ascend, in the shape of the projection.
    fn pick(&self, events: &[u64], input: usize, projection: &Arc<Projection>) -> Result<Vec<RecordBatch>, String>;
}

/// Batches of a part; an error ends it.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>;

/// A log that learns while it is decoded.
pub struct Discovery {
    /// To be decoded to its end, for any fields.
    pub log: Arc<dyn Log>,
    /// The same log with all that was learned.
    pub found: Box<dyn FnOnce() -> Arc<dyn Log>>,
}

/// How an input may be cut into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// At any line end; each chunk is whole lines and is decoded independently of the others.
    Lines,
    /// Anywhere; one decoder gets all chunks in order and keeps what a record still lacks.
    Bytes,
}

/// A piece of an input.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Shared, so that columns can point into it.
    pub bytes: arrow::buffer::Buffer,
    /// Where the bytes begin in the decompressed input.
    pub offset: u64,
}

impl Chunk {
    /// The line that begins at an offset of the input, with its end.
    pub fn line(&self, begin: u64) -> Option<Chunk> {
        let at = usize::try_from(begin.checked_sub(self.offset)?).ok()?;
        let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        Some(Chunk { bytes: self.bytes.slice_with_length(at, length), offset: begin })
    }
}

/// Turns chunks into events.
pub trait Decoder: Send {
    /// Decodes a chunk. Whatever cannot be read is counted in `tally`; nothing ends the input early.
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally);

    /// Decodes only the lines of a chunk that begin at these offsets of the input, in this order; others may be among them.
    fn decode_lines(&mut self, chunk: &Chunk, begins: &[u64], batch: &mut EventBatch, tally: &mut Tally) {
        for line in begins.iter().filter_map(|begin| chunk.line(*begin)) {
            self.decode(&line, batch, tally);
        }
    }

    /// The input has ended: emits what was held back, counts what is incomplete.
    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        let (_, _) = (batch, tally);
    }

    /// From now on leaves out events of other streams, counting them all the same. False if it cannot.
    fn select(&mut self, _streams: &StreamSelection) -> bool {
        false
    }

    /// How many records (lines, packets, frames) were seen since the last call.
    fn records(&mut self) -> u64;
}

/// The lines of some bytes without their ends, each with the place where it begins.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut begin = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(begin..).filter(|rest| !rest.is_empty())?;
        let (line, length) = match memchr::memchr(b'\n', rest) {
            Some(end) => (rest.get(..end)?, end + 1),
            None => (rest, rest.len()),
        };
        let at = begin;
        begin += length;
        Some((at, line.strip_suffix(b"\r").unwrap_or(line)))
    })
}
