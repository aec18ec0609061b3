//! From packets to exchanges of DNS messages.

use super::{
    emit::{Emitter, Exchange, Note, Seen},
    fragment::{Fragments, Whole},
    ip::{self, Ip},
    pair::{Key, Pairs, Query, Waiting},
    record::Packet,
    tcp::{Segment, Streams},
};
use crate::{
    EventBatch, Options, Projection, Tally,
    source::Share,
    wire::{Message, be16},
};
use std::{net::IpAddr, sync::Arc};

const UDP_HEADER: usize = 8;
/// The length before a message on TCP counts as part of it, as in Packetbeat.
const TCP_PREFIX: usize = 2;

/// The protocols that speak DNS messages, by port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Dns,
    /// RFC 6762
    Multicast,
    /// RFC 4795
    LinkLocal,
}

impl Protocol {
    const DNS: u16 = 53;
    const MDNS: u16 = 5353;
    const LLMNR: u16 = 5355;

    fn of_ports(one: u16, other: u16) -> Option<Protocol> {
        let either = |port| one == port || other == port;
        match () {
            () if either(Protocol::DNS) => Some(Protocol::Dns),
            () if either(Protocol::MDNS) => Some(Protocol::Multicast),
            () if either(Protocol::LLMNR) => Some(Protocol::LinkLocal),
            () => None,
        }
    }

    /// As `network.protocol` has it.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Dns => "dns",
            Protocol::Multicast => "mdns",
            Protocol::LinkLocal => "llmnr",
        }
    }
}

/// A DNS message and its way.
#[derive(Clone, Copy)]
struct Datagram<'a> {
    time: i64,
    source: (IpAddr, u16),
    destination: (IpAddr, u16),
    tcp: bool,
    bytes: &'a [u8],
    /// On the wire.
    length: usize,
}

pub struct Dissector {
    share: Share,
    /// Whether to leave alone what needs packets from before: reading began in the middle of the capture.
    midway: bool,
    fragments: Fragments,
    streams: Streams,
    messages: Messages,
}

impl Dissector {
    pub fn new(projection: &Arc<Projection>, options: &Options, share: Share) -> Self {
        let emitter = Emitter::new(projection, options);
        let messages = Messages { pairs: Pairs::default(), emitter, record: 0, offset: 0 };
        Dissector { share, midway: false, fragments: Fragments::default(), streams: Streams::default(), messages }
    }

    /// The same for reading from the middle of a capture: only messages in packets of their own.
    pub fn midway(self) -> Self {
        Dissector { midway: true, ..self }
    }

    /// Takes the packet of a number, whose record begins at an offset of the input.
    pub fn packet(&mut self, packet: &Packet<'_>, place: (u64, u64), batch: &mut EventBatch, tally: &mut Tally) {
        (self.messages.record, self.messages.offset) = place;
        self.messages.give_up_overdue(packet.time, batch, tally);
        while let Some(whole) = self.fragments.overdue(packet.time) {
            self.whole(&whole, batch, tally);
        }
        let record = self.messages.record;
        let Some(bytes) = packet.link.ip(packet.bytes) else {
            if !packet.link.is_known() {
                let reason = format!("link type {} cannot be read", packet.link.0);
                return self.unreadable(record, &reason, packet.bytes, tally);
            }
            return self.other(tally);
        };
        match Ip::read(bytes) {
            Ok(ip) => self.ip(packet.time, &ip, batch, tally),
            Err(reason) => self.unreadable(record, reason, bytes, tally),
        }
    }

    /// Whether what belongs to no exchange is counted here.
    pub fn counts(&self) -> bool {
        self.share.is_first()
    }

    /// Counts a packet that belongs to no exchange because it cannot be read.
    pub fn unreadable(&self, record: u64, reason: &str, bytes: &[u8], tally: &mut Tally) {
        if self.counts() {
            tally.unreadable(record, reason, bytes);
        }
    }

    /// Counts a packet that has no DNS in it.
    fn other(&self, tally: &mut Tally) {
        tally.other += u64::from(self.counts());
    }

