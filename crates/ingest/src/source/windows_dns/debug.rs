//! Packet lines of the debug log, alone or with the packet's details below.
//!
//! ```text
//! 7/9/2013 9:52:23 AM 0E54 PACKET  00000000028657F0 UDP Rcv 10.0.0.1  2ff4 R Q [8081   DR  NOERROR] A  (3)www(3)com(0)
//! ```
//!
//! Date and time, thread, context, the packet's address in memory, transport, direction, remote address, transaction id,
//! `R` for a response, opcode, flags (in hexadecimal with the bytes swapped, then as letters) and response code, type,
//! name: so says the key at the top of the file. Lines of other contexts (`EVENT`, `TIMER` ...) are counted.

use super::{date::Order, details::Details, names};
use crate::{
    Zone,
    dns::{Answer, Counts, Event, Flags, Message, Question},
    network::{Endpoint, Flow, Host, Outcome, Profile},
    source::{
        Framing,
        lines::{Format, Out},
    },
};
use schema::dns;
use std::{borrow::Cow, net::IpAddr};

#[derive(Clone)]
pub struct Packets {
    order: Order,
    zone: Zone,
    /// Whether the details of packets are logged; lines belong together then.
    detailed: bool,
    /// The last packet, whose details may follow.
    last: Option<Packet>,
}

/// A packet line, read.
#[derive(Clone, Debug, PartialEq)]
struct Packet {
    /// Nanoseconds since the epoch.
    time: i64,
    offset: u64,
    tcp: bool,
    sent: bool,
    remote: IpAddr,
    id: u16,
    response: bool,
    flags: u16,
    ty: Cow<'static, str>,
    /// None if it is in no form of a name.
    name: Option<String>,
    details: Details,
}

impl Packets {
    pub fn new(order: Order, zone: Zone, detailed: bool) -> Self {
        Packets { order, zone, detailed, last: None }
    }

    fn emit_last(&mut self, out: &mut Out<'_>) {
        if let Some(packet) = self.last.take() {
            packet.emit(out);
        }
    }
}

impl Format for Packets {
    const PROFILE: Profile = Profile {
        dataset: "microsoft_dnsserver.debug",
        module: "microsoft_dnsserver",
        outcome: Outcome::Unset,
        types: &["protocol"],
        ..Profile::NETWORK
    };

    fn framing(&self) -> Framing {
        if self.detailed { Framing::Bytes } else { Framing::Lines }
    }

    fn line(&mut self, line: &[u8], out: &mut Out<'_>) {
        let Some((seconds, rest)) = self.order.read(line) else {
            match &mut self.last {
                Some(packet) => packet.details.line(line),
                // The key at the top, or details of a packet in another piece of the log.
                None => out.other(),
            }
            return;
        };
        self.emit_last(out);
        if !is_packet(line) {
            return out.other();
        }
        let time = self.zone.utc(seconds).checked_mul(1_000_000_000);
        match time.and_then(|time| packet(time, out.offset, rest)) {
            Some(packet) if self.detailed => self.last = Some(packet),
            Some(packet) => packet.emit(out),
            None => out.unreadable("the packet line does not have the fields of the key"),
        }
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        self.emit_last(out);
    }
}

/// Whether a line is about a packet.
pub fn is_packet(line: &[u8]) -> bool {
    let transport = |word: &[u8]| memchr::memmem::find(line, word).is_some();
    memchr::memmem::find(line, b" PACKET ").is_some()
        && [&b" UDP Rcv "[..], b" UDP Snd ", b" TCP Rcv ", b" TCP Snd "].into_iter().any(transport)
}

/// Reads what follows the time.
fn packet(time: i64, offset: u64, rest: &[u8]) -> Option<Packet> {
    let open = memchr::memchr(b'[', rest)?;
    let close = open + memchr::memchr(b']', &rest[open..])?;
    let before = std::str::from_utf8(&rest[..open]).ok()?;
    // The remote end begins at the transport, wherever that stands.
    let mut words = before.split_ascii_whitespace().skip_while(|word| !matches!(*word, "UDP" | "TCP"));
    let (transport, direction) = (words.next()?, words.next()?);
    let remote = words.next()?.parse().ok()?;
    let id = u16::from_str_radix(words.next()?, 16).ok()?;
    let flags = std::str::from_utf8(&rest[open + 1..close]).ok()?;
    let flags = u16::from_str_radix(flags.split_ascii_whitespace().next()?, 16).ok()?.swap_bytes();
    let asked = rest.get(close + 1..)?.trim_ascii();
    let type_end = asked.iter().position(u8::is_ascii_whitespace).unwrap_or(asked.len());
    let (ty, name) = asked.split_at(type_end);
    Some(Packet {
        time,
        offset,
        tcp: transport == "TCP",
        sent: direction == "Snd",
        remote,
        id,
        response: words.next() == Some("R"),
        flags,
        ty: type_name(std::str::from_utf8(ty).ok()?),
        name: name_text(name.trim_ascii()),
        details: Details::default(),
    })
}

