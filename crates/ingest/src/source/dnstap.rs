//! dnstap: what DNS servers log in binary, as `fstrm_capture` and the servers themselves write it to files.
//!
//! The file is a Frame Stream: frames behind a length of four bytes; a length of zero leads in a control frame, which
//! says what the frames hold (START), that nothing follows (STOP), or belongs to the handshake of a socket (READY, ACCEPT,
//! FINISH), which recordings of bidirectional streams contain. Each data frame is a protocol buffer (`dnstap.proto`),
//! read here by its few field numbers, since a generated reader would build what is only looked at once.
//!
//! Each message is an event, of whatever role: queries and responses of clients, resolvers, forwarders. Servers repeat
//! the time of the query with the response, so a response tells the whole exchange; most servers log both. There is no
//! integration of Elastic; the stream is `logs-dnstap.message-default`.

use super::{Chunk, Decoder, Framing, Head, Log, Options, Source};
use crate::{
    EventBatch, Projection, Slot, Tally,
    dns::{Heard, MessageWriter},
    network::{Endpoint, Flow, Host, Outcome, Profile},
    wire::{Message, be32},
};
use schema::{DataStream, Field};
use std::{net::IpAddr, sync::Arc};

pub struct Dnstap;

const PROFILE: Profile =
    Profile { dataset: "dnstap.message", module: "dnstap", outcome: Outcome::OfResponseCode, ..Profile::NETWORK };
const CONTENT_TYPE: &[u8] = b"protobuf:dnstap.Dnstap";
/// A longer frame is not read; DNS messages end at 64 KiB.
const MAX_FRAME: usize = 1 << 20;
/// Control frames end at 512 bytes (fstrm's `FSTRM_CONTROL_FRAME_LENGTH_MAX`).
const MAX_CONTROL: u32 = 512;
const STOP: u32 = 3;
/// `Message.Type` by number; odd numbers are queries.
const TYPES: [&str; 14] = [
    "AUTH_QUERY",
    "AUTH_RESPONSE",
    "RESOLVER_QUERY",
    "RESOLVER_RESPONSE",
    "CLIENT_QUERY",
    "CLIENT_RESPONSE",
    "FORWARDER_QUERY",
    "FORWARDER_RESPONSE",
    "STUB_QUERY",
    "STUB_RESPONSE",
    "TOOL_QUERY",
    "TOOL_RESPONSE",
    "UPDATE_QUERY",
    "UPDATE_RESPONSE",
];

impl Source for Dnstap {
    fn name(&self) -> &'static str {
        "dnstap"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        let control = be32(head.bytes, 4).filter(|length| (4..=MAX_CONTROL).contains(length));
        let Some(length) = control.filter(|_| head.bytes.starts_with(&[0; 4])) else { return false };
        let frame = head.bytes.get(8..8 + length as usize).unwrap_or_default();
        memchr::memmem::find(frame, CONTENT_TYPE).is_some()
    }

    fn open(&self, _: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        Ok(Arc::new(Recording { options: options.clone() }))
    }
}

struct Recording {
    options: Options,
}

impl Log for Recording {
    fn streams(&self) -> Vec<DataStream> {
        vec![DataStream::logs(PROFILE.dataset, "default")]
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = MessageWriter::fields();
        fields.extend(["observer.name", "observer.version"].into_iter().filter_map(schema::field).cloned());
        fields
    }

    fn framing(&self) -> Framing {
        Framing::Bytes
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        Box::new(Frames {
            writer: MessageWriter::new(PROFILE, projection, &self.options),
            identity: projection.slot("observer.name"),
            version: projection.slot("observer.version"),
            carry: Vec::new(),
            skip: 0,
            stopped: false,
            end: 0,
            records: 0,
            record: 0,
        })
    }
}

struct Frames {
    writer: MessageWriter,
    identity: Option<Slot>,
    version: Option<Slot>,
    /// The beginning of a frame.
    carry: Vec<u8>,
    /// Bytes to pass over.
    skip: u64,
    /// Whether the stream said that it ends.
    stopped: bool,
    end: u64,
    records: u64,
    /// The number of the frame in the chunk.
    record: u64,
}

