//! Zeek's `dns.log`, tab-separated: the 24 columns of `base/protocols/dns/main.zeek` and the ASCII writer's escapes.
//!
//! Zeek lower-cases names, knows `rtt`, `AA` and `RA` only of responses that carry an answer it understands, and
//! logs no answer of HTTPS records (zeek/zeek issue 5467). A query without a response is written when its
//! connection is forgotten.

use std::borrow::Cow;
use std::io;

use super::{Encode, order::Order, text};
use crate::event::{Event, Rdata, Transport, rtype};
use crate::name::Name;
use crate::random::mix;

const FIELDS: &str = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\t\
    qclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected";
const TYPES: &str = "time\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\t\
    count\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool";

/// How long Zeek keeps a UDP connection on which nothing more happens, in nanoseconds (`udp_inactivity_timeout`).
const FORGOTTEN: i64 = 60_000_000_000;

#[derive(Default)]
pub struct ZeekTsv {
    order: Order,
    opened: bool,
    last: i64,
}

impl ZeekTsv {
    fn open(&mut self, event: &Event, out: &mut Vec<u8>) {
        out.extend_from_slice(
            b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n",
        );
        stamp("#open", event.time, out);
        out.extend_from_slice(format!("#fields\t{FIELDS}\n#types\t{TYPES}\n").as_bytes());
        self.opened = true;
    }
}

impl Encode for ZeekTsv {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        if !self.opened {
            self.open(event, out);
        }
        self.order.release(event.time, out);
        let due = written(event);
        self.last = self.last.max(due);
        self.order.add(due, |record| line(event, record));
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        if self.opened {
            stamp("#close", self.last, out);
        }
        Ok(())
    }
}

/// When Zeek writes the event.
pub(super) fn written(event: &Event) -> i64 {
    if event.response.is_some() { event.end() } else { event.time + FORGOTTEN }
}

fn stamp(word: &str, time: i64, out: &mut Vec<u8>) {
    let civil = text::Civil::from_nanos(time);
    out.extend_from_slice(word.as_bytes());
    out.push(b'\t');
    civil.date(b'-', out);
    out.push(b'-');
    civil.time(b'-', out);
    out.push(b'\n');
}

fn line(event: &Event, out: &mut Vec<u8>) {
    let view = View::of(event);
    text::seconds_micros(event.time, out);
    out.push(b'\t');
    out.extend_from_slice(&uid(event));
    for side in [event.client, event.server] {
        out.push(b'\t');
        text::address(side.ip(), out);
        out.push(b'\t');
        text::number(u64::from(side.port()), out);
    }
    out.extend_from_slice(match event.transport {
        Transport::Udp => b"\tudp\t",
        Transport::Tcp => b"\ttcp\t",
    });
    text::number(u64::from(event.id), out);
    out.push(b'\t');
    match view.rtt {
        Some(rtt) => text::seconds_micros(rtt, out),
        None => out.push(b'-'),
    }
    out.push(b'\t');
    if view.question {
        query(&event.question.name, out);
        out.push(b'\t');
        text::number(u64::from(event.question.class), out);
        out.push(b'\t');
        out.extend_from_slice(class_name(event.question.class).as_bytes());
        out.push(b'\t');
        text::number(u64::from(event.question.rtype), out);
        out.push(b'\t');
        out.extend_from_slice(type_name(event.question.rtype).as_bytes());
    } else if view.answers.is_empty() {
        out.extend_from_slice(b"-\t-\t-\t-\t-");
    } else {
        query(&event.question.name, out);
        out.extend_from_slice(b"\t-\t-\t-\t-");
    }
    match &event.response {
        Some(response) => {
            out.push(b'\t');
            text::number(u64::from(response.rcode), out);
            out.push(b'\t');
            out.extend_from_slice(crate::rcode::mnemonic(response.rcode).unwrap_or("unknown").as_bytes());
        }
        None => out.extend_from_slice(b"\t-\t-"),
    }
    for flag in [view.authoritative, false, view.question && event.recursion_desired, view.recursion_available] {
        out.extend_from_slice(if flag { b"\tT" } else { b"\tF" });
    }
    out.extend_from_slice(b"\t0\t");
    answers(&view, out);
    out.extend_from_slice(b"\tF\n");
}

fn answers(view: &View, out: &mut Vec<u8>) {
    if view.answers.is_empty() {
        out.extend_from_slice(b"-\t-");
        return;
    }
    for (at, (_, value)) in view.answers.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        value.iter().for_each(|&byte| escape(byte, b",", out));
    }
    for (at, (ttl, _)) in view.answers.iter().enumerate() {
        out.push(if at > 0 { b',' } else { b'\t' });
        text::number(u64::from(*ttl), out);
        out.extend_from_slice(b".000000");
    }
}

