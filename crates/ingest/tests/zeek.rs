//! Zeek logs in all their encodings.

mod common;

use common::{Failure, Reading, read, read_in_chunks, shared};
use ingest::{Options, Projection, Scan, open};
use std::{path::Path, sync::Arc};

const DNS: &str = "#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tdns
#open\t2024-05-01-10-00-00
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tanswers\tTTLs\trejected\textra
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tcount\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tvector[string]\tvector[interval]\tbool\tcount
1714557600.123456\tCq1\t192.0.2.10\t40000\t192.0.2.53\t53\tudp\t4660\t0.012500\twww.example.co.uk\t1\t1\tA\t0\tNOERROR\tF\tF\tT\tT\tcdn.example.net,198.51.100.7\t60.000000,30.000000\tF\t9
1714557601.000000\tCq2\t2001:db8::10\t40001\t2001:db8::53\t53\ttcp\t4661\t-\tcaf\\xc3\\xa9.example\t1\t16\tTXT\t-\t-\tF\tF\tT\tF\t-\t-\tF\t-
#close\t2024-05-01-11-00-00
";

fn of(text: &str) -> Result<Reading, Failure> {
    read(Path::new("dns.log"), text.as_bytes())
}

fn assert_event(reading: &Reading, row: usize, expected: &[(&str, &[&str])]) {
    for (field, values) in expected {
        assert_eq!(reading.values(row, field), *values, "{field} of event {row}");
    }
}

const FIRST: &[(&str, &[&str])] = &[
    ("@timestamp", &["2024-05-01T10:00:00.123Z"]),
    ("_index", &["logs-zeek.dns-default"]),
    ("client.ip", &["192.0.2.10"]),
    ("destination.port", &["53"]),
    ("dns.answers.data", &["cdn.example.net", "198.51.100.7"]),
    ("dns.answers.ttl", &["60", "30"]),
    ("dns.header_flags", &["RD", "RA"]),
    ("dns.id", &["4660"]),
    ("dns.question.class", &["IN"]),
    ("dns.question.name", &["www.example.co.uk"]),
    ("dns.question.registered_domain", &["example.co.uk"]),
    ("dns.question.subdomain", &["www"]),
    ("dns.question.top_level_domain", &["co.uk"]),
    ("dns.question.type", &["A"]),
    ("dns.resolved_ip", &["198.51.100.7"]),
    ("dns.response_code", &["NOERROR"]),
    ("dns.type", &["answer"]),
    ("event.dataset", &["zeek.dns"]),
    ("event.duration", &["12500000"]),
    ("event.end", &["2024-05-01T10:00:00.135Z"]),
    ("event.id", &["Cq1"]),
    ("event.type", &["connection", "protocol", "info"]),
    ("network.protocol", &["dns"]),
    ("network.transport", &["udp"]),
    ("network.type", &["ipv4"]),
    ("related.ip", &["192.0.2.10", "192.0.2.53"]),
    ("source.address", &["192.0.2.10"]),
    ("zeek.dns.extra", &["9"]),
    ("zeek.dns.rejected", &["false"]),
    ("zeek.session_id", &["Cq1"]),
];

#[test]
fn tab_separated() -> Result<(), Failure> {
    let reading = of(DNS)?;
    assert_eq!((reading.source, reading.tally.events, reading.tally.unreadable), ("zeek", 2, 0));
    assert_eq!(reading.streams, ["logs-zeek.dns-default"]);
    assert_event(&reading, 0, FIRST);
    assert_event(
        &reading,
        1,
        &[
            ("dns.question.name", &["café.example"]),
            ("dns.type", &["query"]),
            ("dns.answers.data", &[]),
            ("dns.response_code", &[]),
            ("event.duration", &[]),
            ("network.type", &["ipv6"]),
            ("zeek.dns.extra", &[]),
        ],
    );
    Ok(())
}

