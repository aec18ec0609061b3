//! The DNS part of a record, in the three versions of its format.
//!
//! | version | written by | question | answers |
//! |---|---|---|---|
//! | 1 (not said) | before 4.1, or as set | in the query only | one record each, in `rrname`, `rrtype`, `rdata` |
//! | 2 | 4.1 to 7 | `rrname`, `rrtype` | `answers`, or by type in `grouped` |
//! | 3 | 8 | `queries` | the same; `request` and `response` for `query` and `answer` |
//!
//! (Suricata user guide, "EVE JSON Format", "Event type: DNS".)

use super::{decoder::Record, member::Member};
use crate::{
    dns::{Answer, Counts, Event, Flags, Message, Question},
    network::Flow,
    source::raw,
};
use std::borrow::Cow;

/// The values that an event borrows.
#[derive(Default)]
pub struct Dns<'a> {
    version: u64,
    message: Option<Message>,
    id: Option<u32>,
    name: Option<Cow<'a, str>>,
    ty: Option<Cow<'a, str>>,
    /// The name that a record of version 1 answers.
    answered: Option<Cow<'a, str>>,
    response_code: Option<Cow<'a, str>>,
    op_code: Option<Cow<'a, str>>,
    flags: Flags,
    answers: Vec<Resource<'a>>,
    counts: Counts,
}

/// A resource record.
#[derive(Default)]
struct Resource<'a> {
    name: Option<Cow<'a, str>>,
    ty: Option<Cow<'a, str>>,
    ttl: Option<u64>,
    data: Option<Cow<'a, str>>,
}

impl<'a> Dns<'a> {
    pub fn of(record: &Record<'a>, with_answers: bool) -> Self {
        let message = match record.text(Member::DnsType).as_deref() {
            Some("query" | "request") => Some(Message::Query),
            Some("answer" | "response") => Some(Message::Answer),
            _ => None,
        };
        let version = record.number(Member::DnsVersion).unwrap_or(1);
        let mut dns = Dns {
            version,
            message,
            id: record.number(Member::DnsId).and_then(|id| u32::try_from(id).ok()),
            response_code: record.text(Member::DnsRcode),
            op_code: record
                .number(Member::DnsOpcode)
                .and_then(|code| u8::try_from(code).ok())
                .map(schema::dns::opcode_name),
            flags: flags(record),
            ..Dns::default()
        };
        dns.question(record);
        if with_answers && message == Some(Message::Answer) {
            dns.answers(record);
        }
        let count =
            |member| record.get(member).map(|json| raw::elements(json).len()).and_then(|len| u32::try_from(len).ok());
        dns.counts = Counts {
            answers: count(Member::DnsAnswers),
            authorities: count(Member::DnsAuthorities),
            additionals: count(Member::DnsAdditionals),
        };
        dns
    }

    fn question(&mut self, record: &Record<'a>) {
        let queries = record.get(Member::DnsQueries).or_else(|| record.get(Member::DnsQuery)).map(raw::elements);
        if let Some(first) = queries.and_then(|queries| queries.first().copied()) {
            let query = Resource::of(first);
            (self.name, self.ty) = (query.name, query.ty);
        } else if self.version == 1 && self.message == Some(Message::Answer) {
            self.answered = record.text(Member::DnsName);
        } else {
            (self.name, self.ty) = (record.text(Member::DnsName), record.text(Member::DnsRecordType));
        }
    }

    fn answers(&mut self, record: &Record<'a>) {
        if let Some(answers) = record.get(Member::DnsAnswers) {
            self.answers = raw::elements(answers).into_iter().map(Resource::of).collect();
        } else if self.version == 1 {
            let one = Resource {
                name: record.text(Member::DnsName),
                ty: record.text(Member::DnsRecordType),
                ttl: record.number(Member::DnsTtl),
                data: record.text(Member::DnsData),
            };
            // The record of an answer without any has the code only.
            self.answers.extend((one.data.is_some() || one.ttl.is_some()).then_some(one));
        } else {
            for (ty, values) in &record.grouped {
                let text =
                    |json| Resource { ty: Some(Cow::Owned(ty.clone())), data: raw::text(json), ..Resource::default() };
                self.answers.extend(raw::elements(values).into_iter().map(text));
            }
        }
    }

    /// The answers to borrow from.
    pub fn resources(&self) -> Vec<Answer<'_>> {
        self.answers.iter().map(Resource::answer).collect()
    }

    pub fn event<'s>(&'s self, flow: Flow<'s>, answers: &'s [Answer<'s>]) -> Event<'s> {
        Event {
            flow,
            message: self.message,
            id: self.id,
            op_code: self.op_code.as_deref(),
            response_code: self.response_code.as_deref(),
            flags: self.flags,
            question: Question {
                name: self.name.as_deref(),
                ty: self.ty.as_deref(),
                class: None,
                other_name: self.answered.as_deref(),
            },
            answers,
            counts: self.counts,
        }
    }

    /// The record is the server's, as far as the ports do not say otherwise.
    pub fn is_reply(&self, source_port: Option<u16>, destination_port: Option<u16>) -> bool {
        let from_client = destination_port == Some(53) && source_port != Some(53);
        self.message == Some(Message::Answer) && !from_client
    }
}

impl<'a> Resource<'a> {
    fn of(json: &'a str) -> Self {
        let mut resource = Resource::default();
        // What is no object has no members.
        let _ = raw::members(json, &mut |key, value| match key.as_ref() {
            "rrname" => resource.name = raw::text(value),
            "rrtype" => resource.ty = raw::text(value),
            "ttl" => resource.ttl = raw::unsigned(value),
            "rdata" => resource.data = raw::text(value),
            _ => {}
        });
        resource
    }

    fn answer(&self) -> Answer<'_> {
        Answer {
            name: self.name.as_deref(),
            ty: self.ty.as_deref(),
            class: None,
            ttl: self.ttl,
            data: self.data.as_deref(),
        }
    }
}

/// Suricata writes flags only where they are set; that all others are not, it says by writing any.
fn flags(record: &Record<'_>) -> Flags {
    let said = record.get(Member::DnsFlags).is_some();
    let flag = |member| record.boolean(member).or(said.then_some(false));
    Flags {
        authoritative: flag(Member::DnsAa),
        truncated_response: flag(Member::DnsTc),
        recursion_desired: flag(Member::DnsRd),
        recursion_available: flag(Member::DnsRa),
        ..Flags::default()
    }
}
