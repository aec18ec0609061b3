//! The events of each source against the documents that Elastic's own integrations make of the same records.
//!
//! What may differ is listed here with the reason; an entry that no longer differs fails the test.

mod common;

use common::{Comparison, Difference, Failure, read, shared};
use serde_json::Value;
use std::{fs, path::Path};

const ZEEK: &[Difference] = &[CREATED];

const SURICATA: &[Difference] = &[CREATED];

const MICROSOFT: &[Difference] = &[
    located("destination.as.number"),
    located("destination.geo.city_name"),
    located("destination.geo.continent_name"),
    located("destination.geo.country_iso_code"),
    located("destination.geo.country_name"),
    located("destination.geo.location.lat"),
    located("destination.geo.location.lon"),
    located("destination.geo.region_iso_code"),
    located("destination.geo.region_name"),
    located("source.as.number"),
    located("source.geo.city_name"),
    located("source.geo.continent_name"),
    located("source.geo.country_iso_code"),
    located("source.geo.country_name"),
    located("source.geo.location.lat"),
    located("source.geo.location.lon"),
    located("source.geo.region_iso_code"),
    located("source.geo.region_name"),
];

/// The pipeline looks addresses up in a database of MaxMind's.
const fn located(field: &'static str) -> Difference {
    Difference { field, reason: "needs a database of places and networks" }
}

const CREATED: Difference =
    Difference { field: "event.created", reason: "when Elastic's collector read the record; a file does not tell" };

fn compare(stream: &str, records: &str, documents: &str, differences: &'static [Difference]) -> Result<(), Failure> {
    let Some(folder) = shared(&format!("spec/ecs/{stream}")) else { return Ok(()) };
    let path = folder.join(records);
    let reading = read(&path, &fs::read(&path)?)?;
    let expected: Value = serde_json::from_slice(&fs::read(folder.join(documents))?)?;
    let documents = expected["expected"].as_array().ok_or("no documents")?;
    assert_eq!(reading.tally.unreadable, 0, "{:?}", reading.tally.examples);
    assert_eq!(reading.streams, [format!("logs-{stream}-default")]);
    let mut comparison = Comparison::new(differences);
    comparison.compare(records, &reading, documents);
    comparison.finish()
}

#[test]
fn zeek_dns() -> Result<(), Failure> {
    compare("zeek.dns", "test-dns.log", "test-dns.log-expected.json", ZEEK)
}

#[test]
fn suricata_eve() -> Result<(), Failure> {
    compare("suricata.eve", "test-eve-dns.log", "test-eve-dns.log-expected.json", SURICATA)
}

#[test]
fn microsoft_dnsserver_analytical() -> Result<(), Failure> {
    let stream = "microsoft_dnsserver.analytical";
    compare(stream, "test-events.json", "test-events.json-expected.json", MICROSOFT)?;
    // As the agent ships them: a document a line.
    let Some(folder) = shared(&format!("spec/ecs/{stream}")) else { return Ok(()) };
    let whole: Value = serde_json::from_slice(&fs::read(folder.join("test-events.json"))?)?;
    let lines: Vec<String> = whole["events"].as_array().into_iter().flatten().map(Value::to_string).collect();
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("test-events.json-expected.json"))?)?;
    let reading = read(&folder.join("events.ndjson"), lines.join("\n").as_bytes())?;
    assert_eq!(reading.source, "windows-dns-analytical");
    let mut comparison = Comparison::new(MICROSOFT);
    comparison.compare("events.ndjson", &reading, expected["expected"].as_array().ok_or("no documents")?);
    comparison.finish()
}

/// Packetbeat's document keeps all it has; and what is taken away from it is derived again.
#[test]
fn network_traffic_dns() -> Result<(), Failure> {
    let Some(folder) = shared("spec/ecs/network_traffic.dns") else { return Ok(()) };
    let document: Value = serde_json::from_slice(&fs::read(folder.join("sample_event.json"))?)?;
    let reading = read(Path::new("packetbeat.ndjson"), document.to_string().as_bytes())?;
    assert_eq!(reading.values(0, "_index"), ["logs-network_traffic.dns-ep"]);
    let mut comparison = Comparison::new(&[]);
    comparison.compare("sample_event.json", &reading, std::slice::from_ref(&document));
    comparison.finish()?;

    let mut bare = document.clone();
    for derived in ["client", "server", "related"] {
        bare.as_object_mut().ok_or("an object")?.shift_remove(derived);
    }
    for (parent, derived) in [
        ("dns", "header_flags"),
        ("dns", "type"),
        ("event", "category"),
        ("event", "kind"),
        ("event", "type"),
        ("network", "bytes"),
        ("network", "community_id"),
        ("network", "type"),
    ] {
        bare[parent].as_object_mut().ok_or("an object")?.shift_remove(derived);
    }
    for derived in ["etld_plus_one", "registered_domain", "top_level_domain"] {
        bare["dns"]["question"].as_object_mut().ok_or("an object")?.shift_remove(derived);
    }
    let reading = read(Path::new("packetbeat.ndjson"), bare.to_string().as_bytes())?;
    let mut comparison = Comparison::new(&[]);
    comparison.compare("sample_event.json without what can be derived", &reading, &[document]);
    comparison.finish()
}
