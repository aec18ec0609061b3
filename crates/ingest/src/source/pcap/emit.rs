//! Exchanges as events of Elastic Agent's Network Packet Capture (`network_traffic.dns`).
//!
//! As there, `dns.*` tells of the response where there is one. Beyond what every DNS event has, this integration has
//! `status`, `method`, `query`, `resource`, EDNS below `dns.opt`, and what was odd in `error.message`. Records of the
//! authority and additional sections, which the agent leaves out unless it is told otherwise, are written too, since
//! they cost nothing unless asked for.

use super::dissect::Protocol;
use crate::{
    EventBatch, Options, Projection, Slot,
    dns::{Heard, MessageWriter, RecordTexts},
    network::{Endpoint, Flow, Host, Profile},
    slots::{fields, slots},
    wire::{Message, Section},
};
use schema::{Field, dns};
use std::net::IpAddr;

const PROFILE: Profile = Profile::NETWORK_TRAFFIC_DNS;
/// RFC 1035, 2.3.4: without EDNS, a message over UDP has at most so many bytes.
const PLAIN_UDP: usize = 512;

/// A query, a response, or both.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    pub client: (IpAddr, u16),
    pub server: (IpAddr, u16),
    pub tcp: bool,
    pub protocol: Protocol,
    pub query: Option<Seen<'a>>,
    pub response: Option<Seen<'a>>,
    pub note: Option<Note>,
}

/// A message as it was captured.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Nanoseconds since the epoch.
    pub time: i64,
    pub message: Message<'a>,
    /// On the wire.
    pub length: usize,
    /// Whether some of it was not captured.
    pub cut: bool,
}

/// Why an exchange has one half only; the texts are Packetbeat's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    NoResponse,
    Repeated,
    Orphan,
}

impl Note {
    fn text(self) -> &'static str {
        match self {
            Note::NoResponse => "No response to this query was received",
            Note::Repeated => {
                "Another query with the same DNS ID from this client was received so this query was closed without \
                 receiving a response"
            }
            Note::Orphan => "Response: received without an associated Query",
        }
    }
}

impl<'a> Exchange<'a> {
    /// When it began.
    pub fn time(&self) -> Option<i64> {
        self.query.or(self.response).map(|seen| seen.time)
    }

    /// The message that `dns.*` tells of.
    fn told(&self) -> Option<Seen<'a>> {
        self.response.or(self.query)
    }
}

slots! {
    /// What only this integration has.
    OwnSlots {
        method: "method",
        query: "query",
        resource: "resource",
        status: "status",
        ty: "type",
        note: "error.message",
    }
}

slots! {
    OptSlots {
        dnssec_ok: "opt.do",
        extended_rcode: "opt.ext_rcode",
        nsid: "opt.nsid",
        subnet: "opt.subnet",
        udp_size: "opt.udp_size",
        version: "opt.version",
    }
}

slots! {
    SectionSlots {
        class: "class",
        data: "data",
        name: "name",
        ttl: "ttl",
        ty: "type",
    }
}

/// Writes exchanges into the columns that a projection has.
pub struct Emitter {
    messages: MessageWriter,
    own: OwnSlots,
    opt: OptSlots,
    authorities: SectionSlots,
    additionals: SectionSlots,
    records: RecordTexts,
    /// Text on its way into a column.
    text: Vec<u8>,
}

impl Emitter {
    pub fn new(projection: &Projection, options: &Options) -> Self {
        Emitter {
            messages: MessageWriter::new(PROFILE, projection, options),
            own: OwnSlots::new(projection, ""),
            opt: OptSlots::new(projection, "dns."),
            authorities: SectionSlots::new(projection, "dns.authorities."),
            additionals: SectionSlots::new(projection, "dns.additionals."),
            records: RecordTexts::default(),
            text: Vec::new(),
        }
    }

    /// The fields that it can write.
    pub fn fields() -> Vec<Field> {
        let mut all = MessageWriter::fields();
        all.extend(fields("", OwnSlots::NAMES));
        all.extend(fields("dns.", OptSlots::NAMES));
        all.extend(fields("dns.authorities.", SectionSlots::NAMES));
        all.extend(fields("dns.additionals.", SectionSlots::NAMES));
        all
    }

    /// Writes an exchange without ending the event.
    pub fn write(&mut self, exchange: &Exchange<'_>, batch: &mut EventBatch) {
        let Some(told) = exchange.told() else { return };
        let heard = Heard {
            message: told.message,
            cut: told.cut,
            answered: exchange.response.is_some(),
            multicast: exchange.protocol == Protocol::Multicast,
        };
        self.messages.write(&heard, &flow(exchange), batch);
        if self.own.any {
            self.own(exchange, &told, batch);
        }
        if self.opt.any {
            self.opt(&told.message, batch);
        }
        for (section, slots) in [(Section::Authority, self.authorities), (Section::Additional, self.additionals)] {
            if slots.any {
                self.section(&told.message, section, &slots, batch);
            }
        }
    }

