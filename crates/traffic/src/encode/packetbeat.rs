//! DNS transactions as Packetbeat and Elastic Agent's Network Packet Capture ship them: ECS, one JSON object a line.
//!
//! The keys stand in the order of Elastic's own sample document (sorted), as an export from Elasticsearch has them;
//! [`Packetbeat::shuffled`] has them in the random order of Packetbeat's own file and Kafka outputs. [`Packetbeat::lean`]
//! leaves out what describes the sensor, what repeats elsewhere (client, server, query, related) and the answers' details,
//! which is what a pipeline that minds its volume keeps: about 395 bytes a line.

use std::borrow::Cow;
use std::io;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use super::{Encode, json, order::Order, shuffle, text};
use crate::event::{Answer, Event, Rdata, Transport, rcode, rtype};
use crate::random::Random;
use crate::wire;

pub struct Packetbeat {
    line: fn(&Event, &mut Vec<u8>),
    shuffled: Option<Random>,
    order: Order,
}

impl Packetbeat {
    pub fn lean() -> Self {
        Packetbeat { line: lean_line, shuffled: None, order: Order::default() }
    }

    /// [`Packetbeat::lean`] with the keys of every object in random order, another one in every line.
    pub fn shuffled() -> Self {
        Packetbeat { shuffled: Some(Random::new(1)), ..Packetbeat::lean() }
    }

    pub fn whole() -> Self {
        Packetbeat { line: whole_line, ..Packetbeat::lean() }
    }
}

/// How long Packetbeat waits for a response, in nanoseconds (`transaction_timeout`).
const TIMEOUT: i64 = 10_000_000_000;

const AGENT: &str = r#""agent":{"ephemeral_id":"a9c2f0e4-7d53-4b8e-9a51-2f6c0d1e8b47","id":"5d0c6f7e-1b8a-4c35-8e92-73a4b6d0f219","name":"sensor-01","type":"packetbeat","version":"8.17.3"}"#;
const STREAM: &str = r#""data_stream":{"dataset":"network_traffic.dns","namespace":"default","type":"logs"}"#;
const HOST: &str = r#""host":{"architecture":"x86_64","containerized":false,"hostname":"sensor-01","ip":["10.20.0.9"],"mac":["02-00-0A-14-00-09"],"name":"sensor-01","os":{"codename":"bookworm","family":"debian","kernel":"6.1.0-31-amd64","name":"Debian GNU/Linux","platform":"debian","type":"linux","version":"12 (bookworm)"}}"#;

impl Encode for Packetbeat {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.release(event.time, out);
        let due = if event.response.is_some() { event.end() } else { event.time + TIMEOUT };
        self.order.add(due, |record| {
            match &mut self.shuffled {
                None => (self.line)(event, record),
                Some(random) => {
                    let mut sorted = Vec::with_capacity(512);
                    (self.line)(event, &mut sorted);
                    shuffle::event(&sorted, random, record);
                }
            }
            record.push(b'\n');
        });
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        Ok(())
    }
}

fn lean_line(event: &Event, out: &mut Vec<u8>) {
    begin(event, out);
    endpoint("destination", event.server, None, out);
    json::key("dns", out);
    out.push(b'{');
    json::number_field("id", u64::from(event.id), out);
    json::key("question", out);
    out.push(b'{');
    json::text_field("class", &class(event.question.class), out);
    json::key("name", out);
    json::presentation(&event.question.name, out);
    json::text_field("type", &type_name(event.question.rtype), out);
    out.push(b'}');
    resolved(event, out);
    response(event, out);
    json::key("event", out);
    out.push(b'{');
    json::text_field("dataset", "network_traffic.dns", out);
    duration(event, out);
    out.push(b'}');
    network(event, None, out);
    endpoint("source", event.client, None, out);
    json::text_field("status", status(event), out);
    out.push(b'}');
}

