//! Putting TCP streams together, as far as DNS over TCP needs it: messages behind a length of two bytes
//! (RFC 1035, 4.2.2), several in a segment or one over several, segments out of order, repeated, or missing.
//!
//! The usual segment holds whole messages and comes when it should; its messages are handed on where they lie.

use crate::wire::{Header, be16};
use std::{collections::HashMap, net::IpAddr};

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
/// Bytes held for all streams together, and for segments of one stream that came too early.
const MAX_HELD: usize = 32 << 20;
const MAX_AHEAD: usize = 256 << 10;
const MAX_AHEAD_SEGMENTS: usize = 256;
const MAX_STREAMS: usize = 1 << 16;

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Direction {
    pub source: IpAddr,
    pub source_port: u16,
    pub destination: IpAddr,
    pub destination_port: u16,
}

/// A segment; `payload` is what was kept of `length` bytes.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub source_port: u16,
    pub destination_port: u16,
    sequence: u32,
    flags: u8,
    pub payload: &'a [u8],
    pub length: usize,
}

/// A message out of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub direction: Direction,
    /// Of the segment in which it ended.
    pub time: i64,
    pub bytes: &'a [u8],
    /// Its length as announced, which is more than there are bytes if some are missing.
    pub length: usize,
}

#[derive(Debug, Default)]
struct Stream {
    /// The next byte's sequence number; none before the first segment whose beginning is a message's.
    next: Option<u32>,
    /// The beginning of a message.
    buffer: Vec<u8>,
    /// Bytes of a message yet to come that are not wanted.
    skip: usize,
    ahead: Vec<Early>,
    time: i64,
}

/// A segment that came before the one it follows.
#[derive(Debug)]
struct Early {
    sequence: u32,
    payload: Vec<u8>,
    length: usize,
}

#[derive(Debug, Default)]
pub struct Streams {
    streams: HashMap<Direction, Stream>,
    held: usize,
    /// Segments that belong to a message whose beginning was not captured.
    unaligned: u64,
}

impl<'a> Segment<'a> {
    /// Reads a TCP header; `length` is the length of header and payload on the wire.
    pub fn read(bytes: &'a [u8], length: usize) -> Result<Segment<'a>, &'static str> {
        let Some(fixed) = bytes.first_chunk::<20>() else { return Err("the TCP header is cut") };
        let header = usize::from(fixed[12] >> 4) * 4;
        if header < 20 || header > length {
            return Err("the TCP header's length is not possible");
        }
        Ok(Segment {
            source_port: u16::from_be_bytes([fixed[0], fixed[1]]),
            destination_port: u16::from_be_bytes([fixed[2], fixed[3]]),
            sequence: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            flags: fixed[13],
            payload: bytes.get(header..).unwrap_or_default(),
            length: length - header,
        })
    }
}

impl Streams {
    /// Takes a segment and hands on each message that it completes.
    pub fn push(&mut self, time: i64, source: IpAddr, destination: IpAddr, segment: &Segment<'_>, sink: &mut Sink<'_>) {
        let Segment { source_port, destination_port, .. } = *segment;
        let direction = Direction { source, source_port, destination, destination_port };
        if segment.length == 0 && segment.flags & (SYN | FIN | RST) == 0 {
            return;
        }
        let stream = self.streams.entry(direction).or_default();
        let before = stream.held();
        stream.time = time;
        let mut out = Out { direction, time, sink };
        let mut sequence = segment.sequence;
        if segment.flags & SYN != 0 {
            stream.give_up(&mut out);
            sequence = sequence.wrapping_add(1);
            stream.next = Some(sequence);
        }
        if segment.length > 0 {
            let aligned = stream.next.is_some() || begins_message(segment.payload);
            self.unaligned += u64::from(!aligned);
            stream.segment(sequence, segment.payload, segment.length, &mut out);
        }
        let end = sequence.wrapping_add(segment.length as u32);
        let ended = segment.flags & RST != 0 || segment.flags & FIN != 0 && stream.next.is_none_or(|next| next == end);
        if ended {
            stream.give_up(&mut out);
            self.streams.remove(&direction);
            self.held -= before;
        } else {
            self.held = self.held - before + stream.held();
        }
        if self.held > MAX_HELD || self.streams.len() > MAX_STREAMS {
            self.give_up_stalest(sink);
        }
    }

    /// How many segments since the last call belong to messages whose beginning is missing.
    pub fn unaligned(&mut self) -> u64 {
        std::mem::take(&mut self.unaligned)
    }

    /// The end of the capture: hands on the beginnings of messages.
    pub fn finish(&mut self, sink: &mut Sink<'_>) {
        let mut streams: Vec<_> = self.streams.drain().collect();
        streams.sort_by_key(|(direction, stream)| (stream.time, direction.source_port));
        for (direction, mut stream) in streams {
            let time = stream.time;
            stream.give_up(&mut Out { direction, time, sink });
        }
        self.held = 0;
    }

