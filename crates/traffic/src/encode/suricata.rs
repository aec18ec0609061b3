//! Suricata's EVE `dns` records: one for the query, one for the answer.
//!
//! Version 2 is what Suricata 5 to 7 write: `query` and `answer`, the answers in detail and grouped by type, and the
//! client as the source of both records. Version 3 is Suricata 8's: `request` and `response`, the questions in a
//! list, and the answering server as the source of the response (Suricata user guide, "DNS EVE Logging Changes for 8.0").
//! IPv6 addresses are written out in full, record types that Suricata does not take apart have no `rdata`.

use std::borrow::Cow;
use std::io;
use std::net::{Ipv6Addr, SocketAddr};

use super::{Encode, json, order::Order, text};
use crate::event::{Answer, Event, Rdata, Response, Transport, rcode, rtype};
use crate::random::mix;

pub struct Suricata {
    version: u8,
    order: Order,
}

impl Suricata {
    pub fn version_2() -> Self {
        Suricata { version: 2, order: Order::default() }
    }

    pub fn version_3() -> Self {
        Suricata { version: 3, order: Order::default() }
    }
}

impl Encode for Suricata {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.release(event.time, out);
        let version = self.version;
        if event.query_seen {
            self.order.add(event.time, |record| {
                common(event.time, event, event.client, event.server, record);
                match version {
                    2 => query_2(event, record),
                    _ => message_3(event, None, record),
                }
            });
        }
        if let Some(response) = &event.response {
            self.order.add(event.end(), |record| match version {
                2 => {
                    common(event.end(), event, event.client, event.server, record);
                    answer_2(event, response, record);
                }
                _ => {
                    common(event.end(), event, event.server, event.client, record);
                    message_3(event, Some(response), record);
                }
            });
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        Ok(())
    }
}

/// What every record begins with, up to and including the opening of `dns`.
fn common(time: i64, event: &Event, source: SocketAddr, destination: SocketAddr, out: &mut Vec<u8>) {
    let civil = text::Civil::from_nanos(time);
    out.extend_from_slice(b"{\"timestamp\":\"");
    civil.date(b'-', out);
    out.push(b'T');
    civil.time(b':', out);
    out.push(b'.');
    text::padded(civil.nano / 1_000, 6, out);
    out.extend_from_slice(b"+0000\"");
    json::number_field("flow_id", flow_id(event), out);
    json::text_field("in_iface", "eth0", out);
    json::text_field("event_type", "dns", out);
    json::address_field("src_ip", source.ip(), out);
    json::number_field("src_port", u64::from(source.port()), out);
    json::address_field("dest_ip", destination.ip(), out);
    json::number_field("dest_port", u64::from(destination.port()), out);
    json::text_field("proto", if event.transport == Transport::Udp { "UDP" } else { "TCP" }, out);
    json::text_field("pkt_src", "wire/pcap", out);
    json::key("dns", out);
    out.push(b'{');
}

/// Suricata's flow ids have 51 bits or so, to fit a JSON number.
fn flow_id(event: &Event) -> u64 {
    let client = match event.client.ip() {
        std::net::IpAddr::V4(v4) => u64::from(u32::from(v4)),
        std::net::IpAddr::V6(v6) => u128::from(v6) as u64,
    };
    mix(mix(client) ^ u64::from(event.client.port())) >> 13
}

fn query_2(event: &Event, out: &mut Vec<u8>) {
    json::text_field("type", "query", out);
    json::number_field("id", u64::from(event.id), out);
    question(event, out);
    json::number_field("tx_id", 0, out);
    json::number_field("opcode", 0, out);
    out.extend_from_slice(b"}}\n");
}

fn answer_2(event: &Event, response: &Response, out: &mut Vec<u8>) {
    json::number_field("version", 2, out);
    json::text_field("type", "answer", out);
    json::number_field("id", u64::from(event.id), out);
    flags(event.response_flags(response), out);
    json::number_field("opcode", 0, out);
    question(event, out);
    code(response.rcode, out);
    answers(&response.answers, out);
    out.extend_from_slice(b"}}\n");
}

fn message_3(event: &Event, response: Option<&Response>, out: &mut Vec<u8>) {
    json::number_field("version", 3, out);
    json::text_field("type", if response.is_some() { "response" } else { "request" }, out);
    json::number_field("tx_id", u64::from(response.is_some()), out);
    json::number_field("id", u64::from(event.id), out);
    flags(response.map_or(event.query_flags(), |response| event.response_flags(response)), out);
    json::number_field("opcode", 0, out);
    code(response.map_or(0, |response| response.rcode), out);
    json::key("queries", out);
    out.extend_from_slice(b"[{");
    question(event, out);
    out.extend_from_slice(b"}]");
    answers(response.map_or(&[], |response| &response.answers), out);
    out.extend_from_slice(b"}}\n");
}

