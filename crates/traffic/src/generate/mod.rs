//! A seeded generator of DNS traffic: benign look-ups of many clients, with tunnels hidden among them.
//!
//! The events come one by one in the order of their time, so that any number of them needs no memory. The same
//! configuration gives the same events on every machine.

mod benign;
mod clock;
mod names;
mod tunnel;

use std::net::{IpAddr, SocketAddr};

use benign::{BenignStream, client_address, resolver};
use clock::Clock;
use tunnel::TunnelStream;
pub use tunnel::{Tool, Tunnel};

use crate::event::Event;
use crate::random::Random;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Config {
    /// All events, those of the tunnels included.
    pub events: u64,
    pub seed: u64,
    /// How many clients there are; at least 1.
    pub clients: usize,
    /// The first time, in nanoseconds since 1970 UTC.
    pub start: i64,
    /// How long the traffic lasts, in nanoseconds.
    pub span: i64,
    pub tunnels: Vec<Tunnel>,
}

/// 2026-06-01T00:00:00Z, in seconds: where the traffic begins unless told otherwise.
pub const START: i64 = 1_780_272_000;

impl Default for Config {
    /// A day of a million look-ups by 500 clients, with the [`tunnels_for`] that many.
    fn default() -> Self {
        let events = 1_000_000;
        Config {
            events,
            seed: 7,
            clients: 500,
            start: START * 1_000_000_000,
            span: 86_400 * 1_000_000_000,
            tunnels: tunnels_for(events, 500),
        }
    }
}

/// One tunnel of each tool, in three clients: two loud ones whose queries are a share of all, and a beacon so quiet that
/// a rule may be less sure of it.
pub fn tunnels_for(events: u64, clients: usize) -> Vec<Tunnel> {
    let tunnel = |tool, queries, place: usize, domain: &str, active| Tunnel {
        tool,
        queries,
        client: place * clients / 1000,
        domain: domain.to_string(),
        active,
    };
    vec![
        tunnel(Tool::Iodine, (events / 400).max(60), 86, "t1.example.net", (0.40, 0.52)),
        tunnel(Tool::Dnscat2, (events / 1000).max(80), 424, "cdn-sync.example.org", (0.30, 0.75)),
        tunnel(Tool::Beacon, 38, 742, "telemetry.example.info", (0.02, 0.98)),
    ]
}

/// The events of a configuration, ascending by time.
pub struct Traffic {
    streams: Vec<(Option<Event>, Box<dyn Iterator<Item = Event>>)>,
}

impl Traffic {
    pub fn new(config: &Config) -> Self {
        let random = Random::new(config.seed);
        let clients = config.clients.max(1);
        let mut streams: Vec<Box<dyn Iterator<Item = Event>>> = Vec::new();
        let mut left = config.events;
        for (at, tunnel) in config.tunnels.iter().enumerate() {
            let tunnel =
                Tunnel { queries: tunnel.queries.min(left), client: tunnel.client % clients, ..tunnel.clone() };
            left -= tunnel.queries;
            let mut fork = random.fork(100 + at as u64);
            let port = 49_152 + fork.below(16_384) as u16;
            let client = SocketAddr::new(IpAddr::V4(client_address(tunnel.client)), port);
            let server = resolver(tunnel.client);
            if let Some(stream) = TunnelStream::new(&tunnel, config.start, config.span, client, server, fork) {
                streams.push(Box::new(stream));
            }
        }
        let clock = Clock::daily(config.start, config.span, left);
        streams.push(Box::new(BenignStream::new(clients, clock, random)));
        let streams = streams.into_iter().map(|mut stream| (stream.next(), stream)).collect();
        Traffic { streams }
    }
}

impl Iterator for Traffic {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let time = |head: &Option<Event>| head.as_ref().map_or(i64::MAX, |event| event.time);
        let (head, stream) = self.streams.iter_mut().min_by_key(|(head, _)| time(head))?;
        std::mem::replace(head, stream.next())
    }
}