    /// The end of the capture: what waits is given up.
    pub fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        while let Some(whole) = self.fragments.rest() {
            self.whole(&whole, batch, tally);
        }
        let messages = &mut self.messages;
        self.streams.finish(&mut |message| messages.of_stream(&message, batch, tally));
        while let Some(waiting) = messages.pairs.rest() {
            messages.unanswered(&waiting, Note::NoResponse, batch, tally);
        }
    }

    fn ip(&mut self, time: i64, ip: &Ip<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        match ip.fragment {
            Some(_) if self.midway => {}
            Some(fragment) => {
                if let Some(whole) = self.fragments.push(time, ip, fragment) {
                    self.whole(&whole, batch, tally);
                }
            }
            None => self.transport(time, ip, batch, tally),
        }
    }

    fn whole(&mut self, whole: &Whole, batch: &mut EventBatch, tally: &mut Tally) {
        // Behind the fragment header of IPv6 there may be further ones.
        let inner = if whole.source.is_ipv6() { ip::extensions(whole.protocol, &whole.payload) } else { None };
        let (protocol, at, _) = inner.unwrap_or((whole.protocol, 0, None));
        let ip = Ip {
            source: whole.source,
            destination: whole.destination,
            protocol,
            payload: whole.payload.get(at..).unwrap_or_default(),
            length: whole.length.saturating_sub(at),
            fragment: None,
        };
        self.transport(whole.time, &ip, batch, tally);
    }

    fn transport(&mut self, time: i64, ip: &Ip<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        match (ip.protocol, ip.payload) {
            (ip::UDP | ip::TCP, &[a, b, c, d, ..]) => {
                let (source, destination) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
                let Some(protocol) = Protocol::of_ports(source, destination) else { return self.other(tally) };
                if self.share.of > 1 && !self.share.has(hash(protocol, ip, (source, destination))) {
                    return;
                }
                if ip.protocol == ip::TCP && self.midway {
                    return;
                }
                if ip.protocol == ip::TCP {
                    self.tcp(time, ip, batch, tally);
                } else {
                    self.messages.udp(time, ip, (source, destination), batch, tally);
                }
            }
            (ip::UDP | ip::TCP, cut) => {
                self.unreadable(self.messages.record, "the packet is cut before its ports", cut, tally);
            }
            _ => self.other(tally),
        }
    }

    fn tcp(&mut self, time: i64, ip: &Ip<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        let segment = match Segment::read(ip.payload, ip.length) {
            Ok(segment) => segment,
            Err(reason) => return tally.unreadable(self.messages.record, reason, ip.payload),
        };
        let messages = &mut self.messages;
        let mut sink = |message: super::tcp::Message<'_>| messages.of_stream(&message, batch, tally);
        self.streams.push(time, ip.source, ip.destination, &segment, &mut sink);
        for _ in 0..self.streams.unaligned() {
            let reason = "a piece of a TCP stream whose beginning was not captured";
            tally.unreadable(self.messages.record, reason, segment.payload);
        }
    }
}

/// The same for both directions of an exchange, and different for others: by ends, ports and, where messages are packets,
/// the id, since a tunnel may do with one pair of ports. Of protocols that address groups only the ports count.
fn hash(protocol: Protocol, ip: &Ip<'_>, (one, other): (u16, u16)) -> u32 {
    let ports = u32::from(one ^ other);
    if protocol != Protocol::Dns {
        return mix(ports);
    }
    let end = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.to_bits(),
        IpAddr::V6(ip) => ip.octets().as_chunks::<4>().0.iter().fold(0, |all, part| all ^ u32::from_be_bytes(*part)),
    };
    let id = if ip.protocol == ip::UDP { be16(ip.payload, UDP_HEADER).unwrap_or(0) } else { 0 };
    mix(end(ip.source) ^ end(ip.destination) ^ ports << 16 ^ u32::from(id))
}

/// Spreads all bits over all bits (the end of MurmurHash3).
fn mix(mut bits: u32) -> u32 {
    bits = (bits ^ bits >> 16).wrapping_mul(0x85EB_CA6B);
    bits = (bits ^ bits >> 13).wrapping_mul(0xC2B2_AE35);
    bits ^ bits >> 16
}

/// Pairing and writing.
struct Messages {
    pairs: Pairs,
    emitter: Emitter,
    /// The number of the packet at hand, and the place of its record.
    record: u64,
    offset: u64,
}

impl Messages {
    fn udp(&mut self, time: i64, ip: &Ip<'_>, ports: (u16, u16), batch: &mut EventBatch, tally: &mut Tally) {
        let Some(header) = ip.payload.first_chunk::<UDP_HEADER>() else {
            return tally.unreadable(self.record, "the UDP header is cut", ip.payload);
        };
        let given = usize::from(u16::from_be_bytes([header[4], header[5]]));
        // Zero stands for the rest of the packet where that is longer than can be said (RFC 2675).
        let length = if given == 0 { ip.length } else { given.min(ip.length) };
        if length < UDP_HEADER {
            return tally.unreadable(self.record, "the UDP header's length is not possible", ip.payload);
        }
        let bytes = &ip.payload[UDP_HEADER..length.min(ip.payload.len())];
        let length = length - UDP_HEADER;
        if length == 0 {
            tally.other += 1;
            return;
        }
        let (source, destination) = ((ip.source, ports.0), (ip.destination, ports.1));
        self.message(&Datagram { time, source, destination, tcp: false, bytes, length }, batch, tally);
    }

