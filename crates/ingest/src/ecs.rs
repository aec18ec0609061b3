//! What documents in ECS lack of the fields that every other source has.
//!
//! Documents of Packetbeat, of Elastic Agent or of somebody's own exporter have ECS names, but not all that can be
//! derived: older Packetbeat has no `dns.question.registered_domain`, a hand-made file no `related.ip`. What a document
//! has is kept; what it lacks is derived from what it has, by the same writer that serves the other sources, so that a
//! rule finds it everywhere.
//!
//! Only fields that are projected are derived, and what they follow from is looked for only once a document lacks one, so
//! complete documents cost nothing.

use crate::{
    EventBatch, Options, Projection, Slot,
    dns::{Answer, Event, Flags, Message, Question, Writer},
    network::{Endpoint, Flow, Host, Outcome, Profile},
};
use schema::{DataStream, Field};
use std::{borrow::Cow, ops::Range};

macro_rules! inputs {
    ($($name:ident: $path:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Input {
            $($name,)*
        }

        /// The fields that others are derived from. Values are handed over by the place of their field here.
        pub const INPUTS: &[&str] = &[$($path),*];
    };
}

inputs! {
    SourceIp: "source.ip",
    SourceAddress: "source.address",
    SourcePort: "source.port",
    SourceBytes: "source.bytes",
    SourcePackets: "source.packets",
    DestinationIp: "destination.ip",
    DestinationAddress: "destination.address",
    DestinationPort: "destination.port",
    DestinationBytes: "destination.bytes",
    DestinationPackets: "destination.packets",
    ClientIp: "client.ip",
    ClientAddress: "client.address",
    ClientPort: "client.port",
    ServerIp: "server.ip",
    ServerAddress: "server.address",
    ServerPort: "server.port",
    Transport: "network.transport",
    Protocol: "network.protocol",
    QuestionName: "dns.question.name",
    QuestionType: "dns.question.type",
    AnswerData: "dns.answers.data",
    AnswerType: "dns.answers.type",
    ResponseCode: "dns.response_code",
    Authoritative: "dns.flags.authoritative",
    Truncated: "dns.flags.truncated_response",
    RecursionDesired: "dns.flags.recursion_desired",
    RecursionAvailable: "dns.flags.recursion_available",
    AuthenticData: "dns.flags.authentic_data",
    CheckingDisabled: "dns.flags.checking_disabled",
    Dataset: "event.dataset",
}

const QUESTION: &str = INPUTS[Derive::QUESTION];

/// Of documents that do not say what they are; the data set is set for each document.
const PROFILE: Profile = Profile { dataset: "", module: "", outcome: Outcome::OfResponseCode, ..Profile::NETWORK };

/// Fields that come from the document or not at all.
const NOT_DERIVED: [&str; 8] = [
    "_index",
    "_id",
    "event.original",
    "ecs.version",
    "@timestamp",
    "dns.question.class",
    "dns.question.name",
    "dns.question.type",
];

/// The fields that can be derived for documents with these fields. None for documents that are not about traffic.
pub fn fields(present: &[Field]) -> Vec<Field> {
    let has = |name: &str| present.iter().any(|field| field.name == name);
    if !has(QUESTION) {
        return Vec::new();
    }
    Writer::fields().into_iter().filter(|field| is_derivable(&field.name) && !has(&field.name)).collect()
}

fn is_derivable(name: &str) -> bool {
    !name.starts_with("dns.answers") && !NOT_DERIVED.contains(&name)
}

/// Derives fields for the documents of one input.
#[derive(Clone, Debug)]
pub struct Derive {
    writer: Writer,
    /// The columns of derivable fields.
    wanted: Vec<Slot>,
    /// No document has lacked one so far.
    complete: bool,
}

/// One value of an input, by its place in [`INPUTS`].
pub type Given<'d> = (usize, Cow<'d, str>);

impl Derive {
    /// The place in [`INPUTS`] of what makes a document one about DNS.
    pub const QUESTION: usize = Input::QuestionName as usize;

