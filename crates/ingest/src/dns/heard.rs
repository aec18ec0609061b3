//! DNS messages off the wire as events.
//!
//! Whatever brings messages (packets, dnstap), they become events here, in the text of `wire`. What costs a walk over the
//! message is only done if somebody asked for what it gives.

use super::{Counts, Event, Flags, Message as Kind, Question, Writer, records::RecordTexts};
use crate::{
    EventBatch, Options, Projection,
    network::{Flow, Host, Profile},
    wire::{Message, Section},
};
use schema::{Field, dns};

/// The pseudo-record of EDNS, which is no additional record.
pub(super) const OPT: u16 = 41;

/// A message, and what is known of it besides its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    pub message: Message<'a>,
    /// Whether its end was not captured.
    pub cut: bool,
    /// Whether an answer is part of the event.
    pub answered: bool,
    /// Whether it is of multicast DNS, where the class has a bit for other things.
    pub multicast: bool,
}

impl Heard<'_> {
    /// The class of a question or record (RFC 6762, 5.4 and 10.2).
    pub fn class(&self, class: u16) -> u16 {
        if self.multicast { class & 0x7FFF } else { class }
    }
}

/// Writes messages into the columns that a projection has.
pub struct MessageWriter {
    writer: Writer,
    wanted: Wanted,
    /// The text of the question's name and of the answers.
    name: Vec<u8>,
    answers: RecordTexts,
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
    fn new(projection: &Projection) -> Self {
        let any = |names: &[&str]| names.iter().any(|name| projection.slot(name).is_some());
        let question = ["name", "registered_domain", "subdomain", "top_level_domain", "etld_plus_one"];
        Wanted {
            name: question.iter().any(|part| projection.slot(&format!("dns.question.{part}")).is_some()),
            code: any(&["dns.response_code", "dns.header_flags", "event.outcome"]),
            counts: any(&["dns.answers_count", "dns.authorities_count", "dns.additionals_count"]),
            related: any(&["related.ip"]),
        }
    }
}

impl MessageWriter {
    pub fn new(profile: Profile, projection: &Projection, options: &Options) -> Self {
        MessageWriter {
            writer: Writer::new(profile, projection, options),
            wanted: Wanted::new(projection),
            name: Vec::new(),
            answers: RecordTexts::default(),
        }
    }

    /// The fields that it can write.
    pub fn fields() -> Vec<Field> {
        Writer::fields()
    }

    /// Writes a message that came with a flow, without ending the event.
    pub fn write(&mut self, heard: &Heard<'_>, flow: &Flow<'_>, batch: &mut EventBatch) {
        let message = &heard.message;
        self.name.clear();
        if let Some(question) = message.question.filter(|_| self.wanted.name) {
            // The question was sound when the message was read.
            let _ = question.name.write(&mut self.name);
        }
        if self.writer.wants_answers() {
            self.answers.read(message, Section::Answer);
        }
        let answers: Vec<_> = if self.writer.wants_answers() { self.answers.iter().collect() } else { Vec::new() };
        let resolved: Vec<_> = if self.wanted.related { resolved(message) } else { Vec::new() };
        let class = message.question.map(|question| dns::class_name(heard.class(question.class)));
        let qtype = message.question.map(|question| dns::rr_type_name(question.qtype));
        let opt = if self.wanted.code { message.opt() } else { None };
        let code = message.header.rcode() | opt.map_or(0, |opt| opt.extended_rcode());
        let (op_code, response_code) = (dns::opcode_name(message.header.opcode()), dns::rcode_name(code));
        let event = Event {
            flow: Flow { related_last: &resolved, ..*flow },
            message: Some(if heard.answered { Kind::Answer } else { Kind::Query }),
            id: Some(message.header.id.into()),
            op_code: Some(&op_code),
            response_code: Some(&response_code),
            flags: Flags { dnssec_ok: opt.map(|opt| opt.dnssec_ok()), ..Flags::from_header(message.header.flags) },
            question: Question {
                // Whatever is not ASCII was escaped.
                name: std::str::from_utf8(&self.name).ok().filter(|name| !name.is_empty()),
                ty: qtype.as_deref(),
                class: class.as_deref(),
                ..Question::default()
            },
            answers: &answers,
            counts: if self.wanted.counts { counts(heard) } else { Counts::default() },
        };
        self.writer.write(&event, batch);
    }
}

/// The addresses in the answers, which Packetbeat takes into `related.ip`.
fn resolved<'a>(message: &Message<'_>) -> Vec<Host<'a>> {
    let answers = message.records().map_while(Result::ok).take_while(|record| record.section == Section::Answer);
    answers.filter_map(|record| record.rdata.address()).map(Host::Ip).collect()
}

/// How many records each section has. A forged header is not believed; that of a message captured in part is.
fn counts(heard: &Heard<'_>) -> Counts {
    let header = &heard.message.header;
    let mut found = [0_u32; 3];
    for record in heard.message.records().map_while(Result::ok) {
        match record.section {
            Section::Answer => found[0] += 1,
            Section::Authority => found[1] += 1,
            Section::Additional if record.rtype == OPT => {}
            Section::Additional => found[2] += 1,
        }
    }
    if heard.cut {
        found = [header.answers.into(), header.authorities.into(), header.additionals.into()];
    }
    let [answers, authorities, additionals] = found.map(Some);
    Counts { answers, authorities, additionals }
}