impl Frames {
    /// Reads frames; gives the number of bytes done with.
    fn read(&mut self, bytes: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) -> usize {
        let mut at = 0;
        loop {
            let left = (bytes.len() - at) as u64;
            if self.skip >= left {
                self.skip -= left;
                return bytes.len();
            }
            at += std::mem::take(&mut self.skip) as usize;
            let Some(length) = be32(bytes, at) else { return at };
            if length == 0 {
                let Some(control) = be32(bytes, at + 4) else { return at };
                let Some(frame) = bytes.get(at + 8..at + 8 + control.min(MAX_CONTROL) as usize) else { return at };
                // Another stream may follow in the same file.
                self.stopped = be32(frame, 0) == Some(STOP);
                self.skip = 8 + u64::from(control);
                continue;
            }
            let body = at + 4;
            if length as usize > MAX_FRAME {
                self.unreadable("the frame claims more bytes than a DNS message can have", &bytes[at..], tally);
                self.skip = 4 + u64::from(length);
                continue;
            }
            let Some(frame) = bytes.get(body..body + length as usize) else { return at };
            self.frame(frame, offset + at as u64, batch, tally);
            at = body + frame.len();
        }
    }

    fn unreadable(&mut self, reason: &str, bytes: &[u8], tally: &mut Tally) {
        self.records += 1;
        self.record += 1;
        tally.unreadable(self.record, reason, bytes);
    }

    fn frame(&mut self, frame: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        let Some(tap) = Tap::read(frame) else {
            return self.unreadable("the frame is no dnstap protocol buffer", frame, tally);
        };
        let bytes = tap.message.response.filter(|_| !tap.message.is_query()).or(tap.message.query);
        let Some(bytes) = bytes.or(tap.message.response) else {
            self.records += 1;
            self.record += 1;
            tally.other += 1;
            return;
        };
        match Message::read(bytes) {
            Ok(message) => {
                self.records += 1;
                self.record += 1;
                self.event(&tap, message, offset, batch, tally);
            }
            Err(reason) => self.unreadable(&reason.to_string(), bytes, tally),
        }
    }

    fn event(&mut self, tap: &Tap<'_>, message: Message<'_>, offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        let told = &tap.message;
        let (asked, answered) = (told.query_time.nanos(), told.response_time.nanos());
        let time = if told.is_query() { asked.or(answered) } else { answered.or(asked) };
        let end = |ip: Option<IpAddr>, port: Option<u16>, message: Option<&[u8]>| Endpoint {
            host: ip.map(Host::Ip),
            port,
            bytes: message.map(|message| message.len() as u64),
            ..Endpoint::default()
        };
        let flow = Flow {
            time,
            start: asked,
            end: answered.filter(|_| !told.is_query()),
            source: end(told.query_address, told.query_port, told.query),
            destination: end(told.response_address, told.response_port, told.response),
            transport: told.transport(),
            protocol: Some("dns"),
            action: told.ty.and_then(|ty| TYPES.get((ty as usize).checked_sub(1)?)).copied(),
            ..Flow::default()
        };
        let heard = Heard { message, cut: false, answered: !told.is_query(), multicast: false };
        self.writer.write(&heard, &flow, batch);
        for (slot, text) in [(self.identity, tap.identity), (self.version, tap.version)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                batch.set_str(slot, &String::from_utf8_lossy(text));
            }
        }
        batch.at_offset(offset);
        batch.end_event();
        tally.events += 1;
        if let Some(time) = time {
            tally.timestamp(time.div_euclid(1_000_000));
        }
    }
}