pub fn name_text(name: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    names::write(name, &mut text).then(|| String::from_utf8_lossy(&text).into_owned())
}

/// The server's mnemonic, or the number that it prints where it has none.
pub fn type_name(word: &str) -> Cow<'static, str> {
    let number = if word == "ALL" { Some(255) } else { dns::rr_type_number(word).or_else(|| word.parse().ok()) };
    number.map_or_else(|| Cow::Owned(word.to_owned()), dns::rr_type_name)
}

impl Packet {
    fn emit(&self, out: &mut Out<'_>) {
        let remote = Endpoint {
            port: self.details.port,
            ..Endpoint { host: Some(Host::Ip(self.remote)), ..Endpoint::default() }
        };
        let bytes = self.details.length;
        let here = Endpoint { port: self.port_here(), ..Endpoint::default() };
        let (source, destination) = if self.sent { (here, remote) } else { (remote, here) };
        let answers: Vec<_> = self
            .details
            .answers
            .iter()
            .map(|answer| Answer {
                name: Some(&answer.name),
                ty: Some(&answer.ty),
                class: Some("IN"),
                ttl: answer.ttl,
                data: Some(&answer.data),
            })
            .collect();
        let code = dns::rcode_name(self.flags & 0xF);
        let op_code = dns::opcode_name((self.flags >> 11) as u8 & 0xF);
        out.event_at(
            &Event {
                flow: Flow {
                    time: Some(self.time),
                    source: Endpoint { bytes, ..source },
                    destination,
                    reply: self.response,
                    transport: Some(if self.tcp { "tcp" } else { "udp" }),
                    protocol: Some("dns"),
                    direction: Some(if self.sent { "egress" } else { "ingress" }),
                    outcome: self.response.then_some(if code == "NOERROR" { "success" } else { "failure" }),
                    ..Flow::default()
                },
                message: Some(if self.response { Message::Answer } else { Message::Query }),
                id: Some(self.id.into()),
                op_code: Some(&op_code),
                response_code: self.response.then_some(&*code),
                flags: Flags::from_header(self.flags),
                question: Question {
                    name: self.name.as_deref(),
                    ty: Some(&self.ty),
                    class: Some("IN"),
                    ..Question::default()
                },
                answers: &answers,
                counts: Counts { answers: self.details.count, ..Counts::default() },
            },
            self.offset,
        );
    }

