//! The tunnels that can be hidden in the traffic, each with the names, record types and pace of a real tool.
//!
//! The payloads are random characters; nothing here can carry data. The shapes are those of the tools: iodine's
//! base32 labels of 57 characters (its `man` page and protocol notes), dnscat2's hexadecimal labels of 60
//! characters, and a beacon that asks for a TXT record at long, even intervals.

use std::net::SocketAddr;
use std::sync::Arc;

use super::clock::Clock;
use super::names::HEX;
use crate::event::{Answer, Event, Question, Rdata, Response, Transport, rcode, rtype};
use crate::name::Name;
use crate::random::Random;

/// Which tool a tunnel looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// IP over DNS: a stream of NULL (or CNAME) queries as long as a name can be, and short polls.
    Iodine,
    /// A command shell over TXT, CNAME and MX.
    Dnscat2,
    /// A beacon: one long TXT query now and then.
    Beacon,
}

/// A tunnel to hide.
#[derive(Clone, Debug)]
pub struct Tunnel {
    pub tool: Tool,
    pub queries: u64,
    /// Which client runs it, by number.
    pub client: usize,
    /// The domain whose name server is the other end.
    pub domain: String,
    /// When it begins and ends, as fractions of the span.
    pub active: (f64, f64),
}

impl Tool {
    pub const ALL: [(&'static str, Tool); 3] =
        [("iodine", Tool::Iodine), ("dnscat2", Tool::Dnscat2), ("beacon", Tool::Beacon)];

    pub fn named(name: &str) -> Option<Tool> {
        Tool::ALL.iter().find(|(known, _)| *known == name).map(|(_, tool)| *tool)
    }
}

const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz012345";

/// The events of one tunnel, in order.
pub(super) struct TunnelStream {
    tool: Tool,
    domain: Name,
    client: SocketAddr,
    server: SocketAddr,
    clock: Clock,
    random: Random,
    /// The hexadecimal session id that the tools repeat in every name.
    session: Vec<u8>,
}

impl TunnelStream {
    pub(super) fn new(
        tunnel: &Tunnel,
        start: i64,
        span: i64,
        client: SocketAddr,
        server: SocketAddr,
        mut random: Random,
    ) -> Option<Self> {
        let (from, to) = tunnel.active;
        let begin = start + (span as f64 * from) as i64;
        let length = (span as f64 * (to - from)) as i64;
        let jitter = if tunnel.tool == Tool::Beacon { 0.3 } else { 1.0 };
        let mut session = Vec::new();
        random.characters(HEX, 8, &mut session);
        Some(TunnelStream {
            tool: tunnel.tool,
            domain: Name::from_text(&tunnel.domain).ok()?,
            client,
            server,
            clock: Clock::steady(begin, length, tunnel.queries, jitter),
            random,
            session,
        })
    }

    fn labels(&mut self) -> (u16, Vec<Vec<u8>>) {
        match self.tool {
            Tool::Iodine => (rtype::NULL, self.iodine_labels()),
            Tool::Dnscat2 => (*self.random.pick(&[rtype::TXT, rtype::CNAME, rtype::MX]), self.dnscat2_labels()),
            Tool::Beacon => (rtype::TXT, self.beacon_labels()),
        }
    }

    /// Polls of a few characters, and data that fills labels of 57.
    fn iodine_labels(&mut self) -> Vec<Vec<u8>> {
        if self.random.chance(0.25) {
            let mut poll = vec![b'p'];
            self.random.characters(BASE32, 6, &mut poll);
            return vec![poll];
        }
        let room = 250 - self.domain.wire().len() - 4;
        let mut left = if self.random.chance(0.6) { room } else { 24 + self.random.index(room - 24) };
        let mut text = vec![b'0'];
        let mut labels = Vec::new();
        while left > 0 {
            let take = left.min(57 - text.len());
            self.random.characters(BASE32, take, &mut text);
            labels.push(std::mem::take(&mut text));
            left = left.saturating_sub(take + 1);
        }
        labels
    }

    /// A packet id and the session, then the payload in hexadecimal labels of at most 60; idle packets are short.
    fn dnscat2_labels(&mut self) -> Vec<Vec<u8>> {
        let mut text = Vec::new();
        self.random.characters(HEX, 4, &mut text);
        text.extend_from_slice(b"01");
        text.extend_from_slice(&self.session);
        let payload = if self.random.chance(0.35) { 20 } else { 60 + 2 * self.random.index(70) };
        self.random.characters(HEX, payload, &mut text);
        text.chunks(60).map(<[u8]>::to_vec).collect()
    }

    /// A block of base32, a counter, and the id of the host.
    fn beacon_labels(&mut self) -> Vec<Vec<u8>> {
        let mut block = Vec::new();
        let length = 34 + self.random.index(8);
        self.random.characters(BASE32, length, &mut block);
        let mut counter = Vec::new();
        self.random.characters(HEX, 4, &mut counter);
        vec![block, counter, self.session.clone()]
    }

    fn answer(&mut self, name: &Name, rtype: u16) -> Answer {
        let mut text = Vec::new();
        let length = 18 + 2 * self.random.index(40);
        let data = match rtype {
            rtype::NULL => {
                let bytes: Vec<u8> = (0..length * 4).map(|_| self.random.word() as u8).collect();
                Rdata::Other { rtype, data: Arc::from(bytes) }
            }
            rtype::TXT => {
                self.random.characters(HEX, length, &mut text);
                Rdata::Txt(Arc::from([text]))
            }
            _ => {
                self.random.characters(HEX, length.min(60), &mut text);
                let labels = [text.as_slice()].into_iter().chain(self.domain.labels());
                let target = Name::from_labels(labels).unwrap_or_else(|_| name.clone());
                match rtype {
                    rtype::MX => Rdata::Mx { preference: 10, exchange: target },
                    _ => Rdata::Cname(target),
                }
            }
        };
        Answer { name: name.clone(), ttl: if self.tool == Tool::Iodine { 0 } else { 60 }, data }
    }
}

impl Iterator for TunnelStream {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let time = self.clock.next(&mut self.random)?;
        let (rtype, labels) = self.labels();
        let labels = labels.iter().map(Vec::as_slice).chain(self.domain.labels());
        let name = Name::from_labels(labels).ok()?;
        let answer = self.answer(&name, rtype);
        let delay = 30_000_000 + (self.random.unit() * 60_000_000.0) as i64;
        Some(Event {
            time,
            client: self.client,
            server: self.server,
            transport: Transport::Udp,
            id: self.random.word() as u16,
            question: Question { name, rtype, class: 1 },
            recursion_desired: true,
            query_seen: true,
            response: Some(Response {
                delay,
                rcode: rcode::NOERROR,
                authoritative: false,
                recursion_available: true,
                answers: vec![answer],
            }),
        })
    }
}
