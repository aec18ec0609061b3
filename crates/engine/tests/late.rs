//! What the beginning of a log does not show is found all the same: streams, fields, values of other types.

use engine::{
    Session,
    hunt::{HuntRule, Period, hunt},
    session::Settings,
    table::{Events, Tables},
};
use ir::{Body, Rule, Schedule, State, Vendor};
use lang::esql::{self, Params};
use std::{error::Error, io::Write, time::Duration};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Past the part of an input that is looked at to recognise it.
const HEAD: usize = 300 << 10;

/// A log that says the same for a long time, then something else.
fn log(first: &str, then: &str) -> Result<(Tables, tempfile::NamedTempFile)> {
    let mut file = tempfile::NamedTempFile::new()?;
    let (header, line) = first.rsplit_once('\n').map_or(("", first), |(header, line)| (header, line));
    if !header.is_empty() {
        writeln!(file, "{header}")?;
    }
    for _ in 0..HEAD / line.len() + 1 {
        writeln!(file, "{line}")?;
    }
    writeln!(file, "{then}")?;
    let opened = ingest::open(&[file.path().to_string_lossy().into_owned()], &ingest::Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    Ok((Tables { events: Some(Events::new(opened.inputs)), ..Tables::default() }, file))
}

fn session() -> Result<Session> {
    Session::new(&Settings { partitions: 2, ..Settings::default() }).map_err(|refused| refused.message.into())
}

/// The rows of a query as JSON, and how many scans it took.
fn rows(query: &str, tables: &Tables) -> Result<(Vec<String>, usize)> {
    let pipeline = esql::compile(query, &Params::none()).map_err(|problems| format!("{problems:?}"))?;
    let answer = session()?.query(&pipeline, query, tables).map_err(|problems| format!("{query}: {problems:?}"))?;
    let row = |batch, row| engine::json::document(batch, &answer.fields, row).to_string();
    let rows = answer.batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |at| row(batch, at)));
    Ok((rows.collect(), tables.events.as_ref().map_or(0, |events| events.scans().len())))
}

const DOCUMENT: &str =
    r#"{"@timestamp":"2026-01-01T00:00:00Z","event":{"dataset":"a"},"n":1,"pad":"xxxxxxxxxxxxxxxx"}"#;
const LATE: &str =
    r#"{"@timestamp":"2026-01-02T00:00:00Z","event":{"dataset":"b"},"source":{"ip":"192.0.2.1"},"n":"x","own":[1,2]}"#;

