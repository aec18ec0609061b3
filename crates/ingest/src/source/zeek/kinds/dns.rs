//! `dns.log`: a query with its answer, if one was seen.

use super::{Kind, Known, Record, Role, Shared, Write};
use crate::{
    EventBatch,
    dns::{Answer, Counts, Event, Flags, Message, Question, Writer},
    network::{Flow, Outcome, Profile},
    source::zeek::{plan::Row, value::Value},
};
use std::borrow::Cow;

pub const KIND: Kind = Kind {
    path: "dns",
    log: "dns",
    columns: &[
        Known::kept("trans_id", Role::TransactionId, &["dns.id"]),
        Known::kept("rtt", Role::Duration, &["event."]),
        Known::kept("query", Role::Query, &["dns.question."]),
        Known::kept("qclass", Role::QueryClass, &["dns.question.class"]),
        Known::kept("qtype", Role::QueryType, &["dns.question.type"]),
        Known::kept("qtype_name", Role::QueryTypeName, &["dns.question.type"]),
        Known::kept("rcode_name", Role::ResponseCode, &["dns.response_code", "dns.type"]),
        Known::kept("AA", Role::Authoritative, FLAGS),
        Known::kept("TC", Role::Truncated, FLAGS),
        Known::kept("RD", Role::RecursionDesired, FLAGS),
        Known::kept("RA", Role::RecursionAvailable, FLAGS),
        Known::kept("answers", Role::Answers, ANSWERS),
        Known::kept("TTLs", Role::Ttls, ANSWERS),
    ],
    telling: &["trans_id", "query", "qtype_name"],
    fields: Writer::fields,
    writer: |_, projection, options| Box::new(Dns(Writer::new(PROFILE, projection, options))),
};

const PROFILE: Profile = Profile {
    dataset: "zeek.dns",
    module: "zeek",
    types: &["connection", "protocol", "info"],
    // Whatever the answer was: the integration has it so.
    outcome: Outcome::Always("success"),
    ..Profile::NETWORK
};

const FLAGS: &[&str] = &["dns.header_flags", "dns.flags."];
const ANSWERS: &[&str] = &["dns.answers", "dns.resolved_ip"];

struct Dns(Writer);

impl Write for Dns {
    fn write(&mut self, row: &Row<'_, '_>, record: &Record<'_>, batch: &mut EventBatch) {
        let shared = Shared::of(row);
        let query = row.text(Role::Query);
        let class =
            row.number(Role::QueryClass).and_then(|class| u16::try_from(class).ok()).map(schema::dns::class_name);
        let ty = query_type(row);
        let response_code = row.text(Role::ResponseCode);
        let (data, ttls) = (elements(row, Role::Answers), elements(row, Role::Ttls));
        let texts: Vec<_> = data.iter().map(|value| value.text()).collect();
        let answers: Vec<Answer<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Answer {
                data: text.as_deref(),
                ttl: ttls
                    .get(at)
                    .and_then(|ttl| ttl.nanos())
                    .and_then(|nanos| u64::try_from(nanos / 1_000_000_000).ok()),
                ..Answer::default()
            })
            .collect();
        let duration = row.nanos(Role::Duration);
        let event = Event {
            flow: Flow { duration, protocol: Some("dns"), ..shared.flow(record) },
            message: Some(if response_code.is_some() { Message::Answer } else { Message::Query }),
            id: row.number(Role::TransactionId).and_then(|id| u32::try_from(id).ok()),
            response_code: response_code.as_deref(),
            flags: Flags {
                authoritative: row.boolean(Role::Authoritative),
                truncated_response: row.boolean(Role::Truncated),
                recursion_desired: row.boolean(Role::RecursionDesired),
                recursion_available: row.boolean(Role::RecursionAvailable),
                ..Flags::default()
            },
            question: Question {
                name: query.as_deref(),
                ty: ty.as_deref(),
                class: class.as_deref(),
                ..Question::default()
            },
            counts: Counts {
                answers: u32::try_from(answers.len()).ok().filter(|count| *count > 0),
                ..Counts::default()
            },
            answers: &answers,
            ..Event::default()
        };
        self.0.write(&event, batch);
    }
}

/// Zeek's own name of the type; by its number where there is no name.
fn query_type<'a>(row: &Row<'_, 'a>) -> Option<Cow<'a, str>> {
    let by_number = || Some(schema::dns::rr_type_name(u16::try_from(row.number(Role::QueryType)?).ok()?));
    row.text(Role::QueryTypeName).or_else(by_number)
}

fn elements<'r, 'a>(row: &Row<'r, 'a>, role: Role) -> Vec<Value<'r, 'a>> {
    row.get(role).map(Value::elements).unwrap_or_default()
}