    /// `present` are the fields that the first documents have. None if nothing derivable is projected.
    pub fn new(projection: &Projection, present: &[Field], options: &Options) -> Option<Self> {
        let has = |name: &str| present.iter().any(|field| field.name == name);
        let derivable: Vec<Field> = Writer::fields().into_iter().filter(|field| is_derivable(&field.name)).collect();
        let only = projection.only(|name| derivable.iter().any(|field| field.name == name));
        let wanted: Vec<Slot> = derivable.iter().filter_map(|field| only.slot(&field.name)).collect();
        let missing = derivable.iter().any(|field| only.slot(&field.name).is_some() && !has(&field.name));
        let complete = !missing || !has(QUESTION);
        only.any().then(|| Derive { writer: Writer::new(PROFILE, &only, options), wanted, complete })
    }

    /// What to look for in documents, by place in [`INPUTS`].
    pub fn inputs(&self) -> Range<usize> {
        if self.complete { Self::QUESTION..Self::QUESTION + 1 } else { 0..INPUTS.len() }
    }

    /// Whether the current event has not all that could be derived.
    pub fn lacks(&self, batch: &EventBatch) -> bool {
        self.wanted.iter().any(|slot| !batch.is_set(Some(*slot)))
    }

    /// A document lacks something. True for the first one: [`Derive::inputs`] are others from now on.
    pub fn begin(&mut self) -> bool {
        std::mem::take(&mut self.complete)
    }

    /// Sets the derived columns of a document of this stream, without ending the event.
    pub fn write(&mut self, given: &[Given<'_>], stream: &DataStream, batch: &mut EventBatch) {
        let given = Values(given);
        let Some(name) = given.text(Input::QuestionName) else { return };
        let texts: Vec<&str> = given.all(Input::AnswerData).collect();
        let types: Vec<&str> = given.all(Input::AnswerType).collect();
        let answers: Vec<Answer<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, data)| Answer {
                data: Some(data),
                // Answers that lack one of the two leave no gap, so that only equally long lists belong together.
                ty: types.get(at).copied().filter(|_| types.len() == texts.len()),
                ..Answer::default()
            })
            .collect();
        let (dataset, namespace) = parts(stream);
        let answered = given.text(Input::ResponseCode).is_some() || !answers.is_empty();
        let event = Event {
            flow: Flow {
                source: given.end(
                    [Input::SourceIp, Input::SourceAddress, Input::SourcePort],
                    [Input::ClientIp, Input::ClientAddress, Input::ClientPort],
                    Some((Input::SourceBytes, Input::SourcePackets)),
                ),
                destination: given.end(
                    [Input::DestinationIp, Input::DestinationAddress, Input::DestinationPort],
                    [Input::ServerIp, Input::ServerAddress, Input::ServerPort],
                    Some((Input::DestinationBytes, Input::DestinationPackets)),
                ),
                transport: given.text(Input::Transport),
                protocol: given.text(Input::Protocol).or(Some("dns")),
                dataset: given.text(Input::Dataset).or(dataset),
                namespace,
                ..Flow::default()
            },
            message: Some(if answered { Message::Answer } else { Message::Query }),
            response_code: given.text(Input::ResponseCode),
            flags: Flags {
                authoritative: given.flag(Input::Authoritative),
                truncated_response: given.flag(Input::Truncated),
                recursion_desired: given.flag(Input::RecursionDesired),
                recursion_available: given.flag(Input::RecursionAvailable),
                authentic_data: given.flag(Input::AuthenticData),
                checking_disabled: given.flag(Input::CheckingDisabled),
                dnssec_ok: None,
            },
            question: Question { name: Some(name), ty: given.text(Input::QuestionType), ..Question::default() },
            answers: &answers,
            ..Event::default()
        };
        self.writer.write(&event, batch);
    }
}

/// Data set and namespace of a stream: `zeek.dns` and `default` of `logs-zeek.dns-default`.
fn parts(stream: &DataStream) -> (Option<&str>, Option<&str>) {
    let split = || {
        let (_, rest) = stream.as_str().split_once('-')?;
        rest.rsplit_once('-')
    };
    split().map_or((None, None), |(dataset, namespace)| (Some(dataset), Some(namespace)))
}

/// The values of one document.
struct Values<'g, 'd>(&'g [Given<'d>]);