impl Decoder for Frames {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        self.record = 0;
        let bytes = chunk.bytes.as_slice();
        if self.carry.is_empty() {
            let used = self.read(bytes, chunk.offset, batch, tally);
            self.carry.extend_from_slice(&bytes[used..]);
        } else {
            let mut carry = std::mem::take(&mut self.carry);
            let begin = chunk.offset - carry.len() as u64;
            carry.extend_from_slice(bytes);
            let used = self.read(&carry, begin, batch, tally);
            carry.drain(..used);
            self.carry = carry;
        }
        self.end = chunk.offset + bytes.len() as u64;
    }

    fn finish(&mut self, _: &mut EventBatch, tally: &mut Tally) {
        self.record = 0;
        let carry = std::mem::take(&mut self.carry);
        if !carry.is_empty() || self.skip > 0 && !self.stopped {
            self.unreadable("the file ends within this frame", &carry, tally);
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

/// `dnstap.Dnstap`
#[derive(Debug, Default)]
struct Tap<'a> {
    identity: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    message: Told<'a>,
}

/// `dnstap.Message`
#[derive(Debug, Default)]
struct Told<'a> {
    ty: Option<u64>,
    protocol: Option<u64>,
    query_address: Option<IpAddr>,
    response_address: Option<IpAddr>,
    query_port: Option<u16>,
    response_port: Option<u16>,
    query_time: Time,
    response_time: Time,
    query: Option<&'a [u8]>,
    response: Option<&'a [u8]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Time {
    seconds: Option<u64>,
    nanos: Option<u32>,
}

impl Time {
    fn nanos(self) -> Option<i64> {
        let seconds = i64::try_from(self.seconds?).ok()?;
        seconds.checked_mul(1_000_000_000)?.checked_add(self.nanos.unwrap_or(0).into())
    }
}

impl<'a> Tap<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut tap = Tap::default();
        for field in Fields(bytes) {
            match field? {
                (1, Wire::Bytes(identity)) => tap.identity = Some(identity),
                (2, Wire::Bytes(version)) => tap.version = Some(version),
                (14, Wire::Bytes(message)) => tap.message = Told::read(message)?,
                _ => {}
            }
        }
        Some(tap)
    }
}

impl<'a> Told<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut told = Told::default();
        for field in Fields(bytes) {
            match field? {
                (1, Wire::Number(ty)) => told.ty = Some(ty),
                (3, Wire::Number(protocol)) => told.protocol = Some(protocol),
                (4, Wire::Bytes(address)) => told.query_address = ip(address),
                (5, Wire::Bytes(address)) => told.response_address = ip(address),
                (6, Wire::Number(port)) => told.query_port = u16::try_from(port).ok(),
                (7, Wire::Number(port)) => told.response_port = u16::try_from(port).ok(),
                (8, Wire::Number(seconds)) => told.query_time.seconds = Some(seconds),
                (9, Wire::Fixed(nanos)) => told.query_time.nanos = Some(nanos),
                (10, Wire::Bytes(message)) => told.query = Some(message),
                (12, Wire::Number(seconds)) => told.response_time.seconds = Some(seconds),
                (13, Wire::Fixed(nanos)) => told.response_time.nanos = Some(nanos),
                (14, Wire::Bytes(message)) => told.response = Some(message),
                _ => {}
            }
        }
        Some(told)
    }

    fn is_query(&self) -> bool {
        self.ty.map_or(self.response.is_none(), |ty| ty % 2 == 1)
    }

    /// `SocketProtocol`: UDP, TCP, DOT, DOH, DNSCryptUDP, DNSCryptTCP, DOQ
    fn transport(&self) -> Option<&'static str> {
        match self.protocol? {
            1 | 5 | 7 => Some("udp"),
            2 | 3 | 4 | 6 => Some("tcp"),
            _ => None,
        }
    }
}

fn ip(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => bytes.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
        16 => bytes.first_chunk::<16>().map(|octets| IpAddr::from(*octets)),
        _ => None,
    }
}

/// The fields of a protocol buffer in order; none where the bytes are no such thing, and then no more.
struct Fields<'a>(&'a [u8]);

