//! The same look-ups in every encoding of `traffic`, read back: each source finds every query, with its client, its
//! name and its type, and cannot read nothing.

mod common;

use common::{Failure, Reading, read};
use std::{collections::BTreeMap, path::Path};
use traffic::{
    Event, encode,
    generate::{Config, Traffic, tunnels_for},
    rtype,
};

/// What a rule about queries sees: for each client the names and types it asked for, sorted.
type Asked = BTreeMap<String, Vec<(String, String)>>;

/// Sources that log queries and answers as events of their own; only the queries count.
const ONE_EVENT_A_MESSAGE: [&str; 3] = ["suricata.eve", "microsoft_dnsserver.debug", "dnstap.message"];

fn events() -> Vec<Event> {
    let (events, clients) = (700, 20);
    let config = Config { events, clients, tunnels: tunnels_for(events, clients), ..Config::default() };
    Traffic::new(&config).collect()
}

fn sorted(asked: impl Iterator<Item = (String, String, String)>) -> Asked {
    let mut all = Asked::new();
    for (client, name, kind) in asked {
        all.entry(client).or_default().push((name, kind));
    }
    all.values_mut().for_each(|names| names.sort());
    all
}

fn asked_for(events: &[Event]) -> Asked {
    sorted(events.iter().map(|event| {
        let kind = rtype::mnemonic(event.question.rtype).unwrap_or_default().to_string();
        // Names have no case, and Zeek writes them in lower case.
        (event.client.ip().to_string(), event.question.name.to_string().to_lowercase(), kind)
    }))
}

fn read_back(reading: &Reading) -> Asked {
    let value = |row: usize, field: &str| reading.values(row, field).join(" ");
    let rows = (0..reading.batch.num_rows()).filter(|row| {
        let dataset = value(*row, "data_stream.dataset");
        !ONE_EVENT_A_MESSAGE.contains(&dataset.as_str()) || value(*row, "dns.type") == "query"
    });
    sorted(rows.map(|row| {
        let name = value(row, "dns.question.name").to_lowercase();
        (value(row, "source.ip"), name, value(row, "dns.question.type"))
    }))
}

#[test]
fn every_encoding_says_who_asked_for_what() -> Result<(), Failure> {
    let events = events();
    let expected = asked_for(&events);
    let mut wrong = Vec::new();
    // A Parquet file is read from its end, not as a stream of chunks.
    for format in encode::FORMATS.iter().filter(|format| !matches!(format.name, "null" | "parquet")) {
        let bytes = encode::to_bytes(&mut *(format.encoder)(), &events)?;
        let reading = match read(Path::new(format.file), &bytes) {
            Ok(reading) => reading,
            Err(failure) => {
                wrong.push(format!("{}: {failure}", format.name));
                continue;
            }
        };
        if reading.tally.unreadable > 0 {
            wrong.push(format!("{}: {} unreadable: {:?}", format.name, reading.tally.unreadable, reading.tally));
        }
        let found = read_back(&reading);
        for (client, names) in &expected {
            let ours = found.get(client).map(Vec::as_slice).unwrap_or_default();
            if ours != names {
                let missing = names.iter().find(|name| !ours.contains(name));
                let added = ours.iter().find(|name| !names.contains(name));
                wrong.push(format!(
                    "{}, {client}: {} of {}, lacks {missing:?}, has {added:?}",
                    format.name,
                    ours.len(),
                    names.len()
                ));
            }
        }
        let strangers: Vec<&String> = found.keys().filter(|client| !expected.contains_key(*client)).collect();
        if !strangers.is_empty() {
            wrong.push(format!("{}: clients {strangers:?}", format.name));
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