fn question(event: &Event, out: &mut Vec<u8>) {
    json::key("rrname", out);
    json::dotted(&event.question.name, out);
    json::text_field("rrtype", &type_name(event.question.rtype), out);
}

fn flags(word: u16, out: &mut Vec<u8>) {
    json::text_field("flags", &format!("{word:x}"), out);
    for (bit, name) in [(0x8000, "qr"), (0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra")] {
        if word & bit != 0 {
            json::flag_field(name, true, out);
        }
    }
}

fn code(code: u8, out: &mut Vec<u8>) {
    match rcode::mnemonic(code) {
        Some(name) => json::text_field("rcode", name, out),
        None => json::text_field("rcode", &code.to_string(), out),
    }
}

fn answers(answers: &[Answer], out: &mut Vec<u8>) {
    if answers.is_empty() {
        return;
    }
    json::key("answers", out);
    out.push(b'[');
    for answer in answers {
        let values = values(&answer.data);
        for value in values.iter().map(Some).chain(values.is_empty().then_some(None)) {
            json::comma(out);
            out.push(b'{');
            json::key("rrname", out);
            json::dotted(&answer.name, out);
            json::text_field("rrtype", &type_name(answer.data.rtype()), out);
            json::number_field("ttl", u64::from(answer.ttl), out);
            if let Some((key, value)) = value {
                json::key(key, out);
                out.extend_from_slice(value);
            }
            out.push(b'}');
        }
    }
    out.push(b']');
    grouped(answers, out);
}

fn grouped(answers: &[Answer], out: &mut Vec<u8>) {
    json::key("grouped", out);
    out.push(b'{');
    for (at, answer) in answers.iter().enumerate() {
        let rtype = answer.data.rtype();
        let first = !answers[..at].iter().any(|earlier| earlier.data.rtype() == rtype);
        if !first || values(&answer.data).is_empty() {
            continue;
        }
        json::key(&type_name(rtype), out);
        out.push(b'[');
        for other in answers.iter().filter(|other| other.data.rtype() == rtype) {
            for (_, value) in values(&other.data) {
                json::comma(out);
                out.extend_from_slice(&value);
            }
        }
        out.push(b']');
    }
    out.push(b'}');
}

/// What Suricata says of a record: a key, and JSON. A TXT record has one for each string.
fn values(data: &Rdata) -> Vec<(&'static str, Vec<u8>)> {
    let mut out = Vec::new();
    match data {
        Rdata::A(address) => json::string(address.to_string().as_bytes(), &mut out),
        Rdata::Aaaa(address) => json::string(written_out(*address).as_bytes(), &mut out),
        Rdata::Cname(name) | Rdata::Ns(name) | Rdata::Ptr(name) => json::dotted(name, &mut out),
        Rdata::Mx { exchange, .. } => json::dotted(exchange, &mut out),
        Rdata::Txt(strings) => {
            let string = |text: &Vec<u8>| {
                let mut out = Vec::new();
                json::string(text, &mut out);
                ("rdata", out)
            };
            return strings.iter().map(string).collect();
        }
        Rdata::Srv { priority, weight, port, target } => {
            out.push(b'{');
            for (name, value) in [("priority", priority), ("weight", weight), ("port", port)] {
                json::number_field(name, u64::from(*value), &mut out);
            }
            json::key("name", &mut out);
            json::dotted(target, &mut out);
            out.push(b'}');
            return vec![("srv", out)];
        }
        Rdata::Soa { server, mailbox, serial } => {
            out.push(b'{');
            for (key, name) in [("mname", server), ("rname", mailbox)] {
                json::key(key, &mut out);
                json::dotted(name, &mut out);
            }
            let numbers =
                [("serial", *serial), ("refresh", 7_200), ("retry", 900), ("expire", 1_209_600), ("minimum", 300)];
            for (name, value) in numbers {
                json::number_field(name, u64::from(value), &mut out);
            }
            out.push(b'}');
            return vec![("soa", out)];
        }
        Rdata::Other { rtype: rtype::NULL, data } => json::string(data, &mut out),
        Rdata::Other { .. } => return vec![],
    }
    vec![("rdata", out)]
}

/// All eight groups with all their zeros.
fn written_out(address: Ipv6Addr) -> String {
    address.segments().map(|group| format!("{group:04x}")).join(":")
}

fn type_name(number: u16) -> Cow<'static, str> {
    match number {
        255 => "ANY".into(),
        other => rtype::mnemonic(other).map_or_else(|| other.to_string().into(), Cow::from),
    }
}
