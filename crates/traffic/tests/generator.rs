//! The generator against the first built-in rule, computed here in the plainest way: benign traffic stays below it in
//! every size, and each tunnel is above it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use traffic::encode;
use traffic::generate::{Config, Traffic, tunnels_for};
use traffic::{Event, rtype};

const TYPES: [u16; 6] = [rtype::TXT, rtype::NULL, rtype::CNAME, rtype::MX, rtype::A, rtype::AAAA];

/// Queries, distinct names and mean length of the names that the rule looks at, for clients that it reports.
fn findings(events: impl Iterator<Item = Event>) -> BTreeMap<IpAddr, (usize, usize, usize)> {
    let mut names: BTreeMap<IpAddr, Vec<String>> = BTreeMap::new();
    for event in events {
        let name = event.question.name.to_string();
        if TYPES.contains(&event.question.rtype) && (name.len() > 50 || name.split('.').count() > 5) {
            names.entry(event.client.ip()).or_default().push(name);
        }
    }
    let judged = names.into_iter().map(|(client, names)| {
        let distinct = names.iter().collect::<BTreeSet<_>>().len();
        let mean = names.iter().map(String::len).sum::<usize>() / names.len();
        (client, (names.len(), distinct, mean))
    });
    judged.filter(|(_, (queries, distinct, mean))| *queries > 20 && *distinct > 10 && *mean >= 40).collect()
}

fn config(events: u64, clients: usize, seed: u64, tunnels: bool) -> Config {
    let tunnels = if tunnels { tunnels_for(events, clients) } else { vec![] };
    Config { events, clients, seed, tunnels, ..Config::default() }
}

#[test]
fn benign_traffic_stays_below_the_rule() {
    for (events, clients, seed) in [(25_000, 500, 7), (25_000, 20, 7), (10_000, 300, 1), (3_000, 12, 2)] {
        let found = findings(Traffic::new(&config(events, clients, seed, false)));
        assert!(found.is_empty(), "{events} events of {clients} clients with seed {seed}: {found:?}");
    }
}

#[test]
fn every_tunnel_is_above_the_rule() {
    for (events, clients) in [(20_000, 500), (3_000, 12)] {
        let found = findings(Traffic::new(&config(events, clients, 7, true)));
        assert_eq!(found.len(), 3, "{found:?}");
    }
}

#[test]
fn there_are_as_many_events_as_asked_for_in_order_and_in_the_span() {
    let config = config(5_000, 40, 3, true);
    let events: Vec<Event> = Traffic::new(&config).collect();
    assert_eq!(events.len(), 5_000);
    assert!(events.is_sorted_by_key(|event| event.time));
    assert!(events.iter().all(|event| (config.start..config.start + config.span).contains(&event.time)));
}

#[test]
fn a_seed_gives_the_same_bytes_in_every_format() {
    for format in &encode::FORMATS {
        let bytes = |seed| {
            let events: Vec<Event> = Traffic::new(&config(300, 10, seed, true)).collect();
            encode::to_bytes(&mut *(format.encoder)(), &events).unwrap()
        };
        assert_eq!(bytes(7), bytes(7), "{}", format.name);
        assert!(format.name == "null" || bytes(7) != bytes(8), "{}", format.name);
    }
}