fn whole_line(event: &Event, out: &mut Vec<u8>) {
    let asked = if event.query_seen { wire::query(event).bytes.len() as u64 } else { 0 };
    let answered = event.response.as_ref().map_or(0, |response| wire::response(event, response).bytes.len() as u64);
    begin(event, out);
    constant(AGENT, out);
    endpoint("client", event.client, Some(asked), out);
    constant(STREAM, out);
    endpoint("destination", event.server, Some(answered), out);
    json::key("dns", out);
    out.push(b'{');
    json::number_field("additionals_count", 0, out);
    answers(event.answers(), out);
    json::number_field("answers_count", event.answers().len() as u64, out);
    json::number_field("authorities_count", 0, out);
    flags(event, out);
    header_flags(event, out);
    json::number_field("id", u64::from(event.id), out);
    json::text_field("op_code", "QUERY", out);
    question(event, out);
    resolved(event, out);
    response(event, out);
    constant(r#""ecs":{"version":"8.11.0"}"#, out);
    if event.response.is_none() {
        constant(r#""error":{"message":"No response to this query was received"}"#, out);
    }
    times(event, out);
    constant(HOST, out);
    json::text_field("method", "QUERY", out);
    network(event, Some(asked + answered), out);
    let mut query = format!("class {}, type {}, ", class(event.question.class), type_name(event.question.rtype));
    query.push_str(&event.question.name.to_string());
    json::text_field("query", &query, out);
    related(event, out);
    json::key("resource", out);
    json::presentation(&event.question.name, out);
    endpoint("server", event.server, Some(answered), out);
    endpoint("source", event.client, Some(asked), out);
    json::text_field("status", status(event), out);
    json::text_field("type", "dns", out);
    out.push(b'}');
}

fn begin(event: &Event, out: &mut Vec<u8>) {
    out.push(b'{');
    time_field("@timestamp", event.time, out);
}

fn time_field(name: &str, time: i64, out: &mut Vec<u8>) {
    json::key(name, out);
    out.push(b'"');
    text::rfc3339_millis(time, out);
    out.push(b'"');
}

fn constant(fields: &str, out: &mut Vec<u8>) {
    json::comma(out);
    out.extend_from_slice(fields.as_bytes());
}

fn endpoint(name: &str, side: std::net::SocketAddr, bytes: Option<u64>, out: &mut Vec<u8>) {
    json::key(name, out);
    out.push(b'{');
    if let Some(bytes) = bytes {
        json::number_field("bytes", bytes, out);
    }
    json::address_field("ip", side.ip(), out);
    json::number_field("port", u64::from(side.port()), out);
    out.push(b'}');
}

fn header_flags(event: &Event, out: &mut Vec<u8>) {
    json::key("header_flags", out);
    out.push(b'[');
    let response = event.response.as_ref();
    for (set, flag) in [
        (response.is_some_and(|response| response.authoritative), "AA"),
        (event.recursion_desired, "RD"),
        (response.is_some_and(|response| response.recursion_available), "RA"),
    ] {
        if set {
            json::comma(out);
            json::string(flag.as_bytes(), out);
        }
    }
    out.push(b']');
}

fn flags(event: &Event, out: &mut Vec<u8>) {
    let response = event.response.as_ref();
    json::key("flags", out);
    out.push(b'{');
    json::flag_field("authentic_data", false, out);
    json::flag_field("authoritative", response.is_some_and(|response| response.authoritative), out);
    json::flag_field("checking_disabled", false, out);
    json::flag_field("recursion_available", response.is_some_and(|response| response.recursion_available), out);
    json::flag_field("recursion_desired", event.recursion_desired, out);
    json::flag_field("truncated_response", false, out);
    out.push(b'}');
}

fn question(event: &Event, out: &mut Vec<u8>) {
    let mut name = Vec::new();
    event.question.name.write_presentation(&mut name);
    let domain = psl::domain(&name).map(|domain| (domain.as_bytes().to_vec(), domain.suffix().as_bytes().to_vec()));
    json::key("question", out);
    out.push(b'{');
    json::text_field("class", &class(event.question.class), out);
    if let Some((registered, _)) = &domain {
        json::key("etld_plus_one", out);
        json::string(registered, out);
    }
    json::key("name", out);
    json::string(&name, out);
    if let Some((registered, suffix)) = &domain {
        json::key("registered_domain", out);
        json::string(registered, out);
        if let Some(subdomain) = name.strip_suffix(registered.as_slice()).and_then(|name| name.strip_suffix(b".")) {
            json::key("subdomain", out);
            json::string(subdomain, out);
        }
        json::key("top_level_domain", out);
        json::string(suffix, out);
    }
    json::text_field("type", &type_name(event.question.rtype), out);
    out.push(b'}');
}

fn resolved(event: &Event, out: &mut Vec<u8>) {
    let mut addresses = event.answers().iter().filter_map(|answer| answer.data.address()).peekable();
    if addresses.peek().is_none() {
        return;
    }
    json::key("resolved_ip", out);
    out.push(b'[');
    for address in addresses {
        json::comma(out);
        out.push(b'"');
        text::address(address, out);
        out.push(b'"');
    }
    out.push(b']');
}

/// The response code and the type, and the end of `dns`.
fn response(event: &Event, out: &mut Vec<u8>) {
    let code = event.response.as_ref().map_or(0, |response| response.rcode);
    match rcode::mnemonic(code) {
        Some(code) => json::text_field("response_code", code, out),
        None => json::text_field("response_code", &code.to_string(), out),
    }
    json::text_field("type", if event.response.is_some() { "answer" } else { "query" }, out);
    out.push(b'}');
}

fn answers(answers: &[Answer], out: &mut Vec<u8>) {
    if answers.is_empty() {
        return;
    }
    json::key("answers", out);
    out.push(b'[');
    for answer in answers {
        json::comma(out);
        out.push(b'{');
        json::text_field("class", "IN", out);
        json::key("data", out);
        data(&answer.data, out);
        if let Rdata::Soa { .. } = &answer.data {
            json::number_field("expire", 1_209_600, out);
            json::number_field("minimum", 300, out);
        }
        json::key("name", out);
        json::presentation(&answer.name, out);
        match &answer.data {
            Rdata::Mx { preference, .. } => json::number_field("preference", u64::from(*preference), out),
            Rdata::Srv { priority, port, .. } => {
                json::number_field("port", u64::from(*port), out);
                json::number_field("priority", u64::from(*priority), out);
            }
            Rdata::Soa { mailbox, serial, .. } => {
                json::number_field("refresh", 7_200, out);
                json::number_field("retry", 900, out);
                json::key("rname", out);
                json::presentation(mailbox, out);
                json::number_field("serial", u64::from(*serial), out);
            }
            _ => {}
        }
        json::text_field("ttl", &answer.ttl.to_string(), out);
        json::text_field("type", &type_name(answer.data.rtype()), out);
        if let Rdata::Srv { weight, .. } = &answer.data {
            json::number_field("weight", u64::from(*weight), out);
        }
        out.push(b'}');
    }
    out.push(b']');
}

/// The main value of a record; for the rest Packetbeat has keys of their own. Records it does not take apart are
/// their raw bytes.
fn data(data: &Rdata, out: &mut Vec<u8>) {
    match data {
        Rdata::A(address) => json::string(address.to_string().as_bytes(), out),
        Rdata::Aaaa(address) => json::string(address.to_string().as_bytes(), out),
        Rdata::Cname(name) | Rdata::Ns(name) | Rdata::Ptr(name) => json::presentation(name, out),
        Rdata::Mx { exchange, .. } => json::presentation(exchange, out),
        Rdata::Srv { target, .. } => json::presentation(target, out),
        Rdata::Soa { server, .. } => json::presentation(server, out),
        Rdata::Txt(strings) => {
            json::string(strings.iter().map(|text| escaped(text)).collect::<Vec<_>>().join(" ").as_bytes(), out)
        }
        Rdata::Other { data, .. } => json::string(String::from_utf8_lossy(data).as_bytes(), out),
    }
}

/// A character string as Packetbeat's DNS library (miekg/dns) shows it.
fn escaped(string: &[u8]) -> String {
    let escape = |&byte: &u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\{byte:03}"),
    };
    string.iter().map(escape).collect()
}

fn duration(event: &Event, out: &mut Vec<u8>) {
    if let Some(response) = event.response.as_ref().filter(|_| event.query_seen) {
        json::number_field("duration", response.delay.unsigned_abs(), out);
    }
}

fn times(event: &Event, out: &mut Vec<u8>) {
    json::key("event", out);
    out.push(b'{');
    constant(r#""category":["network"],"dataset":"network_traffic.dns""#, out);
    duration(event, out);
    if event.response.is_some() {
        time_field("end", event.end(), out);
    }
    json::text_field("kind", "event", out);
    time_field("start", event.time, out);
    constant(r#""type":["connection","protocol"]}"#, out);
}

fn network(event: &Event, bytes: Option<u64>, out: &mut Vec<u8>) {
    json::key("network", out);
    out.push(b'{');
    if let Some(bytes) = bytes {
        json::number_field("bytes", bytes, out);
        json::text_field("community_id", &community_id(event), out);
        json::text_field("direction", "unknown", out);
        json::text_field("protocol", "dns", out);
    }
    json::text_field("transport", if event.transport == Transport::Udp { "udp" } else { "tcp" }, out);
    if bytes.is_some() {
        json::text_field("type", if event.client.is_ipv4() { "ipv4" } else { "ipv6" }, out);
    }
    out.push(b'}');
}

/// The Community ID flow hash, version 1, with seed 0 (corelight/community-id-spec): the lower endpoint first.
fn community_id(event: &Event) -> String {
    let octets = |side: std::net::SocketAddr| match side.ip() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let mut sides = [event.client, event.server].map(|side| (octets(side), side.port()));
    sides.sort();
    let [(low, low_port), (high, high_port)] = sides;
    let protocol = if event.transport == Transport::Udp { 17 } else { 6 };
    let mut hash = Sha1::new();
    for part in [&[0, 0], &low[..], &high, &[protocol, 0], &low_port.to_be_bytes(), &high_port.to_be_bytes()] {
        hash.update(part);
    }
    format!("1:{}", STANDARD.encode(hash.finalize()))
}

fn related(event: &Event, out: &mut Vec<u8>) {
    let mut addresses = vec![event.client.ip(), event.server.ip()];
    addresses.extend(event.answers().iter().filter_map(|answer| answer.data.address()));
    json::key("related", out);
    out.extend_from_slice(b"{\"ip\":[");
    for (at, address) in addresses.iter().enumerate() {
        if !addresses[..at].contains(address) {
            json::comma(out);
            json::string(address.to_string().as_bytes(), out);
        }
    }
    out.extend_from_slice(b"]}");
}

fn status(event: &Event) -> &'static str {
    match &event.response {
        Some(response) if response.rcode == rcode::NOERROR => "OK",
        _ => "Error",
    }
}

fn class(class: u16) -> Cow<'static, str> {
    match class {
        1 => "IN".into(),
        3 => "CH".into(),
        255 => "ANY".into(),
        other => other.to_string().into(),
    }
}

fn type_name(number: u16) -> Cow<'static, str> {
    match number {
        255 => "ANY".into(),
        other => rtype::mnemonic(other).map_or_else(|| other.to_string().into(), Cow::from),
    }
}
