//! Exchanges as events of Elastic Agent's Network Packet Capture (`network_traffic.dns`).
//!
//! As there, `dns.*` tells of the response where there is one. Beyond what every DNS event has, this integration has
//! `status`, `method`, `query`, `resource`, EDNS below `dns.opt`, and what was odd in `error.message`. Records of the
//! authority and additional sections, which the agent leaves out unless it is told otherwise, are written too, since
//! they cost nothing unless asked for.

use super::dissect::Protocol;
use crate::{
    EventBatch, Options, Projection, Slot,
    dns::{Answer, Counts, Event, Flags, Message as Kind, Question, Writer},
    network::{Endpoint, Flow, Host, Profile},
    slots::{fields, slots},
    wire::{Message, Record, Section},
};
use schema::{Field, dns};
use std::{borrow::Cow, net::IpAddr};

const PROFILE: Profile = Profile::NETWORK_TRAFFIC_DNS;
/// RFC 1035, 2.3.4: without EDNS, a message over UDP has at most so many bytes.
const PLAIN_UDP: usize = 512;
/// The pseudo-record of EDNS, which is no additional record.
const OPT: u16 = 41;
/// Text of one message's records beyond this many bytes is not written: names are compressed, and a forged message of
/// 64 KiB could else ask for megabytes.
const MAX_TEXT: usize = 256 << 10;

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
    writer: Writer,
    own: OwnSlots,
    opt: OptSlots,
    authorities: SectionSlots,
    additionals: SectionSlots,
    wanted: Wanted,
    /// The text of one event's names and data, and of one further.
    text: Vec<u8>,
    other: Vec<u8>,
}

/// What is asked for of the things that cost a walk over a message.
#[derive(Clone, Copy)]
struct Wanted {
    name: bool,
    /// The response code, which EDNS extends, or its flags.
    code: bool,
    counts: bool,
    /// The addresses of the answers.
    related: bool,
}

impl Wanted {
    fn new(projection: &Projection, own: &OwnSlots) -> Self {
        let any = |names: &[&str]| names.iter().any(|name| projection.slot(name).is_some());
        let question = ["name", "registered_domain", "subdomain", "top_level_domain", "etld_plus_one"];
        Wanted {
            name: question.iter().any(|part| projection.slot(&format!("dns.question.{part}")).is_some())
                || own.query.is_some()
                || own.resource.is_some(),
            code: own.status.is_some() || any(&["dns.response_code", "dns.header_flags", "event.outcome"]),
            related: any(&["related.ip"]),
            counts: any(&["dns.answers_count", "dns.authorities_count", "dns.additionals_count"]),
        }
    }
}

impl Emitter {
    pub fn new(projection: &Projection, options: &Options) -> Self {
        let own = OwnSlots::new(projection, "");
        Emitter {
            writer: Writer::new(PROFILE, projection, options),
            own,
            opt: OptSlots::new(projection, "dns."),
            authorities: SectionSlots::new(projection, "dns.authorities."),
            additionals: SectionSlots::new(projection, "dns.additionals."),
            wanted: Wanted::new(projection, &own),
            text: Vec::new(),
            other: Vec::new(),
        }
    }

    /// The fields that it can write.
    pub fn fields() -> Vec<Field> {
        let mut all = Writer::fields();
        all.extend(fields("", OwnSlots::NAMES));
        all.extend(fields("dns.", OptSlots::NAMES));
        all.extend(fields("dns.authorities.", SectionSlots::NAMES));
        all.extend(fields("dns.additionals.", SectionSlots::NAMES));
        all
    }