    fn of_stream(&mut self, message: &super::tcp::Message<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        let way = message.direction;
        let datagram = Datagram {
            time: message.time,
            source: (way.source, way.source_port),
            destination: (way.destination, way.destination_port),
            tcp: true,
            bytes: message.bytes,
            length: message.length,
        };
        self.message(&datagram, batch, tally);
    }

    fn message(&mut self, datagram: &Datagram<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        let Some(protocol) = Protocol::of_ports(datagram.source.1, datagram.destination.1) else { return };
        let message = match Message::read(datagram.bytes) {
            Ok(message) => message,
            Err(reason) => return tally.unreadable(self.record, reason.to_string(), datagram.bytes),
        };
        let response = message.header.is_response();
        let (client, server) =
            if response { (datagram.destination, datagram.source) } else { (datagram.source, datagram.destination) };
        let seen = Seen {
            time: datagram.time,
            message,
            length: datagram.length + if datagram.tcp { TCP_PREFIX } else { 0 },
            cut: datagram.bytes.len() < datagram.length,
        };
        let exchange =
            Exchange { client, server, tcp: datagram.tcp, protocol, query: None, response: None, note: None };
        if protocol == Protocol::Multicast && client.1 == server.1 {
            // To all and from all, without an id: there is nothing to pair by.
            let (query, response) = if response { (None, Some(seen)) } else { (Some(seen), None) };
            return self.emit(&Exchange { query, response, ..exchange }, self.offset, batch, tally);
        }
        let key = Key {
            client: client.0,
            client_port: client.1,
            server: (protocol == Protocol::Dns).then_some(server.0),
            server_port: server.1,
            tcp: datagram.tcp,
            id: message.header.id,
        };
        if response {
            self.response(&key, &exchange, seen, batch, tally);
        } else {
            let query = Query {
                time: datagram.time,
                server: server.0,
                bytes: datagram.bytes,
                length: seen.length,
                cut: seen.cut,
                offset: self.offset,
            };
            if let Some(earlier) = self.pairs.wait(key, &query) {
                self.unanswered(&earlier, Note::Repeated, batch, tally);
            }
        }
    }

    fn response(
        &mut self,
        key: &Key,
        exchange: &Exchange<'_>,
        seen: Seen<'_>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) {
        match self.pairs.take(key) {
            Some(waiting) => {
                // It was read before it had to wait.
                let query = waiting.seen();
                let server = (waiting.server, exchange.server.1);
                let exchange = Exchange { server, query, response: Some(seen), ..*exchange };
                self.emit(&exchange, waiting.offset, batch, tally);
            }
            None => {
                let exchange = Exchange { response: Some(seen), note: Some(Note::Orphan), ..*exchange };
                self.emit(&exchange, self.offset, batch, tally);
            }
        }
    }

    fn give_up_overdue(&mut self, now: i64, batch: &mut EventBatch, tally: &mut Tally) {
        while let Some(waiting) = self.pairs.overdue(now) {
            self.unanswered(&waiting, Note::NoResponse, batch, tally);
        }
    }

    fn unanswered(&mut self, waiting: &Waiting, note: Note, batch: &mut EventBatch, tally: &mut Tally) {
        let key = &waiting.key;
        let Some(protocol) = Protocol::of_ports(key.client_port, key.server_port) else { return };
        let exchange = Exchange {
            client: (key.client, key.client_port),
            server: (waiting.server, key.server_port),
            tcp: key.tcp,
            protocol,
            query: waiting.seen(),
            response: None,
            note: Some(note),
        };
        self.emit(&exchange, waiting.offset, batch, tally);
    }

    fn emit(&mut self, exchange: &Exchange<'_>, offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        if batch.wants(offset) {
            self.emitter.write(exchange, batch);
            batch.at_offset(offset);
            batch.end_event();
        }
        tally.events += 1;
        if let Some(time) = exchange.time() {
            tally.timestamp(time.div_euclid(1_000_000));
        }
    }
}