#[test]
fn late_documents_are_found() -> Result<()> {
    for (query, expected, scans) in [
        (
            "FROM logs-*-* | WHERE source.ip == \"192.0.2.1\" | STATS n = COUNT(*) BY source.ip",
            r#"{"n":1,"source":{"ip":"192.0.2.1"}}"#,
            1,
        ),
        (
            "FROM logs-a-*, logs-b-* | WHERE event.dataset == \"b\" | KEEP source.ip",
            r#"{"source":{"ip":"192.0.2.1"}}"#,
            1,
        ),
        ("FROM logs-*, -logs-a-* | STATS n = COUNT(*)", r#"{"n":1}"#, 2),
        ("FROM logs-b-* | STATS n = COUNT(*)", r#"{"n":1}"#, 2),
        ("FROM logs-b-default | KEEP source.ip", r#"{"source":{"ip":"192.0.2.1"}}"#, 2),
        ("FROM logs-a-*, logs-b-default | STATS n = COUNT(source.ip)", r#"{"n":1}"#, 2),
        ("FROM logs-* | WHERE MV_MAX(own) == 2 | KEEP n", r#"{"n":"x"}"#, 2),
        ("FROM logs-* | EVAL count = MV_COUNT(own) | WHERE count == 2 | KEEP own", r#"{"own":[1,2]}"#, 2),
        (
            "FROM logs-* | SORT @timestamp DESC | LIMIT 1 | DROP @timestamp, pad, event.dataset",
            r#"{"n":"x","own":[1,2],"source":{"ip":"192.0.2.1"}}"#,
            2,
        ),
        ("FROM logs-* | KEEP ow* | WHERE own IS NOT NULL", r#"{"own":[1,2]}"#, 2),
    ] {
        let (tables, _file) = log(DOCUMENT, LATE)?;
        assert_eq!(rows(query, &tables)?, (vec![expected.to_string()], scans), "{query}");
    }
    Ok(())
}

#[test]
fn what_a_late_document_lacks_is_derived() -> Result<()> {
    let complete =
        r#"{"event":{"dataset":"a"},"dns":{"question":{"name":"www.example.org","registered_domain":"example.org"}}}"#;
    let bare = r#"{"event":{"dataset":"a"},"dns":{"question":{"name":"x.example.net"}},"client":{"ip":"192.0.2.1"}}"#;
    let (tables, _file) = log(complete, bare)?;
    let query = "FROM logs-a-* | WHERE dns.question.registered_domain == \"example.net\" | KEEP source.ip";
    assert_eq!(rows(query, &tables)?.0, [r#"{"source":{"ip":"192.0.2.1"}}"#]);
    Ok(())
}

#[test]
fn late_records_of_sensors_are_found() -> Result<()> {
    let tsv =
        "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\n#types\ttime\tstring\taddr\n1.0\tC1\t192.0.2.9";
    let late = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tquery\tnew\n\
                #types\ttime\tstring\taddr\tstring\tcount\n2.0\tC2\t192.0.2.1\tlate.example\t7";
    let zeek = r#"{"_path":"conn","ts":1.0,"uid":"C1","id.orig_h":"192.0.2.9","own":5}"#;
    let zeek_late = r#"{"_path":"dns","ts":2.0,"uid":"C2","id.orig_h":"192.0.2.1","query":"late.example","new":7}"#;
    for (first, then) in [(tsv, late), (zeek, zeek_late)] {
        for query in [
            "FROM logs-zeek.* | WHERE dns.question.name == \"late.example\" | KEEP source.ip",
            "FROM logs-zeek.dns-* | KEEP source.ip",
            "FROM logs-zeek.* | WHERE zeek.dns.new == 7 | KEEP source.ip",
        ] {
            let (tables, _file) = log(first, then)?;
            assert_eq!(rows(query, &tables)?.0, [r#"{"source":{"ip":"192.0.2.1"}}"#], "{query}: {then}");
        }
    }
    let eve = r#"{"timestamp":"2026-01-01T00:00:00Z","event_type":"flow","src_ip":"192.0.2.9","own":{"age":1}}"#;
    let eve_late = r#"{"timestamp":"2026-01-01T00:00:00Z","event_type":"new","src_ip":"192.0.2.1","new":{"a":"b"},"own":{"age":"x"}}"#;
    let (tables, _file) = log(eve, eve_late)?;
    let query = "FROM logs-suricata* | WHERE suricata.eve.new.a == \"b\" | KEEP source.ip, suricata.eve.own.age";
    assert_eq!(rows(query, &tables)?.0, [r#"{"source":{"ip":"192.0.2.1"},"suricata":{"eve":{"own":{"age":"x"}}}}"#]);
    Ok(())
}

#[test]
fn a_rule_finds_late_events_and_shows_them_whole() -> Result<()> {
    let bulk = (format!("{{\"index\":{{}}}}\n{DOCUMENT}"), format!("{{\"index\":{{\"_id\":\"own\"}}}}\n{LATE}"));
    for (first, then) in [(DOCUMENT.to_string(), LATE.to_string()), bulk] {
        finds(&first, &then)?;
    }
    Ok(())
}

fn finds(first: &str, then: &str) -> Result<()> {
    let (tables, _file) = log(first, then)?;
    for text in ["FROM logs-b-* | STATS n = COUNT(*) BY source.ip", "FROM logs-* | WHERE source.ip == \"192.0.2.1\""] {
        let pipeline = esql::compile(text, &Params::none()).map_err(|problems| format!("{problems:?}"))?;
        let schedule = Schedule { interval: Duration::from_secs(3600), look_back: Duration::from_secs(3600) };
        let body = Some(Body::Pipeline(pipeline));
        let rule = Rule { schedule, body, ..Rule::unread(Vendor::Elastic, "esql", "test") };
        let (findings, outcomes) = hunt(&session()?, &tables, &[HuntRule { rule: &rule, text }], Period::default());
        assert_eq!(outcomes[0].state, State::Runs, "{:?}", outcomes[0].diagnostics);
        assert_eq!(findings.len(), 1, "{text}");
        assert_eq!(findings[0].samples.len(), 1, "{text}");
        assert_eq!(findings[0].samples[0]["own"], serde_json::json!([1, 2]), "{text}");
    }
    Ok(())
}