    /// Writes an exchange without ending the event.
    pub fn write(&mut self, exchange: &Exchange<'_>, batch: &mut EventBatch) {
        let Some(told) = exchange.told() else { return };
        self.common(exchange, &told, batch);
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

    /// What every DNS event has.
    fn common(&mut self, exchange: &Exchange<'_>, told: &Seen<'_>, batch: &mut EventBatch) {
        let message = &told.message;
        self.text.clear();
        if self.wanted.name
            && let Some(question) = message.question
        {
            // The question was sound when the message was read.
            let _ = question.name.write(&mut self.text);
        }
        let name_end = self.text.len();
        let places =
            if self.writer.wants_answers() { places(message, Section::Answer, &mut self.text) } else { vec![] };
        let (name, class, qtype) = (
            text(&self.text, 0, name_end),
            message.question.map(|question| dns::class_name(without_group_bit(question.class, exchange.protocol))),
            message.question.map(|question| dns::rr_type_name(question.qtype)),
        );
        let answers: Vec<_> = places.iter().map(|place| place.answer(&self.text)).collect();
        let opt = if self.wanted.code { message.opt() } else { None };
        let code = message.header.rcode() | opt.map_or(0, |opt| opt.extended_rcode());
        let (op_code, response_code) = (dns::opcode_name(message.header.opcode()), dns::rcode_name(code));
        let resolved: Vec<_> = if self.wanted.related { resolved(message) } else { vec![] };
        let event = Event {
            flow: Flow { related_last: &resolved, ..flow(exchange) },
            message: Some(if exchange.response.is_some() { Kind::Answer } else { Kind::Query }),
            id: Some(message.header.id.into()),
            op_code: Some(&op_code),
            response_code: Some(&response_code),
            flags: Flags { dnssec_ok: opt.map(|opt| opt.dnssec_ok()), ..Flags::from_header(message.header.flags) },
            question: Question {
                name: name.filter(|_| message.question.is_some()),
                ty: qtype.as_deref(),
                class: class.as_deref(),
                ..Question::default()
            },
            answers: &answers,
            counts: if self.wanted.counts { counts(told) } else { Counts::default() },
        };
        self.writer.write(&event, batch);
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
            self.other.clear();
            let class = dns::class_name(without_group_bit(question.class, exchange.protocol));
            let head = format!("class {class}, type {}, ", dns::rr_type_name(question.qtype));
            self.other.extend_from_slice(head.as_bytes());
            let _ = question.name.write(&mut self.other);
            set(batch, self.own.query, text(&self.other, 0, self.other.len()));
            set(batch, self.own.resource, text(&self.other, head.len(), self.other.len()));
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
        self.text.clear();
        for place in places(message, section, &mut self.text) {
            let record = place.answer(&self.text);
            set(batch, slots.name, record.name);
            set(batch, slots.ty, record.ty);
            set(batch, slots.class, record.class);
            set(batch, slots.data, record.data);
            batch.set_i64(slots.ttl, place.ttl.into());
        }
    }
}

/// A record whose text lies in a buffer.
struct Place {
    /// Where the name, and behind it the data, begins and ends.
    name: usize,
    data: usize,
    end: usize,
    ty: Cow<'static, str>,
    class: Cow<'static, str>,
    ttl: u32,
}

impl Place {
    fn answer<'t>(&'t self, buffer: &'t [u8]) -> Answer<'t> {
        Answer {
            name: text(buffer, self.name, self.data),
            ty: Some(&self.ty),
            class: Some(&self.class),
            ttl: Some(self.ttl.into()),
            data: text(buffer, self.data, self.end),
        }
    }
}

/// Writes the text of a section's records to a buffer. A record that cannot be read ends the section.
fn places(message: &Message<'_>, section: Section, buffer: &mut Vec<u8>) -> Vec<Place> {
    let mut places = Vec::new();
    let wanted = |record: &Record<'_>| record.section == section && record.rtype != OPT;
    let begin = buffer.len();
    for record in message.records().map_while(Result::ok).take_while(|record| record.section as u8 <= section as u8) {
        if !wanted(&record) || buffer.len() - begin > MAX_TEXT {
            continue;
        }
        let name = buffer.len();
        if record.name.write(buffer).is_err() {
            buffer.truncate(name);
            break;
        }
        let data = buffer.len();
        record.rdata.write(buffer);
        places.push(Place {
            name,
            data,
            end: buffer.len(),
            ty: dns::rr_type_name(record.rtype),
            class: dns::class_name(record.class),
            ttl: record.ttl,
        });
    }
    places
}

fn text(buffer: &[u8], start: usize, end: usize) -> Option<&str> {
    // Whatever is not ASCII was escaped.
    std::str::from_utf8(buffer.get(start..end)?).ok()
}

fn set(batch: &mut EventBatch, slot: Option<Slot>, text: Option<&str>) {
    if let Some(text) = text {
        batch.set_str(slot, text);
    }
}

/// The addresses in the answers, which the agent takes into `related.ip`.
fn resolved<'a>(message: &Message<'_>) -> Vec<Host<'a>> {
    let answers = message.records().map_while(Result::ok).take_while(|record| record.section == Section::Answer);
    answers.filter_map(|record| record.rdata.address()).map(Host::Ip).collect()
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

/// How many records each section has. A forged header is not believed; that of a message captured in part is.
fn counts(told: &Seen<'_>) -> Counts {
    let header = &told.message.header;
    let mut found = [0_u32; 3];
    for record in told.message.records().map_while(Result::ok) {
        match record.section {
            Section::Answer => found[0] += 1,
            Section::Authority => found[1] += 1,
            Section::Additional if record.rtype == OPT => {}
            Section::Additional => found[2] += 1,
        }
    }
    if told.cut {
        found = [header.answers.into(), header.authorities.into(), header.additionals.into()];
    }
    let [answers, authorities, additionals] = found.map(Some);
    Counts { answers, authorities, additionals }
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

/// The class without the bit that multicast DNS uses for other things (RFC 6762, 5.4 and 10.2).
fn without_group_bit(class: u16, protocol: Protocol) -> u16 {
    if protocol == Protocol::Multicast { class & 0x7FFF } else { class }
}
