//! The same attack gives the same findings, whatever saw it: real tunnels are decoded from their captures, written again
//! as each sensor would have logged them, and hunted in each form.

use assert_cmd::Command;
use serde_json::Value;
use std::{collections::BTreeSet, error::Error, fs, net::SocketAddr, path::PathBuf};
use traffic::{
    encode,
    event::{Event, Question, Response, Transport, rcode, rtype},
    name::Name,
};

type Failure = Box<dyn Error>;

/// Every encoding but the empty one, and the lean form of one that is here.
const FORMATS: [&str; 10] = [
    "packetbeat",
    "ndjson-shuffled",
    "zeek-tsv",
    "zeek-json",
    "suricata-v2",
    "suricata-v3",
    "windows-debug",
    "windows-debug-details",
    "pcap",
    "parquet",
];

#[test]
fn a_tunnel_is_found_in_every_encoding() -> Result<(), Failure> {
    let shared = std::env::var("GANNET_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let folder = PathBuf::from(shared).join("data/pcap/tunnel");
    if !folder.exists() {
        println!("skipped: {} is not there", folder.display());
        return Ok(());
    }
    for capture in ["dnscat2-txt.pcap", "iodine-cname.pcap"] {
        let capture = folder.join(capture).to_string_lossy().into_owned();
        let expected = findings(&capture)?;
        assert_eq!(expected.len(), 1, "{capture}: {expected:?}");
        let events = decoded(&capture)?;
        for format in FORMATS {
            let format = encode::named(format).ok_or_else(|| format!("no encoding `{format}`"))?;
            let file = tempfile::tempdir()?.keep().join(format.file);
            fs::write(&file, encode::to_bytes(&mut *(format.encoder)(), &events)?)?;
            let found = findings(&file.to_string_lossy())?;
            fs::remove_file(&file)?;
            assert_eq!(found, expected, "{capture} as {}", format.name);
        }
    }
    Ok(())
}

/// Who, how many queries, how many different names, and how sure. Lengths differ where names have bytes that are no text:
/// every sensor escapes them in its own way.
fn findings(path: &str) -> Result<BTreeSet<String>, Failure> {
    let output = Command::cargo_bin("gannet")?.args(["hunt", "--format", "json", path]).output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{path}: {error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    assert_eq!(report["inputs"][0]["unreadable"], 0, "{path}: {}", report["inputs"]);
    let findings = report["findings"].as_array().ok_or("no findings in the report")?;
    let told = |finding: &Value| {
        let values = &finding["values"];
        format!(
            "{} {} {} {}",
            finding["group"]["source.ip"], values["queries"], values["distinct_names"], finding["rule"]["confidence"]
        )
    };
    Ok(findings.iter().map(told).collect())
}

/// The look-ups of a capture, without what was answered.
fn decoded(path: &str) -> Result<Vec<Event>, Failure> {
    const QUERY: &str = "FROM logs-* | KEEP @timestamp, source.ip, source.port, destination.ip, destination.port, dns.id, \
                         dns.type, dns.question.name, dns.question.type, dns.response_code | SORT @timestamp";
    let output = Command::cargo_bin("gannet")?.args(["query", "--format", "ndjson", QUERY, path]).output()?;
    let rows = String::from_utf8(output.stdout)?;
    let events: Result<Vec<Option<Event>>, Failure> = rows.lines().map(event).collect();
    Ok(events?.into_iter().flatten().collect())
}

/// A look-up; `None` for a message without a question that the encoders know.
fn event(row: &str) -> Result<Option<Event>, Failure> {
    let row: Value = serde_json::from_str(row)?;
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_string();
    let Some(rtype) = rtype::number(&text("dns.question.type")) else { return Ok(None) };
    let end = |side: &str| -> Result<SocketAddr, Failure> {
        let port = row[format!("{side}.port")].as_u64().unwrap_or_default();
        Ok(SocketAddr::new(text(&format!("{side}.ip")).parse()?, u16::try_from(port)?))
    };
    let time: jiff::Timestamp = text("@timestamp").parse()?;
    let id = row["dns.id"].as_str().and_then(|id| id.parse().ok()).or(row["dns.id"].as_u64()).unwrap_or_default();
    let response = (text("dns.type") == "answer").then(|| Response {
        delay: 1_000_000,
        rcode: rcode::number(&text("dns.response_code")).unwrap_or_default(),
        authoritative: false,
        recursion_available: true,
        answers: Vec::new(),
    });
    Ok(Some(Event {
        time: i64::try_from(time.as_nanosecond())?,
        client: end("source")?,
        server: end("destination")?,
        transport: Transport::Udp,
        id: u16::try_from(id)?,
        question: Question { name: Name::from_text(&text("dns.question.name"))?, rtype, class: 1 },
        recursion_desired: true,
        query_seen: true,
        response,
    }))
}
