//! Suricata's EVE log: the three versions of DNS records, and records of other kinds.

mod common;

use common::{Failure, Reading, read};
use std::path::Path;

fn of(text: &str) -> Result<Reading, Failure> {
    read(Path::new("eve.json"), text.as_bytes())
}

fn assert_event(reading: &Reading, row: usize, expected: &[(&str, &[&str])]) {
    for (field, values) in expected {
        assert_eq!(reading.values(row, field), *values, "{field} of event {row}");
    }
}

fn record(kind: &str, dns: &str) -> String {
    let (client, server) = (r#"_ip":"192.0.2.10","#, r#"_ip":"192.0.2.53","#);
    let (from, to) = if kind == "query" { (client, server) } else { (server, client) };
    let (from_port, to_port) = if kind == "query" { (40000, 53) } else { (53, 40000) };
    format!(
        r#"{{"timestamp":"2024-05-01T12:00:00.123456+0200","flow_id":7,"event_type":"dns","src{from}"src_port":{from_port},"dest{to}"dest_port":{to_port},"proto":"UDP","dns":{dns}}}"#
    )
}

#[test]
fn queries_of_each_version() -> Result<(), Failure> {
    for dns in [
        r#"{"type":"query","id":9,"rrname":"a.example.com","rrtype":"TXT","tx_id":0}"#,
        r#"{"version":2,"type":"query","id":9,"rrname":"a.example.com","rrtype":"TXT","tx_id":0}"#,
        r#"{"version":3,"type":"request","id":9,"tx_id":0,"rd":true,"opcode":0,"rcode":"NOERROR","queries":[{"rrname":"a.example.com","rrtype":"TXT"}]}"#,
    ] {
        let reading = of(&record("query", dns))?;
        assert_eq!((reading.source, reading.tally.unreadable), ("suricata", 0));
        assert_event(
            &reading,
            0,
            &[
                ("@timestamp", &["2024-05-01T10:00:00.123Z"]),
                ("_index", &["logs-suricata.eve-default"]),
                ("client.ip", &["192.0.2.10"]),
                ("dns.id", &["9"]),
                ("dns.question.name", &["a.example.com"]),
                ("dns.question.registered_domain", &["example.com"]),
                ("dns.question.type", &["TXT"]),
                ("dns.type", &["query"]),
                ("event.type", &["protocol"]),
                ("network.protocol", &["dns"]),
                ("network.transport", &["udp"]),
                ("source.ip", &["192.0.2.10"]),
                ("suricata.eve.flow_id", &["7"]),
            ],
        );
    }
    Ok(())
}

#[test]
fn answers_of_each_version() -> Result<(), Failure> {
    let detailed = r#""answers":[{"rrname":"a.example.com","rrtype":"CNAME","ttl":60,"rdata":"b.example.net"},{"rrname":"b.example.net","rrtype":"A","ttl":30,"rdata":"198.51.100.7"}]"#;
    let head = r#""id":9,"flags":"8180","qr":true,"rd":true,"ra":true,"rcode":"NOERROR""#;
    let two = format!(
        r#"{{"version":2,"type":"answer",{head},"rrname":"a.example.com","rrtype":"A",{detailed},"grouped":{{"A":["198.51.100.7"],"CNAME":["b.example.net"]}}}}"#
    );
    let three = format!(
        r#"{{"version":3,"type":"response",{head},"queries":[{{"rrname":"a.example.com","rrtype":"A"}}],{detailed}}}"#
    );
    for dns in [two, three] {
        assert_event(
            &of(&record("answer", &dns))?,
            0,
            &[
                ("client.ip", &["192.0.2.10"]),
                ("dns.answers.data", &["b.example.net", "198.51.100.7"]),
                ("dns.answers.name", &["a.example.com", "b.example.net"]),
                ("dns.answers.ttl", &["60", "30"]),
                ("dns.answers.type", &["CNAME", "A"]),
                ("dns.header_flags", &["RD", "RA"]),
                ("dns.question.name", &["a.example.com"]),
                ("dns.resolved_ip", &["198.51.100.7"]),
                ("dns.response_code", &["NOERROR"]),
                ("dns.type", &["answer"]),
                ("related.ip", &["198.51.100.7", "192.0.2.53", "192.0.2.10"]),
                ("source.ip", &["192.0.2.53"]),
            ],
        );
    }
    let grouped = format!(
        r#"{{"version":2,"type":"answer",{head},"rrname":"a.example.com","rrtype":"A","grouped":{{"A":["198.51.100.7","198.51.100.8"]}}}}"#
    );
    assert_event(
        &of(&record("answer", &grouped))?,
        0,
        &[("dns.answers.type", &["A", "A"]), ("dns.resolved_ip", &["198.51.100.7", "198.51.100.8"])],
    );
    let one =
        format!(r#"{{"type":"answer",{head},"rrname":"b.example.net","rrtype":"A","ttl":30,"rdata":"198.51.100.7"}}"#);
    assert_event(
        &of(&record("answer", &one))?,
        0,
        &[
            ("dns.answers.name", &["b.example.net"]),
            ("dns.question.name", &[]),
            ("dns.question.registered_domain", &["example.net"]),
            ("dns.resolved_ip", &["198.51.100.7"]),
        ],
    );
    Ok(())
}

#[test]
fn records_of_other_kinds_are_events_too() -> Result<(), Failure> {
    let records = r#"{"timestamp":"2024-05-01T12:00:00.5+0200","event_type":"flow","src_ip":"10.0.0.1","src_port":4000,"dest_ip":"192.0.2.1","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":2,"pkts_toclient":1,"bytes_toserver":100,"bytes_toclient":50,"start":"2024-05-01T11:59:59.0001+0200","end":"2024-05-01T12:00:00.0009+0200","state":"closed"}}
{"timestamp":"2024-05-01T12:00:01.5+0200","event_type":"alert","src_ip":"10.0.0.1","src_port":4000,"dest_ip":"192.0.2.1","dest_port":80,"proto":"TCP","app_proto":"http","alert":{"action":"blocked","signature_id":1,"signature":"S","category":"C","severity":2},"http":{"hostname":"h.example","url":"/a?b","http_method":"GET","status":200}}
{"timestamp":"2024-05-01T12:00:02.5+0200","event_type":"stats","stats":{"uptime":1}}
{"timestamp":"2024-05-01T12:00:03.5+0200","event_type":"tls","src_ip":"10.0.0.1","src_port":4000,"dest_ip":"192.0.2.1","dest_port":443,"proto":"TCP","ether":{"src_mac":"08:00:27:aa:bb:cc"},"tls":{"version":"TLS 1.2","sni":"s.example.","fingerprint":"aa:bb"}}
{"event_type":"dns","src_ip":"10.0.0.1"}
{"timestamp":"2024-05-01T12:00:04.5+0200","event_type":"alert","src_ip":"10.0.0.1","src_port":4000,"dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP","app_proto":"dns","alert":{"action":"allowed"},"dns":{"query":[{"type":"query","id":9,"rrname":"a.example.com","rrtype":"TXT"}]}}
"#;
    let reading = of(records)?;
    assert_eq!((reading.tally.events, reading.tally.unreadable), (5, 1));
    assert_eq!(reading.streams, ["logs-suricata.eve-default"]);
    assert_event(
        &reading,
        0,
        &[
            ("event.duration", &["1000000000"]),
            ("event.start", &["2024-05-01T09:59:59Z"]),
            ("event.type", &["connection", "end"]),
            ("network.bytes", &["150"]),
            ("network.packets", &["3"]),
            ("network.protocol", &["tls"]),
        ],
    );
    assert_event(
        &reading,
        1,
        &[
            ("destination.domain", &["h.example"]),
            ("event.category", &["network", "intrusion_detection"]),
            ("event.kind", &["alert"]),
            ("event.severity", &["2"]),
            ("event.type", &["denied"]),
            ("related.hosts", &["h.example"]),
            ("rule.name", &["S"]),
            ("url.path", &["/a"]),
        ],
    );
    assert_event(&reading, 2, &[("event.kind", &["metric"]), ("suricata.eve.stats.uptime", &["1"])]);
    assert_event(
        &reading,
        3,
        &[
            ("destination.domain", &["s.example"]),
            ("related.hash", &["AABB"]),
            ("source.mac", &["08-00-27-AA-BB-CC"]),
            ("tls.version", &["1.2"]),
        ],
    );
    assert_event(&reading, 4, &[("dns.question.name", &["a.example.com"]), ("event.type", &["allowed"])]);
    Ok(())
}