impl<'g> Values<'g, '_> {
    fn all(&self, input: Input) -> impl Iterator<Item = &'g str> {
        self.0.iter().filter(move |(at, _)| *at == input as usize).map(|(_, value)| value.as_ref())
    }

    fn text(&self, input: Input) -> Option<&'g str> {
        self.all(input).next()
    }

    fn number(&self, input: Input) -> Option<u64> {
        self.text(input)?.parse().ok()
    }

    fn flag(&self, input: Input) -> Option<bool> {
        self.text(input)?.parse().ok()
    }

    /// One end: address, name and port, or else those of its other role.
    fn end(&self, own: [Input; 3], other: [Input; 3], sent: Option<(Input, Input)>) -> Endpoint<'g> {
        let host = [own[0], own[1], other[0], other[1]].into_iter().find_map(|input| self.text(input));
        let port = self.number(own[2]).or_else(|| self.number(other[2]));
        Endpoint {
            host: host.map(Host::Text),
            port: port.and_then(|port| u16::try_from(port).ok()),
            bytes: sent.and_then(|(bytes, _)| self.number(bytes)),
            packets: sent.and_then(|(_, packets)| self.number(packets)),
            mac: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::{error::ArrowError, util::display::array_value_to_string};
    use schema::Type;
    use std::sync::Arc;

    fn derived(given: &[(&'static str, &str)], wanted: &[&str]) -> Result<Vec<String>, ArrowError> {
        let present: Vec<Field> = given.iter().map(|(name, _)| Field::one(*name, Type::Keyword)).collect();
        let projected: Vec<Field> = wanted.iter().filter_map(|name| schema::field(name).cloned()).collect();
        let projection = Arc::new(Projection::new(projected));
        let mut batch = EventBatch::new(projection.clone());
        for (name, value) in given {
            batch.set_str(projection.slot(name), value);
        }
        if let Some(mut derive) = Derive::new(&projection, &present, &Options::default()) {
            let place = |name: &str| INPUTS.iter().position(|known| *known == name);
            let given: Vec<Given<'_>> =
                given.iter().filter_map(|(name, value)| Some((place(name)?, Cow::Borrowed(*value)))).collect();
            derive.write(&given, &DataStream::logs("network_traffic.dns", "default"), &mut batch);
        }
        batch.end_event();
        let batch = batch.take()?;
        batch.columns().iter().map(|column| array_value_to_string(column, 0)).collect()
    }

    #[test]
    fn what_is_missing_follows_from_what_is_there() -> Result<(), ArrowError> {
        let given = [
            ("source.ip", "192.0.2.10"),
            ("source.port", "40000"),
            ("server.ip", "192.0.2.53"),
            ("server.port", "53"),
            ("network.transport", "udp"),
            ("dns.question.name", "www.example.com"),
            ("dns.answers.data", "198.51.100.7"),
            ("dns.flags.recursion_desired", "true"),
        ];
        for (field, expected) in [
            ("client.ip", "192.0.2.10"),
            ("destination.ip", "192.0.2.53"),
            ("dns.header_flags", "[RD]"),
            ("dns.question.registered_domain", "example.com"),
            ("dns.resolved_ip", "[198.51.100.7]"),
            ("dns.type", "answer"),
            ("event.category", "[network]"),
            ("event.dataset", "network_traffic.dns"),
            ("network.community_id", "1:vWNiYU/L2LZ8UOFqxS1xrqhdIFk="),
            ("network.type", "ipv4"),
            ("related.ip", "[192.0.2.10, 192.0.2.53]"),
        ] {
            assert_eq!(derived(&given, &[field])?, [expected], "{field}");
        }
        Ok(())
    }

    #[test]
    fn what_is_there_is_left_alone() -> Result<(), ArrowError> {
        let given = [("dns.question.name", "www.example.com"), ("dns.question.registered_domain", "other")];
        assert_eq!(derived(&given, &["dns.question.registered_domain"])?, ["other"]);
        assert_eq!(derived(&[("source.ip", "192.0.2.1")], &["related.ip"])?, [""], "not about DNS");
        Ok(())
    }
}