    /// Gives up the quarter of the streams that was idle the longest, so that the search is rare.
    fn give_up_stalest(&mut self, sink: &mut Sink<'_>) {
        let mut times: Vec<_> = self.streams.iter().map(|(direction, stream)| (stream.time, *direction)).collect();
        times.sort_unstable_by_key(|(time, _)| *time);
        for (time, direction) in times.into_iter().take(self.streams.len() / 4 + 1) {
            if let Some(mut stream) = self.streams.remove(&direction) {
                self.held -= stream.held();
                stream.give_up(&mut Out { direction, time, sink });
            }
        }
    }
}

pub type Sink<'s> = dyn FnMut(Message<'_>) + 's;

/// Where messages of one direction go.
struct Out<'o, 's> {
    direction: Direction,
    time: i64,
    sink: &'o mut Sink<'s>,
}

impl Out<'_, '_> {
    fn message(&mut self, bytes: &[u8], length: usize) {
        (self.sink)(Message { direction: self.direction, time: self.time, bytes, length });
    }
}

impl Stream {
    fn held(&self) -> usize {
        self.buffer.capacity() + self.ahead.iter().map(|early| early.payload.len() + size_of::<Early>()).sum::<usize>()
    }

    fn segment(&mut self, sequence: u32, payload: &[u8], length: usize, out: &mut Out<'_, '_>) {
        let next = match self.next {
            Some(next) => next,
            // The capture began in the middle of the stream.
            None if begins_message(payload) => sequence,
            None => return,
        };
        self.next = Some(next);
        let distance = sequence.wrapping_sub(next).cast_signed();
        if distance > 0 {
            self.ahead.push(Early { sequence, payload: payload.to_vec(), length });
            let bytes = self.ahead.iter().map(|early| early.payload.len()).sum::<usize>();
            if bytes > MAX_AHEAD || self.ahead.len() > MAX_AHEAD_SEGMENTS {
                self.give_up(out);
            }
            return;
        }
        let known = distance.unsigned_abs() as usize;
        if known < length {
            self.follow(payload.get(known..).unwrap_or_default(), length - known, out);
            self.catch_up(out);
        }
    }

    /// Takes the early segments whose turn has come.
    fn catch_up(&mut self, out: &mut Out<'_, '_>) {
        while let Some(next) = self.next
            && let Some(at) = self.ahead.iter().position(|early| early.sequence.wrapping_sub(next).cast_signed() <= 0)
        {
            let early = self.ahead.swap_remove(at);
            let known = next.wrapping_sub(early.sequence) as usize;
            if known < early.length {
                self.follow(early.payload.get(known..).unwrap_or_default(), early.length - known, out);
            }
        }
    }

    /// Takes the bytes that follow, of which `length` were sent.
    fn follow(&mut self, payload: &[u8], length: usize, out: &mut Out<'_, '_>) {
        self.next = self.next.map(|next| next.wrapping_add(length as u32));
        let skipped = self.skip.min(length);
        self.skip -= skipped;
        let payload = payload.get(skipped..).unwrap_or_default();
        let missing = length - skipped - payload.len();
        if self.buffer.is_empty() {
            let used = self.messages(payload, missing, out);
            if let Some(rest) = payload.get(used..) {
                self.buffer.extend_from_slice(rest);
            }
        } else {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.extend_from_slice(payload);
            let used = self.messages(&buffer, missing, out);
            buffer.drain(..used.min(buffer.len()));
            self.buffer = buffer;
        }
    }

    /// Hands on the messages in the bytes, behind which `missing` more were sent; gives the number of bytes done with.
    fn messages(&mut self, bytes: &[u8], missing: usize, out: &mut Out<'_, '_>) -> usize {
        let mut at = 0;
        while let Some(length) = be16(bytes, at) {
            let length = usize::from(length);
            match bytes.get(at + 2..at + 2 + length) {
                Some(message) => out.message(message, length),
                None if missing > 0 => {
                    out.message(bytes.get(at + 2..).unwrap_or_default(), length);
                    self.skip = (at + 2 + length).saturating_sub(bytes.len() + missing);
                    if self.skip == 0 && at + 2 + length < bytes.len() + missing {
                        // Where the next message begins is not known.
                        self.next = None;
                    }
                    return bytes.len();
                }
                None => return at,
            }
            at += 2 + length;
        }
        if missing > 0 {
            self.next = None;
            return bytes.len();
        }
        at
    }

    /// Hands on the beginning of a message, and what can be found behind gaps.
    fn give_up(&mut self, out: &mut Out<'_, '_>) {
        self.hand_on_beginning(out);
        let mut ahead = std::mem::take(&mut self.ahead);
        ahead.sort_by_key(|early| early.sequence.wrapping_sub(self.next.unwrap_or(0)));
        self.next = None;
        for early in ahead {
            if self.next != Some(early.sequence) {
                self.hand_on_beginning(out);
                self.next = begins_message(&early.payload).then_some(early.sequence);
            }
            if self.next.is_some() {
                self.follow(&early.payload, early.length, out);
            }
        }
        self.hand_on_beginning(out);
    }