/// A field's value in its wire type.
#[derive(Debug, PartialEq)]
enum Wire<'a> {
    Number(u64),
    Fixed(u32),
    Long,
    Bytes(&'a [u8]),
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Wire<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Wire<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Wire::Number(self.varint()?),
            1 => self.take(8).map(|_| Wire::Long)?,
            2 => {
                let length = self.varint()?;
                Wire::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => Wire::Fixed(u32::from_le_bytes(*self.take(4)?.first_chunk()?)),
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::lines::tests::events;

    const QUERY: &[u8] = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x07example\0\0\x10\0\x01";
    const RESPONSE: &[u8] = b"\x12\x34\x81\x83\0\x01\0\0\0\0\0\0\x01a\x07example\0\0\x10\0\x01";

    fn bytes(number: u8, value: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, value.len() as u8][..], value].concat()
    }

    /// A data frame; 1,700,000,000 seconds as a varint.
    fn frame(ty: u8, messages: &[(u8, &[u8])]) -> Vec<u8> {
        let seconds = [0x80, 0xE2, 0xCF, 0xAA, 0x06];
        let times = [&[8 << 3][..], &seconds, &[9 << 3 | 5, 0, 0x65, 0xCD, 0x1D]].concat();
        let responded = [&[12 << 3][..], &seconds, &[13 << 3 | 5, 0, 0x94, 0x35, 0x77]].concat();
        let addresses =
            [bytes(4, &[10, 0, 0, 1]), bytes(5, &[10, 0, 0, 53]), vec![6 << 3, 0x81, 0x08, 7 << 3, 53]].concat();
        let mut message = [&[1 << 3, ty, 2 << 3, 1, 3 << 3, 1][..], &addresses, &times].concat();
        if ty.is_multiple_of(2) {
            message.extend(responded);
        }
        message.extend(messages.iter().flat_map(|(number, value)| bytes(*number, value)));
        let length = message.len();
        let tap =
            [&bytes(1, b"ns1")[..], &[14 << 3 | 2, length as u8 | 0x80, (length >> 7) as u8], &message, &[15 << 3, 1]]
                .concat();
        [&(tap.len() as u32).to_be_bytes()[..], &tap].concat()
    }

    fn control(ty: u32) -> Vec<u8> {
        let content = [&1_u32.to_be_bytes()[..], &(CONTENT_TYPE.len() as u32).to_be_bytes(), CONTENT_TYPE].concat();
        let body = [&ty.to_be_bytes()[..], if ty == STOP { &[] } else { &content }].concat();
        [&[0; 4][..], &(body.len() as u32).to_be_bytes(), &body].concat()
    }

    const FIELDS: [&str; 10] = [
        "@timestamp",
        "event.action",
        "event.duration",
        "dns.type",
        "source.ip",
        "source.port",
        "destination.ip",
        "dns.question.name",
        "dns.response_code",
        "observer.name",
    ];

    #[test]
    fn queries_and_responses_are_events() {
        let file =
            [control(2), frame(5, &[(10, QUERY)]), frame(6, &[(10, QUERY), (14, RESPONSE)]), control(STOP)].concat();
        let expected = [
            "2023-11-14T22:13:20.500|CLIENT_QUERY||query|10.0.0.1|1025|10.0.0.53|a.example|NOERROR|ns1",
            "2023-11-14T22:13:22|CLIENT_RESPONSE|1500000000|answer|10.0.0.1|1025|10.0.0.53|a.example|NXDOMAIN|ns1",
        ];
        for chunk in [1, 100, 1000] {
            let (found, tally) = events(&Dnstap, &file, chunk, &FIELDS);
            assert_eq!((&found[..], tally.unreadable), (&expected.map(str::to_owned)[..], 0), "{:?}", tally.examples);
        }
    }

    #[test]
    fn a_recorded_handshake_is_passed_over() {
        // READY, ACCEPT, START ... STOP, FINISH
        let frames = [control(4), control(1), control(2), frame(7, &[(10, QUERY)]), control(STOP), control(5)];
        let (found, tally) = events(&Dnstap, &frames.concat(), 10, &["event.action"]);
        assert_eq!((found, tally.unreadable), (vec!["FORWARDER_QUERY".to_owned()], 0));
    }

    #[test]
    fn broken_frames_are_counted_and_reading_goes_on() {
        let forged = [&0x7FFF_FFFF_u32.to_be_bytes()[..], b"x"].concat();
        let no_buffer = b"\0\0\0\x03\xFF\xFF\xFF".to_vec();
        let file =
            [control(2), no_buffer, frame(5, &[(10, b"no DNS")]), frame(5, &[]), frame(5, &[(10, QUERY)]), forged];
        let (found, tally) = events(&Dnstap, &file.concat(), 64, &["event.action"]);
        assert_eq!((found.len(), tally.unreadable, tally.other), (1, 4, 1), "{:?}", tally.examples);
    }
}