#[test]
fn json_of_each_writer() -> Result<(), Failure> {
    let record = r#"{"ts":1714557600.123456,"uid":"Cq1","id.orig_h":"192.0.2.10","id.orig_p":40000,"id.resp_h":"192.0.2.53","id.resp_p":53,"proto":"udp","trans_id":4660,"rtt":0.0125,"query":"www.example.co.uk","qclass":1,"qtype":1,"qtype_name":"A","rcode":0,"rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"answers":["cdn.example.net","198.51.100.7"],"TTLs":[60.0,30.0],"rejected":false,"extra":9}"#;
    let streaming = record.replacen('{', r#"{"_path":"dns","_write_ts":"2024-05-01T10:00:01.000000Z","#, 1);
    let iso = record.replace("1714557600.123456", "\"2024-05-01T10:00:00.123456Z\"");
    let nested = record.replace(
        r#""id.orig_h":"192.0.2.10","id.orig_p":40000,"id.resp_h":"192.0.2.53","id.resp_p":53"#,
        r#""id":{"orig_h":"192.0.2.10","orig_p":40000,"resp_h":"192.0.2.53","resp_p":53}"#,
    );
    let quoted = serde_json::to_string(record)?;
    let filebeat = format!(
        r#"{{"@timestamp":"2024-05-01T10:00:02.000Z","message":{quoted},"host":{{"name":"sensor"}},"agent":{{"type":"filebeat"}}}}"#
    );
    let agent = format!(r#"{{"@timestamp":"2024-05-01T10:00:02.000Z","event":{{"original":{quoted}}}}}"#);
    for encoding in [record, &streaming, &iso, &nested, &filebeat, &agent] {
        let reading = of(encoding)?;
        assert_eq!((reading.source, reading.tally.unreadable), ("zeek", 0), "{encoding}");
        assert_eq!(reading.batch.num_rows(), 1, "{encoding}");
        assert_event(&reading, 0, FIRST);
    }
    assert_event(&of(&filebeat)?, 0, &[("event.created", &["2024-05-01T10:00:02Z"]), ("host.name", &["sensor"])]);
    Ok(())
}

#[test]
fn custom_separators_and_marks() -> Result<(), Failure> {
    let log = "#separator \\x7c\n#set_separator|;\n#empty_field|EMPTY\n#unset_field|NONE\n#path|dns\n\
        #fields|query|answers|ts|AA|uid\n#types|string|vector[string]|time|bool|string\n\
        a.example.com|192.0.2.1;x\\x3by|1714557600.5|T|-\nEMPTY|EMPTY|1714557601|NONE|NONE\n";
    let reading = of(log)?;
    assert_event(
        &reading,
        0,
        &[
            ("dns.question.name", &["a.example.com"]),
            ("dns.answers.data", &["192.0.2.1", "x;y"]),
            ("dns.header_flags", &["AA"]),
            ("event.id", &["-"]),
        ],
    );
    assert_event(&reading, 1, &[("dns.question.name", &[""]), ("dns.answers.data", &[]), ("event.id", &[])]);
    Ok(())
}

#[test]
fn a_header_in_the_middle_holds_from_there_on_in_every_chunking() -> Result<(), Failure> {
    let other = "#separator \\x09\n#path\tdns\n#fields\tquery\tts\n#types\tstring\ttime\nlater.example\t1714557700.0\n";
    let log = format!("{DNS}{other}{other}more.example\t1714557701.0\n");
    for size in [1, 400, 1000, usize::MAX] {
        let reading = read_in_chunks(Path::new("dns.log"), log.as_bytes(), size)?;
        assert_eq!((reading.tally.events, reading.tally.unreadable), (5, 0), "{size}");
        assert_event(&reading, 2, &[("dns.question.name", &["later.example"]), ("source.ip", &[])]);
        assert_event(&reading, 4, &[("dns.question.name", &["more.example"])]);
    }
    Ok(())
}

#[test]
fn what_cannot_be_read_is_counted_and_the_rest_is_read() -> Result<(), Failure> {
    let rows: Vec<&str> = DNS.lines().collect();
    let good = rows[8];
    let cut = &good[..60];
    let log = format!("{DNS}{cut}\n{}\n{good}\tmore\n{good}\n\n{cut}", good.replace("1714557600", "yesterday"));
    let reading = of(&log)?;
    assert_eq!((reading.tally.events, reading.tally.unreadable), (3, 4));
    let reasons: Vec<_> = reading.tally.examples.iter().map(|e| (e.record, e.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (12, "8 columns where the header has 23"),
            (13, "`ts` is not a time"),
            (14, "24 columns where the header has 23"),
            (17, "8 columns where the header has 23"),
        ]
    );
    let json = "{\"ts\":1.5,\"uid\":\"C1\",\"query\":\"a.example\"}\n{\"ts\":2.5,\"uid\":\n[]\n{\"ts\":3.5,\"uid\":\"C3\",\"query\":\"b.example\"}\n";
    let reading = of(json)?;
    assert_eq!((reading.tally.events, reading.tally.unreadable), (2, 2));
    Ok(())
}

#[test]
fn connections_requests_and_handshakes() -> Result<(), Failure> {
    let records = r#"{"_path":"conn","ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":8,"id.resp_h":"192.0.2.1","id.resp_p":0,"proto":"icmp","duration":0.5,"conn_state":"OTH","local_orig":true,"local_resp":false,"orig_pkts":2,"orig_ip_bytes":168,"resp_pkts":1,"resp_ip_bytes":84}
{"_path":"http","ts":2.5,"uid":"C2","id.orig_h":"10.0.0.1","id.orig_p":4000,"id.resp_h":"192.0.2.1","id.resp_p":80,"method":"GET","host":"h.example","uri":"/a/b.txt?c=d","status_code":404,"user_agent":"ua","username":"u"}
{"_path":"ssl","ts":3.5,"uid":"C3","id.orig_h":"10.0.0.1","id.orig_p":4001,"id.resp_h":"192.0.2.1","id.resp_p":443,"version":"TLSv12","server_name":"s.example","established":true,"subject":"CN=s.example,O=Some\\, Inc.,C=US","ja3":"aa"}
{"_path":"x509","ts":4.5,"id":"F1","certificate.subject":"CN=x","san.dns":["a.example","b.example"],"certificate.key_length":2048}
"#;
    let reading = of(records)?;
    assert_eq!(reading.streams.len(), 4);
    assert_event(
        &reading,
        0,
        &[
            ("_index", &["logs-zeek.connection-default"]),
            ("event.duration", &["500000000"]),
            ("event.type", &["connection", "info"]),
            ("network.bytes", &["252"]),
            ("network.direction", &["outbound"]),
            ("source.port", &[]),
            ("zeek.connection.icmp.type", &["8"]),
            ("zeek.connection.state", &["OTH"]),
        ],
    );
    assert_event(
        &reading,
        1,
        &[
            ("_index", &["logs-zeek.http-default"]),
            ("event.action", &["GET"]),
            ("event.category", &["network", "web"]),
            ("event.outcome", &["failure"]),
            ("http.response.status_code", &["404"]),
            ("network.transport", &["tcp"]),
            ("url.domain", &["h.example"]),
            ("url.path", &["/a/b.txt"]),
            ("url.query", &["c=d"]),
            ("user.name", &["u"]),
        ],
    );
    assert_event(
        &reading,
        2,
        &[
            ("_index", &["logs-zeek.ssl-default"]),
            ("related.hash", &["aa"]),
            ("tls.established", &["true"]),
            ("tls.server.x509.subject.organization", &["Some Inc."]),
            ("tls.version", &["1.2"]),
            ("zeek.ssl.server.name", &["s.example"]),
        ],
    );
    assert_event(
        &reading,
        3,
        &[
            ("_index", &["logs-zeek.x509-default"]),
            ("event.module", &["zeek"]),
            ("zeek.x509.certificate.key_length", &["2048"]),
            ("zeek.x509.san.dns", &["a.example", "b.example"]),
        ],
    );
    Ok(())
}

/// Every file of the real logs, packed or not, with all columns.
#[test]
fn real_logs_are_read_whole() -> Result<(), Failure> {
    let Some(folder) = shared("data/zeek") else { return Ok(()) };
    let opened = open(&[folder.to_string_lossy().into_owned()], &Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    for input in &opened.inputs {
        let projection = Arc::new(Projection::new(input.fields()));
        let scan = Scan::new(std::slice::from_ref(input), projection, None);
        let mut events = 0;
        for batch in scan.worker() {
            events += batch?.num_rows() as u64;
        }
        for report in scan.reports() {
            assert_eq!(report.source, "zeek", "{}", report.path);
            assert_eq!(report.tally.unreadable, 0, "{}: {:?}", report.path, report.tally.examples);
            assert_eq!(report.tally.events, events);
            assert!(events > 0 && report.tally.first.is_some(), "{}", report.path);
        }
    }
    Ok(())
}