    fn hand_on_beginning(&mut self, out: &mut Out<'_, '_>) {
        let buffer = std::mem::take(&mut self.buffer);
        if let (Some(length), Some(bytes)) = (be16(&buffer, 0), buffer.get(2..)) {
            out.message(bytes, length.into());
        }
        self.skip = 0;
    }
}

/// Whether bytes look like a length and a DNS header.
fn begins_message(bytes: &[u8]) -> bool {
    let Some(length) = be16(bytes, 0) else { return false };
    let Some(header) = bytes.get(2..).and_then(Header::read) else { return false };
    length >= 12 && header.opcode() <= 6 && header.flags & 0x40 == 0 && header.questions <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A query's header and the bytes of `text`, behind their length.
    fn message(text: &str) -> Vec<u8> {
        let mut bytes = ((12 + text.len()) as u16).to_be_bytes().to_vec();
        bytes.extend([0, 1, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(text.as_bytes());
        bytes
    }

    /// Pushes segments (sequence number, flags, payload, length) and gives the messages' text and whether it is whole.
    fn messages(segments: &[(u32, u8, &[u8], usize)]) -> Vec<(String, bool)> {
        let (mut streams, mut found) = (Streams::default(), Vec::new());
        let mut sink = |message: Message<'_>| {
            let text = message.bytes.get(12..).unwrap_or_default();
            found.push((String::from_utf8_lossy(text).into_owned(), message.bytes.len() == message.length));
        };
        let ip = IpAddr::from([10, 0, 0, 1]);
        for &(sequence, flags, payload, length) in segments {
            let segment = Segment { source_port: 53, destination_port: 1025, sequence, flags, payload, length };
            streams.push(0, ip, ip, &segment, &mut sink);
        }
        streams.finish(&mut sink);
        assert_eq!(streams.held, 0);
        found
    }

    fn whole(texts: &[&str]) -> Vec<(String, bool)> {
        texts.iter().map(|text| ((*text).to_owned(), true)).collect()
    }

    #[test]
    fn messages_and_segments_need_not_agree() {
        let two = [message("one"), message("two")].concat();
        let start = u32::MAX - 5;
        let (a, b) = two.split_at(9);
        let at = |offset: usize| start.wrapping_add(1 + offset as u32);
        let syn: (u32, u8, &[u8], usize) = (start, SYN, b"", 0);
        for segments in [
            vec![syn, (at(0), 0, &two[..], 34)],
            vec![syn, (at(0), 0, a, 9), (at(9), 0, b, 25)],
            vec![syn, (at(9), 0, b, 25), (at(0), 0, a, 9)],
            vec![syn, (at(0), 0, a, 9), (at(0), 0, a, 9), (at(0), 0, &two[..], 34), (at(9), 0, b, 25)],
            vec![(at(0), 0, &two[..20], 20), (at(20), FIN, &two[20..], 14)],
            vec![syn, (at(20), 0, &two[20..], 14), (at(5), 0, &two[5..25], 20), (at(0), 0, &two[..8], 8)],
        ] {
            assert_eq!(messages(&segments), whole(&["one", "two"]), "{segments:?}");
        }
        let bytes: Vec<_> = (0..34).map(|i| (at(i), 0, &two[i..=i], 1)).collect();
        assert_eq!(messages(&[&[syn][..], &bytes].concat()), whole(&["one", "two"]));
    }

    #[test]
    fn what_is_missing_costs_only_itself() {
        let (one, two) = (message("one"), message("two"));
        let cut = ("on".to_owned(), false);
        // The end of the first message was never captured.
        let lost = [(1, 0, &one[..16], 16), (18, 0, &two[..], 17)];
        assert_eq!(messages(&lost), [std::slice::from_ref(&cut), &whole(&["two"])[..]].concat());
        // It was cut off by the snap length.
        let snapped = [(1, 0, &one[..16], 17), (18, 0, &two[..], 17)];
        assert_eq!(messages(&snapped), [&[cut], &whole(&["two"])[..]].concat());
        // The capture began in the middle of a message.
        let late = [(1, 0, &one[8..], 9), (10, 0, &two[..], 17)];
        assert_eq!(messages(&late), whole(&["two"]));
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut streams = Streams::default();
        let payload = vec![0xFF; 60_000];
        for port in 0..2000 {
            let ip = IpAddr::from([10, 0, 0, 1]);
            let mut segment =
                Segment { source_port: port, destination_port: 53, sequence: 0, flags: SYN, payload: b"", length: 0 };
            streams.push(port.into(), ip, ip, &segment, &mut |_| ());
            segment = Segment { sequence: 1, flags: 0, payload: &payload, length: payload.len(), ..segment };
            streams.push(port.into(), ip, ip, &segment, &mut |_| ());
            assert!(streams.held <= MAX_HELD);
        }
        let held: usize = streams.streams.values().map(Stream::held).sum();
        assert_eq!(held, streams.held);
    }
}