    /// The server itself is at port 53 where it is asked; where it asks, its port is not in the log.
    fn port_here(&self) -> Option<u16> {
        (self.sent == self.response).then_some(53)
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{lines::tests::events, windows_dns::WindowsDnsDebug};

    const FIELDS: [&str; 10] = [
        "@timestamp",
        "dns.type",
        "source.ip",
        "source.port",
        "destination.ip",
        "dns.id",
        "dns.header_flags",
        "dns.response_code",
        "dns.question.type",
        "dns.question.name",
    ];
    const HEADER: &str = "DNS Server log file creation at 7/19/2013 9:52:23 AM\r\nLog file wrap at 7/19/2013 9:52:23 AM\r\n\r\n\
        Message logging key (for packets - other items use a subset of these fields):\r\n\tField #  Information\r\n\r\n";

    fn read(text: &str) -> Vec<String> {
        let (found, tally) = events(&WindowsDnsDebug, text.as_bytes(), 100, &FIELDS);
        assert_eq!(tally.unreadable, 0, "{:?}", tally.examples);
        found
    }

    #[test]
    fn packet_lines_are_events() {
        for (line, expected) in [
            (
                "7/19/2013 9:52:26 AM 0E54 PACKET  00000000028657F0 UDP Rcv 10.0.0.1        2ff4   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)",
                "2013-07-19T09:52:26|query|10.0.0.1|||12276|[RD]||A|www.example.com",
            ),
            (
                "7/19/2013 9:52:26 PM 0E54 PACKET  00000000028657F0 TCP Snd 2001:db8::1     2ff4 R Q [8385 A DR NXDOMAIN] ALL    (0)",
                "2013-07-19T21:52:26|answer||53|2001:db8::1|12276|[AA, RD, RA]|NXDOMAIN|ANY|.",
            ),
            (
                "7/19/2013 9:52:26 AM 00DC PACKET 192.168.2.2  00000000016B80A0 UDP Rcv ::1 9ebb   N [0028       NOERROR] 65 (5)a.b c(0)",
                "2013-07-19T09:52:26|query|::1|||40635|||HTTPS|a\\.b\\ c",
            ),
        ] {
            assert_eq!(read(&format!("{HEADER}{line}\r\n\r\n")), [expected], "{line}");
        }
    }

    #[test]
    fn other_lines_are_counted_and_broken_ones_shown() {
        let text = format!(
            "{HEADER}7/19/2013 9:52:26 AM 0E54 EVENT   The DNS server has started.\r\n\
             7/19/2013 9:52:26 AM 0E54 PACKET  00000000028657F0 UDP Rcv 10.0.0.999   2ff4   Q [0001   D   NOERROR] A (1)a(0)\r\n\
             7/19/2013 9:52:26 AM 0E54 PACKET  00000000028657F0 UDP Rcv 10.0.0.9   2ff4   Q [0001   D   NOERROR] A (1)a(0)\r\n"
        );
        let (found, tally) = events(&WindowsDnsDebug, text.as_bytes(), 1 << 20, &FIELDS);
        assert_eq!((found.len(), tally.unreadable, tally.other), (1, 1, 7));
    }

    const DETAILS: &str = "\
7/19/2013 9:52:26 AM 0E54 PACKET  00000000028657F0 UDP Snd 10.0.0.1        2ff4 R Q [8081   DR  NOERROR] A      (3)www(7)example(3)com(0)
UDP response info at 00000000028657F0
  Socket = 812
  Remote addr 10.0.0.1, port 60580
  Time Query=0, Queued=0, Expire=0
  Buf length = 0x0500 (1280)
  Msg length = 0x0036 (54)
  Message:
    XID       0x2ff4
    Flags     0x8180
      QR        1 (RESPONSE)
      RCODE     0 (NOERROR)
    QCOUNT    1
    ACOUNT    2
    NSCOUNT   0
    ARCOUNT   0
    QUESTION SECTION:
    Offset = 0x000c, RR count = 0
    Name      \"(3)www(7)example(3)com(0)\"
      QTYPE   A (1)
      QCLASS  1
    ANSWER SECTION:
    Offset = 0x0020, RR count = 0
    Name      \"[C00C](3)www(7)example(3)com(0)\"
      TYPE   CNAME  (5)
      CLASS  1
      TTL    300
      DLEN   4
      DATA   (1)x[C010](7)example(3)com(0)
    Offset = 0x0030, RR count = 1
    Name      \"(1)x[C010](7)example(3)com(0)\"
      TYPE   A  (1)
      CLASS  1
      TTL    60
      DLEN   4
      DATA   192.0.2.1
    AUTHORITY SECTION:
    Offset = 0x0040, RR count = 0
    Name      \"(3)com(0)\"
      TYPE   NS  (2)
      CLASS  1
      TTL    60
      DLEN   4
      DATA   (2)ns(3)com(0)
    ADDITIONAL SECTION:
      empty

";

    #[test]
    fn details_belong_to_the_packet_above_them() {
        let fields = [
            "destination.port",
            "source.bytes",
            "dns.answers.name",
            "dns.answers.type",
            "dns.answers.ttl",
            "dns.answers.data",
            "dns.resolved_ip",
            "dns.answers_count",
        ];
        let text = DETAILS.repeat(2);
        for chunk in [1, 50, 1 << 20] {
            let (found, tally) = events(&WindowsDnsDebug, text.as_bytes(), chunk, &fields);
            let expected = "60580|54|[www.example.com, x.example.com]|[CNAME, A]|[300, 60]|\
                            [x.example.com, 192.0.2.1]|[192.0.2.1]|2";
            assert_eq!((found, tally.unreadable), (vec![expected.to_owned(); 2], 0));
        }
    }
}
