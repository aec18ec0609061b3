//! The events of each source against the documents that Elastic's own integrations make of the same records.
//!
//! What may differ is listed here with the reason; an entry that no longer differs fails the test.

mod common;

use common::{Comparison, Difference, Failure, read, shared};
use serde_json::Value;
use std::fs;

const ZEEK: &[Difference] = &[CREATED];

const SURICATA: &[Difference] = &[CREATED];

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
