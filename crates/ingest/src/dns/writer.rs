//! Turns DNS events into columns.

use super::{
    Answer, Event, Flags, Message,
    slots::{AnswerSlots, MessageSlots, PartSlots, QuestionSlots},
};
use crate::{
    EventBatch, Options, Projection,
    network::{Flow, FlowWriter, Host, Outcome, Profile},
    slots::fields,
};
use schema::{DataStream, Field, domain};

/// Writes the columns of DNS events of one source that a projection has.
#[derive(Clone, Debug)]
pub struct Writer {
    flow: FlowWriter,
    outcome: Outcome,
    message: MessageSlots,
    question: QuestionSlots,
    parts: PartSlots,
    answers: AnswerSlots,
    private_suffixes: bool,
    scratch: String,
}

impl Writer {
    pub fn new(profile: Profile, projection: &Projection, options: &Options) -> Self {
        Writer {
            flow: FlowWriter::new(profile, projection),
            outcome: profile.outcome,
            message: MessageSlots::new(projection, "dns."),
            question: QuestionSlots::new(projection, "dns."),
            parts: PartSlots::new(projection, "dns."),
            answers: AnswerSlots::new(projection, "dns."),
            private_suffixes: options.private_suffixes,
            scratch: String::new(),
        }
    }

    /// The fields that it can write.
    pub fn fields() -> Vec<Field> {
        let names = [MessageSlots::NAMES, QuestionSlots::NAMES, PartSlots::NAMES, AnswerSlots::NAMES];
        let mut all = FlowWriter::fields();
        all.extend(names.into_iter().flat_map(|names| fields("dns.", names)));
        all
    }

    /// The stream that its events belong to.
    pub fn stream(&self) -> &DataStream {
        self.flow.stream()
    }

    /// Whether the projection has anything from the answers, so that a decoder need not read them in vain.
    pub fn wants_answers(&self) -> bool {
        self.answers.any
    }

    /// Writes an event's columns without ending the event, so that the source may add some of its own.
    pub fn write(&mut self, event: &Event<'_>, batch: &mut EventBatch) {
        let outcome = event.flow.outcome.or_else(|| match self.outcome {
            Outcome::OfResponseCode => event.response_code.map(outcome_of),
            Outcome::Unset | Outcome::Always(_) => None,
        });
        self.flow.write(&Flow { outcome, ..event.flow }, batch);
        if self.message.any {
            self.message(event, batch);
        }
        if self.question.any || self.parts.any {
            self.question(event, batch);
        }
        if self.answers.any {
            let resolve = !batch.is_set(self.answers.resolved_ip);
            for answer in event.answers {
                self.answer(answer, resolve, batch);
            }
        }
    }

    fn message(&self, event: &Event<'_>, batch: &mut EventBatch) {
        let slots = &self.message;
        if let Some(message) = event.message {
            batch.set_str(slots.ty, if message == Message::Query { "query" } else { "answer" });
        }
        for (slot, number) in [
            (slots.id, event.id),
            (slots.answers_count, event.counts.answers),
            (slots.authorities_count, event.counts.authorities),
            (slots.additionals_count, event.counts.additionals),
        ] {
            if let Some(number) = number {
                batch.set_i64(slot, number.into());
            }
        }
        for (slot, text) in [(slots.op_code, event.op_code), (slots.response_code, event.response_code)] {
            if let Some(text) = text {
                batch.set_str(slot, text);
            }
        }
        self.flags(&event.flags, batch);
    }

    /// Both forms of the header's flags; the order of the list is that of Elastic's integrations.
    fn flags(&self, flags: &Flags, batch: &mut EventBatch) {
        let slots = &self.message;
        let list = !batch.is_set(slots.header_flags);
        for (slot, name, flag) in [
            (slots.authoritative, "AA", flags.authoritative),
            (slots.truncated_response, "TC", flags.truncated_response),
            (slots.recursion_desired, "RD", flags.recursion_desired),
            (slots.recursion_available, "RA", flags.recursion_available),
            (slots.authentic_data, "AD", flags.authentic_data),
            (slots.checking_disabled, "CD", flags.checking_disabled),
            (None, "DO", flags.dnssec_ok),
        ] {
            if let Some(flag) = flag {
                batch.set_bool(slot, flag);
                if flag && list {
                    batch.set_str(slots.header_flags, name);
                }
            }
        }
    }

    fn question(&self, event: &Event<'_>, batch: &mut EventBatch) {
        let (slots, question) = (&self.question, &event.question);
        for (slot, text) in [(slots.name, question.name), (slots.ty, question.ty), (slots.class, question.class)] {
            if let Some(text) = text {
                batch.set_str(slot, text);
            }
        }
        if self.parts.any
            && let Some(parts) =
                question.name.or(question.other_name).and_then(|name| domain::split(name, self.private_suffixes))
        {
            for (slot, text) in [
                (self.parts.registered_domain, parts.registered_domain),
                (self.parts.subdomain, parts.subdomain),
                (self.parts.top_level_domain, parts.top_level_domain),
                (self.parts.etld_plus_one, parts.etld_plus_one),
            ] {
                if let Some(text) = text {
                    batch.set_str(slot, text);
                }
            }
        }
    }

