//! From chunks of a capture file to DNS events.

use super::{blocks, classic, dissect::Dissector, record::Step};
use crate::{Chunk, Decoder, EventBatch, Options, Projection, Tally, source::Share};
use std::sync::Arc;

/// How many bytes behind a broken record are kept where no sound one was found yet: the next may begin in there.
const KEPT: usize = 256 << 10;

/// Either kind of file.
#[derive(Clone, Debug)]
pub enum Reader {
    Classic(classic::Reader),
    Blocks(blocks::Reader),
}

impl Reader {
    pub fn of(head: &[u8]) -> Option<Reader> {
        match classic::Reader::new(head) {
            Some(reader) => Some(Reader::Classic(reader)),
            None => blocks::Reader::recognises(head).then(|| Reader::Blocks(blocks::Reader::default())),
        }
    }

    fn step<'a>(&mut self, bytes: &'a [u8]) -> Step<'a> {
        match self {
            Reader::Classic(reader) => reader.step(bytes),
            Reader::Blocks(reader) => reader.step(bytes),
        }
    }

    fn resume(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Reader::Classic(reader) => reader.resume(bytes),
            Reader::Blocks(reader) => reader.resume(bytes),
        }
    }
}

/// The decoder.
pub struct Packets {
    reader: Reader,
    /// The beginning of a record whose rest comes with the next chunk.
    carry: Vec<u8>,
    /// Bytes still to pass over.
    skip: u64,
    /// Whether a broken record was met behind which none was found yet.
    lost: bool,
    dissector: Dissector,
    /// Since they were last asked for; so the number of the packet at hand.
    records: u64,
    /// Where the last chunk ended.
    end: u64,
}

impl Packets {
    pub fn new(reader: Reader, projection: &Arc<Projection>, options: &Options, share: Share) -> Self {
        let skip = if matches!(reader, Reader::Classic(_)) { classic::FILE_HEADER as u64 } else { 0 };
        Packets {
            reader,
            carry: Vec::new(),
            skip,
            lost: false,
            dissector: Dissector::new(projection, options, share),
            records: 0,
            end: 0,
        }
    }

    /// A decoder that begins at a record; none for captures whose records need what stands before them.
    pub fn midway(reader: &Reader, projection: &Arc<Projection>, options: &Options) -> Option<Self> {
        let Reader::Classic(_) = reader else { return None };
        let packets = Packets::new(reader.clone(), projection, options, Share::ALL);
        Some(Packets { skip: 0, dissector: packets.dissector.midway(), ..packets })
    }

    /// Reads records from the bytes, which begin at `offset` of the input. Gives the number of bytes done with and how
    /// many are needed from there on to do more.
    fn read(&mut self, bytes: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) -> (usize, usize) {
        let mut at = 0;
        loop {
            let left = bytes.len() - at;
            if self.skip >= left as u64 {
                self.skip -= left as u64;
                return (bytes.len(), 1);
            }
            at += std::mem::take(&mut self.skip) as usize;
            if self.lost {
                let Some(found) = self.reader.resume(&bytes[at..]) else {
                    let begin = at.max(bytes.len().saturating_sub(KEPT));
                    return (begin, bytes.len() - begin + KEPT);
                };
                at += found;
                self.lost = false;
            }
            match self.reader.step(&bytes[at..]) {
                Step::Packet(packet, used) => {
                    self.records += 1;
                    self.dissector.packet(&packet, (self.records, offset + at as u64), batch, tally);
                    at += used;
                }
                Step::Skip(bytes) => self.skip = bytes,
                Step::Need(length) => return (at, length),
                Step::Broken(reason, used) => {
                    self.records += 1;
                    self.dissector.unreadable(self.records, reason, &bytes[at..], tally);
                    at += used;
                }
                Step::Lost(reason) => {
                    self.records += 1;
                    self.dissector.unreadable(self.records, reason, &bytes[at..], tally);
                    (self.lost, self.skip) = (true, 1);
                }
            }
        }
    }
}

impl Decoder for Packets {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let bytes = chunk.bytes.as_slice();
        let mut at = 0;
        let mut carry = std::mem::take(&mut self.carry);
        // The record that straddles the border is completed first, with no more bytes than it needs.
        while !carry.is_empty() && at < bytes.len() {
            let begin = chunk.offset + at as u64 - carry.len() as u64;
            let (used, needed) = self.read(&carry, begin, batch, tally);
            carry.drain(..used);
            if !carry.is_empty() {
                let missing = needed.saturating_sub(carry.len()).max(1).min(bytes.len() - at);
                carry.extend_from_slice(&bytes[at..at + missing]);
                at += missing;
            }
        }
        if carry.is_empty() {
            let (used, _) = self.read(&bytes[at..], chunk.offset + at as u64, batch, tally);
            carry.extend_from_slice(&bytes[at + used..]);
        }
        self.end = chunk.offset + bytes.len() as u64;
        self.carry = carry;
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        let mut carry = std::mem::take(&mut self.carry);
        let (used, _) = self.read(&carry, self.end - carry.len() as u64, batch, tally);
        carry.drain(..used);
        if !carry.is_empty() && !self.lost {
            self.records += 1;
            self.dissector.unreadable(self.records, "the file ends within this packet", &carry, tally);
        }
        self.dissector.finish(batch, tally);
    }

    fn records(&mut self) -> u64 {
        let records = std::mem::take(&mut self.records);
        if self.dissector.counts() { records } else { 0 }
    }
}