    fn own(&mut self, exchange: &Exchange<'_>, told: &Seen<'_>, batch: &mut EventBatch) {
        let asked = exchange.query.as_ref().unwrap_or(told).message;
        batch.set_str(self.own.ty, "dns");
        batch.set_str(self.own.method, &dns::opcode_name(asked.header.opcode()));
        if self.own.status.is_some() {
            let good = exchange.query.is_some() && exchange.response.is_some() && told.message.rcode() == 0;
            batch.set_str(self.own.status, if good { "OK" } else { "Error" });
        }
        if let Some(question) = asked.question.filter(|_| self.own.query.is_some() || self.own.resource.is_some()) {
            let class = if exchange.protocol == Protocol::Multicast { question.class & 0x7FFF } else { question.class };
            let head = format!("class {}, type {}, ", dns::class_name(class), dns::rr_type_name(question.qtype));
            self.text.clear();
            self.text.extend_from_slice(head.as_bytes());
            let _ = question.name.write(&mut self.text);
            let text = std::str::from_utf8(&self.text).ok();
            set(batch, self.own.query, text);
            set(batch, self.own.resource, text.and_then(|text| text.get(head.len()..)));
        }
        if self.own.note.is_some() {
            let notes = notes(exchange);
            set(batch, self.own.note, (!notes.is_empty()).then(|| notes.join("; ")).as_deref());
        }
    }

    fn opt(&self, message: &Message<'_>, batch: &mut EventBatch) {
        let Some(opt) = message.opt() else { return };
        batch.set_bool(self.opt.dnssec_ok, opt.dnssec_ok());
        batch.set_str(self.opt.extended_rcode, &dns::rcode_name(opt.extended_rcode()));
        batch.set_i64(self.opt.udp_size, opt.udp_size().into());
        batch.set_str(self.opt.version, &opt.version().to_string());
        set(batch, self.opt.nsid, opt.nsid().as_deref());
        set(batch, self.opt.subnet, opt.subnet().as_deref());
    }

    fn section(&mut self, message: &Message<'_>, section: Section, slots: &SectionSlots, batch: &mut EventBatch) {
        self.records.read(message, section);
        for record in self.records.iter() {
            set(batch, slots.name, record.name);
            set(batch, slots.ty, record.ty);
            set(batch, slots.class, record.class);
            set(batch, slots.data, record.data);
            batch.set_i64(slots.ttl, record.ttl.unwrap_or(0).cast_signed());
        }
    }
}

fn set(batch: &mut EventBatch, slot: Option<Slot>, text: Option<&str>) {
    if let Some(text) = text {
        batch.set_str(slot, text);
    }
}

fn flow<'a>(exchange: &Exchange<'_>) -> Flow<'a> {
    let end = |(ip, port): (IpAddr, u16), seen: &Option<Seen<'_>>| Endpoint {
        bytes: seen.map(|seen| seen.length as u64),
        ..Endpoint::new(Host::Ip(ip), port)
    };
    let client = end(exchange.client, &exchange.query);
    let server = end(exchange.server, &exchange.response);
    // A response to a group belongs to no client: it comes from the one who sent it.
    let announced = exchange.query.is_none() && exchange.client.0.is_multicast();
    let (source, destination) = if announced { (server, client) } else { (client, server) };
    Flow {
        time: exchange.time(),
        start: exchange.query.map(|seen| seen.time),
        end: exchange.response.map(|seen| seen.time),
        source,
        destination,
        reply: announced,
        transport: Some(if exchange.tcp { "tcp" } else { "udp" }),
        protocol: Some(exchange.protocol.name()),
        ..Flow::default()
    }
}

/// What is odd about an exchange.
fn notes(exchange: &Exchange<'_>) -> Vec<&'static str> {
    let mut notes: Vec<_> = exchange.note.map(Note::text).into_iter().collect();
    let edns = |seen: &Seen<'_>| seen.message.opt().is_some();
    if let Some(response) = exchange.response.as_ref().filter(|_| !exchange.tcp && exchange.protocol == Protocol::Dns) {
        if response.length > PLAIN_UDP && !edns(response) {
            notes.push("Response: Non-EDNS packet has size greater than 512");
        }
        match exchange.query.as_ref().map(|query| (edns(query), edns(response))) {
            Some((true, false)) => notes.push("Responder does not support EDNS"),
            Some((false, true)) => notes.push("Unexpected EDNS answer"),
            _ => {}
        }
    }
    if [exchange.query, exchange.response].into_iter().flatten().any(|seen| seen.cut) {
        notes.push("Message was captured in part");
    }
    notes
}
