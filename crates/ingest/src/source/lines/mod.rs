//! Logs of servers that write a line for each message: what their readers share.
//!
//! A format sees line after line and hands on DNS events. Formats whose lines stand alone are read by several decoders
//! side by side; those that join lines get all of them, in order.

mod stamp;
#[cfg(test)]
pub mod tests;

pub use stamp::{NO_ZONE, Years};

use super::{Chunk, Decoder, Framing, Head, Log, Options};
use crate::{
    EventBatch, Projection, Tally,
    dns::{Event, Writer},
    network::Profile,
};
use schema::{DataStream, Field};
use std::{borrow::Cow, sync::Arc};

/// How a kind of log writes its lines.
pub trait Format: Clone + Send + Sync + 'static {
    const PROFILE: Profile;

    /// [`Framing::Bytes`] where lines are joined.
    fn framing(&self) -> Framing {
        Framing::Lines
    }

    /// The fields beyond those of every DNS event.
    fn fields(&self) -> Vec<Field> {
        Vec::new()
    }

    /// Asks for the places of those fields.
    fn bind(&mut self, _projection: &Projection) {}

    /// Reads a line: hands on an event, counts it as something else, or says why it cannot be read.
    fn line(&mut self, line: &[u8], out: &mut Out<'_>);

    /// No line follows.
    fn finish(&mut self, _out: &mut Out<'_>) {}
}

/// Where a format puts what a line held.
pub struct Out<'o> {
    writer: &'o mut Writer,
    batch: &'o mut EventBatch,
    tally: &'o mut Tally,
    line: &'o [u8],
    number: u64,
    /// Where the line begins in the input.
    pub offset: u64,
}

impl Out<'_> {
    pub fn event(&mut self, event: &Event<'_>) {
        self.event_at(event, self.offset);
    }

    /// An event with fields of the format's own, which `more` writes.
    pub fn event_with(&mut self, event: &Event<'_>, more: impl FnOnce(&mut EventBatch)) {
        more(self.batch);
        self.event(event);
    }

    /// An event that began with the line at `offset`.
    pub fn event_at(&mut self, event: &Event<'_>, offset: u64) {
        self.writer.write(event, self.batch);
        self.batch.at_offset(offset);
        self.batch.end_event();
        self.tally.events += 1;
        if let Some(time) = event.flow.time {
            self.tally.timestamp(time.div_euclid(1_000_000));
        }
    }

    /// A line that is not about a DNS message.
    pub fn other(&mut self) {
        self.tally.other += 1;
    }

    pub fn unreadable(&mut self, reason: impl Into<String>) {
        self.tally.unreadable(self.number, reason, self.line);
    }
}

/// A log in some format.
pub struct LineLog<F> {
    format: F,
    options: Options,
    notes: Vec<String>,
}

impl<F: Format> LineLog<F> {
    /// `notes` tells what had to be assumed.
    pub fn new(format: F, options: &Options, notes: Vec<String>) -> Self {
        LineLog { format, options: options.clone(), notes }
    }
}

impl<F: Format> Log for LineLog<F> {
    fn streams(&self) -> Vec<DataStream> {
        vec![DataStream::logs(F::PROFILE.dataset, "default")]
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = Writer::fields();
        for field in self.format.fields() {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    fn framing(&self) -> Framing {
        self.format.framing()
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let mut format = self.format.clone();
        format.bind(projection);
        Box::new(Lines {
            format,
            writer: Writer::new(F::PROFILE, projection, &self.options),
            joined: self.format.framing() == Framing::Bytes,
            carry: Vec::new(),
            carried: 0,
            end: 0,
            records: 0,
            number: 0,
        })
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

/// A line of more bytes is cut; it is read as far as it goes.
const MAX_LINE: usize = 1 << 20;

struct Lines<F> {
    format: F,
    writer: Writer,
    /// Whether chunks follow each other and may end within a line.
    joined: bool,
    carry: Vec<u8>,
    /// The length of the line of which `carry` is the beginning, so far.
    carried: u64,
    end: u64,
    records: u64,
    number: u64,
}

impl<F: Format> Lines<F> {
    fn line(&mut self, line: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.records += 1;
        self.number += 1;
        let mut out = Out { writer: &mut self.writer, batch, tally, line, number: self.number, offset };
        if line.is_empty() { out.other() } else { self.format.line(line, &mut out) }
    }

    fn carry(&mut self, bytes: &[u8]) {
        let room = MAX_LINE.saturating_sub(self.carry.len());
        self.carry.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

impl<F: Format> Decoder for Lines<F> {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        self.number = 0;
        let bytes = chunk.bytes.as_slice();
        let mut at = 0;
        if !self.carry.is_empty() {
            let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
            let offset = chunk.offset - self.carried;
            self.carried += end as u64;
            self.carry(&bytes[..end]);
            at = end;
            if bytes[..end].ends_with(b"\n") {
                let line = std::mem::take(&mut self.carry);
                self.carried = 0;
                self.line(&line, offset, batch, tally);
            }
        }
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map(|end| at + end + 1);
            match end {
                None if self.joined => {
                    self.carried = (bytes.len() - at) as u64;
                    self.carry(&bytes[at..]);
                    break;
                }
                _ => {
                    let end = end.unwrap_or(bytes.len());
                    self.line(&bytes[at..end], chunk.offset + at as u64, batch, tally);
                    at = end;
                }
            }
        }
        self.end = chunk.offset + bytes.len() as u64;
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        self.number = 0;
        let line = std::mem::take(&mut self.carry);
        if !line.is_empty() {
            self.line(&line, self.end - self.carried, batch, tally);
        }
        let mut out = Out { writer: &mut self.writer, batch, tally, line: b"", number: self.number, offset: self.end };
        self.format.finish(&mut out);
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

/// The lines of a head, without a last one that is cut.
pub fn head_lines<'h>(head: &Head<'h>) -> impl Iterator<Item = &'h [u8]> {
    let bytes = head.bytes;
    let end = if head.whole { bytes.len() } else { memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1) };
    let lines = bytes[..end].split(|byte| *byte == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).filter(|line| !line.is_empty())
}

/// The line as text; bytes that are no UTF-8 are replaced.
pub fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line)
}

/// Takes the first word off.
pub fn word<'l>(rest: &mut &'l str) -> Option<&'l str> {
    let text = rest.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, behind) = text.split_at(end);
    *rest = behind;
    (!word.is_empty()).then_some(word)
}