    fn answer(&mut self, answer: &Answer<'_>, resolve: bool, batch: &mut EventBatch) {
        let slots = &self.answers;
        for (slot, text) in
            [(slots.name, answer.name), (slots.ty, answer.ty), (slots.class, answer.class), (slots.data, answer.data)]
        {
            if let Some(text) = text {
                batch.set_str(slot, text);
            }
        }
        if let Some(ttl) = answer.ttl.and_then(|ttl| i64::try_from(ttl).ok()) {
            batch.set_i64(slots.ttl, ttl);
        }
        if resolve
            && slots.resolved_ip.is_some()
            && let Some(host) = resolved(answer)
            && let Some(ip) = host.ip_text(&mut self.scratch)
        {
            batch.set_str(slots.resolved_ip, ip);
        }
    }
}

/// The address that an answer resolves to: its data if it is of type A or AAAA, or of no known type but an address.
pub(crate) fn resolved<'a>(answer: &Answer<'a>) -> Option<Host<'a>> {
    let data = answer.data.filter(|_| matches!(answer.ty, None | Some("A" | "AAAA")))?;
    Some(Host::Text(data))
}

fn outcome_of(response_code: &str) -> &'static str {
    if response_code.eq_ignore_ascii_case("NOERROR") { "success" } else { "failure" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Endpoint;
    use arrow::{array::RecordBatch, error::ArrowError, util::display::array_value_to_string};
    use std::sync::Arc;

    fn written(profile: Profile, event: &Event<'_>) -> Result<RecordBatch, ArrowError> {
        let projection = Arc::new(Projection::new(Writer::fields()));
        let mut batch = EventBatch::new(projection.clone());
        Writer::new(profile, &projection, &Options::default()).write(event, &mut batch);
        batch.end_event();
        batch.take()
    }

    #[test]
    fn every_column_that_follows_from_an_exchange_is_written() -> Result<(), ArrowError> {
        let answers = [
            Answer {
                name: Some("a.b.example.co.uk"),
                ty: Some("CNAME"),
                data: Some("192.0.2.1.example."),
                ..Answer::default()
            },
            Answer { ty: Some("AAAA"), ttl: Some(60), data: Some("2001:DB8::0:1"), ..Answer::default() },
        ];
        let event = Event {
            flow: Flow {
                time: Some(1_547_188_415_857_497_000),
                duration: Some(76_967_000),
                source: Endpoint { bytes: Some(28), ..Endpoint::new("192.168.86.167", 38339) },
                destination: Endpoint { bytes: Some(167), ..Endpoint::new("192.168.86.1", 53) },
                transport: Some("UDP"),
                protocol: Some("dns"),
                ..Flow::default()
            },
            message: Some(Message::Answer),
            id: Some(15209),
            response_code: Some("NXDOMAIN"),
            flags: Flags::from_header(0x8180),
            question: super::super::Question {
                name: Some("a.b.example.co.uk"),
                ty: Some("AAAA"),
                class: Some("IN"),
                other_name: None,
            },
            answers: &answers,
            ..Event::default()
        };
        let batch = written(Profile::NETWORK_TRAFFIC_DNS, &event)?;
        for (field, expected) in [
            ("@timestamp", "2019-01-11T06:33:35.857"),
            ("client.ip", "192.168.86.167"),
            ("server.port", "53"),
            ("source.address", "192.168.86.167"),
            ("data_stream.dataset", "network_traffic.dns"),
            ("event.category", "[network]"),
            ("event.duration", "76967000"),
            ("event.end", "2019-01-11T06:33:35.934"),
            ("event.module", "network_traffic"),
            ("event.outcome", "failure"),
            ("event.type", "[connection, protocol]"),
            ("network.bytes", "195"),
            ("network.community_id", "1:Z26DBGVYoBKQ1FT6qfPaAqBnJik="),
            ("network.iana_number", "17"),
            ("network.transport", "udp"),
            ("network.type", "ipv4"),
            ("related.ip", "[192.168.86.167, 192.168.86.1]"),
            ("dns.answers.data", "[192.0.2.1.example., 2001:DB8::0:1]"),
            ("dns.answers.ttl", "[60]"),
            ("dns.flags.authoritative", "false"),
            ("dns.header_flags", "[RD, RA]"),
            ("dns.id", "15209"),
            ("dns.question.registered_domain", "example.co.uk"),
            ("dns.question.subdomain", "a.b"),
            ("dns.question.top_level_domain", "co.uk"),
            ("dns.resolved_ip", "[2001:db8::1]"),
            ("dns.type", "answer"),
        ] {
            let (at, _) = batch.schema_ref().column_with_name(field).ok_or(ArrowError::SchemaError(field.into()))?;
            assert_eq!(array_value_to_string(batch.column(at), 0)?, expected, "{field}");
        }
        Ok(())
    }

    #[test]
    fn all_names_are_canonical_fields() {
        let names = [MessageSlots::NAMES, QuestionSlots::NAMES, PartSlots::NAMES, AnswerSlots::NAMES];
        for name in names.into_iter().flatten() {
            assert!(schema::field(&format!("dns.{name}")).is_some(), "{name}");
        }
    }

    #[test]
    fn the_reply_to_a_query_comes_from_the_server() -> Result<(), ArrowError> {
        let flow = Flow { reply: true, source: Endpoint::new("192.0.2.53", 53), ..Flow::default() };
        let batch = written(Profile::NETWORK, &Event { flow, ..Event::default() })?;
        let (at, _) =
            batch.schema_ref().column_with_name("server.ip").ok_or(ArrowError::SchemaError("server.ip".into()))?;
        assert_eq!(array_value_to_string(batch.column(at), 0)?, "192.0.2.53");
        Ok(())
    }
}