fn query(name: &Name, out: &mut Vec<u8>) {
    if name.is_root() {
        out.extend_from_slice(b"<Root>");
    }
    let begin = out.len();
    name.write_dotted(out, |byte, out| escape(byte, b"", out));
    out[begin..].make_ascii_lowercase();
}

/// The ASCII writer's escapes: `\xNN` for what is not printable, for separators and for the backslash.
fn escape(byte: u8, separators: &[u8], out: &mut Vec<u8>) {
    if byte == b'\\' {
        out.extend_from_slice(b"\\\\");
    } else if (0x20..0x7f).contains(&byte) && !separators.contains(&byte) {
        out.push(byte);
    } else {
        out.extend_from_slice(b"\\x");
        text::hexadecimal(u64::from(byte), 2, out);
    }
}

/// What Zeek's script keeps of a look-up.
pub(super) struct View {
    /// Whether it saw the question, which it takes from the query only.
    pub question: bool,
    pub rtt: Option<i64>,
    pub authoritative: bool,
    pub recursion_available: bool,
    /// Seconds to live and text of each answer that it has an event for.
    pub answers: Vec<(u32, Vec<u8>)>,
}

impl View {
    pub fn of(event: &Event) -> Self {
        let answers: Vec<(u32, Vec<u8>)> =
            event.answers().iter().filter_map(|answer| Some((answer.ttl, answer_text(&answer.data)?))).collect();
        let understood = event.response.as_ref().filter(|_| !answers.is_empty());
        View {
            question: event.query_seen,
            rtt: understood.map(|response| response.delay).filter(|delay| event.query_seen && *delay >= 1_000),
            authoritative: understood.is_some_and(|response| response.authoritative),
            recursion_available: understood.is_some_and(|response| response.recursion_available),
            answers,
        }
    }
}

/// The text of an answer; `None` for types whose events no script handles.
fn answer_text(data: &Rdata) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut name = |name: &Name| {
        if name.is_root() {
            out.extend_from_slice(b"<Root>");
        }
        name.write_dotted(&mut out, |byte, out| out.push(byte));
        out.make_ascii_lowercase();
    };
    match data {
        Rdata::A(address) => text::address((*address).into(), &mut out),
        Rdata::Aaaa(address) => text::address((*address).into(), &mut out),
        Rdata::Cname(target) | Rdata::Ns(target) | Rdata::Ptr(target) => name(target),
        Rdata::Mx { exchange, .. } => name(exchange),
        Rdata::Srv { target, .. } => name(target),
        Rdata::Soa { server, .. } => name(server),
        Rdata::Txt(strings) => {
            for (at, string) in strings.iter().enumerate() {
                let gap = if at > 0 { " " } else { "" };
                out.extend_from_slice(format!("{gap}TXT {} ", string.len()).as_bytes());
                out.extend_from_slice(string);
            }
        }
        Rdata::Other { rtype: 64 | rtype::HTTPS, .. } => return None,
        Rdata::Other { rtype, .. } => out.extend_from_slice(format!("<unknown type={rtype}>").as_bytes()),
    }
    Some(out)
}

pub(super) fn class_name(class: u16) -> Cow<'static, str> {
    match class {
        1 => "C_INTERNET".into(),
        3 => "C_CHAOS".into(),
        4 => "C_HESIOD".into(),
        254 => "C_NONE".into(),
        255 => "C_ANY".into(),
        other => format!("qclass-{other}").into(),
    }
}

pub(super) fn type_name(number: u16) -> Cow<'static, str> {
    match number {
        255 => "*".into(),
        other => rtype::mnemonic(other).map_or_else(|| format!("query-{other}").into(), Cow::from),
    }
}

/// A connection id: `C` and 17 characters, the same for the same four-tuple.
pub(super) fn uid(event: &Event) -> [u8; 18] {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let word = |ip: std::net::IpAddr| match ip {
        std::net::IpAddr::V4(v4) => u64::from(u32::from(v4)),
        std::net::IpAddr::V6(v6) => u128::from(v6) as u64 ^ (u128::from(v6) >> 64) as u64,
    };
    let ports = u64::from(event.client.port()) << 16 | u64::from(event.server.port());
    let mut state = mix(mix(word(event.client.ip())) ^ mix(word(event.server.ip()).rotate_left(32)) ^ mix(ports));
    let mut uid = [b'C'; 18];
    for (at, character) in uid.iter_mut().enumerate().skip(1) {
        if at == 10 {
            state = mix(state ^ ports);
        }
        *character = ALPHABET[(state % 62) as usize];
        state /= 62;
    }
    uid
}
