//! Captures made by hand, and real ones against counts that tshark gives.

use super::Pcap;
use crate::{Chunk, EventBatch, Head, Options, Projection, Source, Tally, source::Share};
use arrow::{array::RecordBatch, buffer::Buffer, util::display::array_value_to_string};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Events of a capture cut into chunks, with all fields.
fn read(bytes: &[u8], chunk: usize, fields: Option<&[&str]>) -> (RecordBatch, Tally, u64) {
    let head = Head { bytes: &bytes[..bytes.len().min(256 << 10)], whole: false, path: Path::new("x.pcap") };
    let log = Pcap.open(&head, &Options::default()).unwrap();
    let wanted = log.fields().into_iter().filter(|f| fields.is_none_or(|names| names.contains(&f.name.as_ref())));
    let projection = Arc::new(Projection::new(wanted.collect()));
    let (mut decoder, mut batch, mut tally) = (log.decoder(&projection), EventBatch::new(projection), Tally::default());
    let buffer = Buffer::from(bytes);
    let mut records = 0;
    for at in (0..bytes.len()).step_by(chunk) {
        let piece = buffer.slice_with_length(at, chunk.min(bytes.len() - at));
        let mut part = Tally::default();
        decoder.decode(&Chunk { bytes: piece, offset: at as u64 }, &mut batch, &mut part);
        tally.merge(part, records);
        records += decoder.records();
    }
    let mut part = Tally::default();
    decoder.finish(&mut batch, &mut part);
    tally.merge(part, records);
    records += decoder.records();
    (batch.take().unwrap(), tally, records)
}

/// `field=value` of the first event, one a line, without empty ones.
fn shown(batch: &RecordBatch, row: usize) -> Vec<String> {
    let schema = batch.schema();
    let values = schema.fields().iter().zip(batch.columns());
    let texts = values.map(|(field, column)| (field.name(), array_value_to_string(column, row).unwrap()));
    texts.filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}={text}")).collect()
}

fn ethernet(ip: &[u8]) -> Vec<u8> {
    [&[0; 12][..], &[8, 0], ip].concat()
}

/// An IPv4 packet between 10.0.0.1 and 10.0.0.53.
fn udp(reply: bool, ports: (u16, u16), message: &[u8]) -> Vec<u8> {
    let (client, server) = ([10, 0, 0, 1], [10, 0, 0, 53]);
    let (source, destination) = if reply { (server, client) } else { (client, server) };
    let ports = if reply { (ports.1, ports.0) } else { ports };
    let length = |more: usize| ((message.len() + more) as u16).to_be_bytes();
    ethernet(
        &[
            &[0x45, 0][..],
            &length(28),
            &[0, 0, 0, 0, 64, 17, 0, 0],
            &source,
            &destination,
            &ports.0.to_be_bytes(),
            &ports.1.to_be_bytes(),
            &length(8),
            &[0, 0],
            message,
        ]
        .concat(),
    )
}

/// A pcap file of packets at seconds since the epoch.
fn pcap(packets: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\xD4\xC3\xB2\xA1\x02\0\x04\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\x01\0\0\0".to_vec();
    for (seconds, packet) in packets {
        let length = (packet.len() as u32).to_le_bytes();
        file.extend([&seconds.to_le_bytes()[..], &500_000_u32.to_le_bytes(), &length, &length, packet].concat());
    }
    file
}

const QUERY: &[u8] = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
const RESPONSE: &[u8] = b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\x01\x03www\x07example\x03com\0\0\x01\0\x01\
    \xC0\x0C\0\x05\0\x01\0\0\0\x3C\0\x04\x01x\xC0\x10\xC0\x2D\0\x01\0\x01\0\0\0\x3C\0\x04\x5D\xB8\xD8\x22\
    \0\0\x29\x04\xD0\0\0\x80\0\0\0";

#[test]
fn query_and_response_are_one_event_as_the_agent_has_it() {
    let file =
        pcap(&[(1_700_000_000, udp(false, (1025, 53), QUERY)), (1_700_000_001, udp(true, (1025, 53), RESPONSE))]);
    let (batch, tally, records) = read(&file, 1 << 20, None);
    assert_eq!((batch.num_rows(), tally.events, tally.unreadable, records), (1, 1, 0, 2));
    let expected = "
        @timestamp=2023-11-14T22:13:20.500
        source.address=10.0.0.1
        source.ip=10.0.0.1
        source.port=1025
        source.bytes=33
        destination.address=10.0.0.53
        destination.ip=10.0.0.53
        destination.port=53
        destination.bytes=76
        client.address=10.0.0.1
        client.ip=10.0.0.1
        client.port=1025
        client.bytes=33
        server.address=10.0.0.53
        server.ip=10.0.0.53
        server.port=53
        server.bytes=76
        event.category=[network]
        event.dataset=network_traffic.dns
        event.duration=1000000000
        event.end=2023-11-14T22:13:21.500
        event.kind=event
        event.module=network_traffic
        event.outcome=success
        event.start=2023-11-14T22:13:20.500
        event.type=[connection, protocol]
        network.bytes=109
        network.community_id=1:SHA
        network.direction=unknown
        network.iana_number=17
        network.protocol=dns
        network.transport=udp
        network.type=ipv4
        related.ip=[10.0.0.1, 10.0.0.53, 93.184.216.34]
        data_stream.dataset=network_traffic.dns
        data_stream.namespace=default
        data_stream.type=logs
        ecs.version=8.17.0
        dns.additionals_count=0
        dns.answers_count=2
        dns.authorities_count=0
        dns.header_flags=[RD, RA, DO]
        dns.id=4660
        dns.op_code=QUERY
        dns.response_code=NOERROR
        dns.type=answer
        dns.flags.authoritative=false
        dns.flags.truncated_response=false
        dns.flags.recursion_desired=true
        dns.flags.recursion_available=true
        dns.flags.authentic_data=false
        dns.flags.checking_disabled=false
        dns.question.class=IN
        dns.question.name=www.example.com
        dns.question.type=A
        dns.question.registered_domain=example.com
        dns.question.subdomain=www
        dns.question.top_level_domain=com
        dns.question.etld_plus_one=example.com
        dns.answers.class=[IN, IN]
        dns.answers.data=[x.example.com, 93.184.216.34]
        dns.answers.name=[www.example.com, x.example.com]
        dns.answers.ttl=[60, 60]
        dns.answers.type=[CNAME, A]
        dns.resolved_ip=[93.184.216.34]
        method=QUERY
        query=class IN, type A, www.example.com
        resource=www.example.com
        status=OK
        type=dns
        error.message=Unexpected EDNS answer
        dns.opt.do=true
        dns.opt.ext_rcode=NOERROR
        dns.opt.udp_size=1232
        dns.opt.version=0";
    let shown = shown(&batch, 0);
    let lines = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    for (found, line) in shown.iter().zip(lines) {
        // The hash is tested where it is made.
        if !line.starts_with("network.community_id=") {
            assert_eq!(found, line);
        }
    }
    assert_eq!(shown.len(), expected.lines().count() - 1);
}

#[test]
fn what_has_no_partner_is_kept_with_a_note() {
    let fields = ["@timestamp", "source.ip", "dns.type", "error.message", "status", "network.protocol"];
    let group = |ports, message: &[u8]| {
        let mut packet = udp(false, ports, message);
        packet[30..34].copy_from_slice(&[224, 0, 0, 251]);
        packet
    };
    for (packets, expected) in [
        (
            vec![(5, udp(false, (1025, 53), QUERY))],
            vec!["1970-01-01T00:00:05.500 10.0.0.1 dns query Error No response to this query was received"],
        ),
        (
            vec![(5, udp(true, (1025, 53), RESPONSE))],
            vec!["1970-01-01T00:00:05.500 10.0.0.1 dns answer Error Response: received without an associated Query"],
        ),
        // The response comes too late, after eleven seconds.
        (
            vec![(5, udp(false, (1025, 53), QUERY)), (16, udp(true, (1025, 53), RESPONSE))],
            vec![
                "1970-01-01T00:00:05.500 10.0.0.1 dns query Error No response to this query was received",
                "1970-01-01T00:00:16.500 10.0.0.1 dns answer Error Response: received without an associated Query",
            ],
        ),
        // Multicast DNS: everybody speaks to all.
        (
            vec![(5, group((5353, 5353), QUERY)), (6, group((5353, 5353), RESPONSE))],
            vec![
                "1970-01-01T00:00:05.500 10.0.0.1 mdns query Error ",
                "1970-01-01T00:00:06.500 10.0.0.1 mdns answer Error ",
            ],
        ),
        // LLMNR: to the group, from a member.
        (
            vec![(5, group((1025, 5355), QUERY)), (6, udp(true, (1025, 5355), RESPONSE))],
            vec!["1970-01-01T00:00:05.500 10.0.0.1 llmnr answer OK "],
        ),
    ] {
        let (batch, ..) = read(&pcap(&packets), 1 << 20, Some(&fields));
        let cell = |row: usize, name: &str| array_value_to_string(batch.column_by_name(name).unwrap(), row).unwrap();
        let order = ["@timestamp", "source.ip", "network.protocol", "dns.type", "status", "error.message"];
        let rows: Vec<_> = (0..batch.num_rows()).map(|row| order.map(|name| cell(row, name)).join(" ")).collect();
        assert_eq!(rows, expected);
    }
}

#[test]
fn chunks_of_any_size_give_the_same_events() {
    let packets = (0..20).map(|at| (at, udp(at % 2 == 1, (1025, 53), if at % 2 == 1 { RESPONSE } else { QUERY })));
    let file = pcap(&packets.collect::<Vec<_>>());
    let (whole, tally, _) = read(&file, 1 << 20, None);
    assert_eq!((whole.num_rows(), tally.unreadable), (10, 0));
    for chunk in [1, 7, 16, 24, 100, 131] {
        let (batch, again, records) = read(&file, chunk, None);
        assert_eq!((&batch, &again, records), (&whole, &tally, 20), "{chunk}");
    }
}

#[test]
fn a_packet_cut_by_the_snap_length_gives_its_question() {
    let mut file = pcap(&[(1, udp(true, (1025, 53), RESPONSE))]);
    file.truncate(file.len() - 30);
    let kept = (file.len() - 40) as u32;
    file[32..36].copy_from_slice(&kept.to_le_bytes());
    let fields = ["dns.question.name", "dns.answers_count", "destination.bytes", "error.message"];
    let (batch, tally, _) = read(&file, 1 << 20, Some(&fields));
    assert_eq!((tally.events, tally.unreadable), (1, 0));
    let shown = shown(&batch, 0);
    assert!(shown.contains(&"dns.question.name=www.example.com".to_owned()));
    assert!(shown.contains(&"dns.answers_count=2".to_owned()) && shown.contains(&"destination.bytes=76".to_owned()));
    assert!(shown.iter().any(|line| line.ends_with("Message was captured in part")));
}

#[test]
fn broken_packets_are_counted_and_reading_goes_on() {
    let good = udp(false, (1025, 53), QUERY);
    let mut no_dns = udp(false, (1025, 53), b"no DNS");
    let web = udp(false, (1025, 443), QUERY);
    let mut bad_version = good.clone();
    bad_version[14] = 0xF5;
    no_dns.truncate(no_dns.len() - 1);
    let mut file = pcap(&[(1, good.clone()), (2, no_dns), (3, bad_version), (4, web), (5, good.clone())]);
    // A forged length, and sound packets behind it.
    let forged = pcap(&[(6, good.clone())]);
    file.extend(&forged[24..35]);
    file.push(0x7F);
    file.extend(&forged[36..]);
    for second in 0..5 {
        file.extend(&pcap(&[(second, good.clone())])[24..]);
    }
    // The end is missing.
    file.extend(&forged[24..50]);
    for chunk in [1 << 20, 64] {
        let (_, tally, records) = read(&file, chunk, None);
        let reasons: Vec<_> = tally.examples.iter().map(|example| (example.record, &example.reason[..])).collect();
        let expected = [
            (2, "shorter than a DNS header"),
            (3, "the IP version is neither 4 nor 6"),
            (6, "the record claims more bytes than a packet can have"),
            (12, "the file ends within this packet"),
        ];
        assert_eq!(reasons, expected);
        assert_eq!((tally.events, tally.unreadable, tally.other, records), (7, 4, 1, 12));
    }
}

#[test]
fn unknown_link_layers_are_named() {
    let mut file = pcap(&[]);
    file[20] = 195;
    let head = Head { bytes: &file, whole: true, path: Path::new("x") };
    assert_eq!(Pcap.open(&head, &Options::default()).err().as_deref(), Some("packets of link type 195 cannot be read"));
}

fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GANNET_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = root.join("data/pcap").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// Messages as `tshark -Y dns` counts them, queries and responses apart.
#[test]
fn real_captures_hold_as_many_messages_as_tshark_finds() {
    for (name, packets, queries, responses) in [
        ("formats/dns.pcap", 7, 0, 7),
        ("formats/dns_axfr.pcapng", 11, 1, 1),
        ("formats/dns_isp_hijack.pcapng", 123, 2, 2),
        ("formats/dns_lab.pcapng", 22, 11, 11),
        ("formats/dns_query_nonexistent.pcapng", 2, 1, 1),
        ("formats/dns_query_response.pcapng", 2, 1, 1),
        ("formats/dns_recursivequery_client.pcapng", 2, 1, 1),
        ("formats/dns_recursivequery_server.pcapng", 4, 2, 2),
        ("formats/dns_reverse_lookup.pcapng", 2, 1, 1),
        ("formats/dns_tcp.pcapng", 14, 2, 2),
        ("formats/ip_frag_source.pcapng", 6, 0, 0),
        ("formats/ipv6_fragments.pcapng", 22, 0, 0),
        ("formats/udp_dnsrequest.pcapng", 1, 1, 0),
        ("tunnel/dnscat2-txt.pcap", 7950, 3975, 3975),
        ("tunnel/iodine-cname.pcap", 17449, 9089, 8360),
        ("benign/normal_00000_20230805150331.pcap", 30000, 15000, 15000),
    ] {
        let Some(path) = shared(name) else { continue };
        let bytes = std::fs::read(path).unwrap();
        let (batch, tally, records) = read(&bytes, 64 << 10, Some(&["source.bytes", "destination.bytes"]));
        assert_eq!((tally.unreadable, records), (0, packets), "{name}: {:?}", tally.examples);
        let count = |name: &str| batch.num_rows() - batch.column_by_name(name).unwrap().null_count();
        assert_eq!((count("source.bytes"), count("destination.bytes")), (queries, responses), "{name}");
    }
}

/// Whatever the number of workers, the events are the same, each once.
#[test]
fn shares_make_up_the_whole() {
    let Some(path) = shared("tunnel/iodine-cname.pcap") else { return };
    let bytes = std::fs::read(path).unwrap();
    let head = Head { bytes: &bytes[..1000], whole: false, path: Path::new("x.pcap") };
    let log = Pcap.open(&head, &Options::default()).unwrap();
    let wanted = ["@timestamp", "source.port", "dns.id", "dns.question.name", "dns.type", "error.message"];
    let fields = log.fields().into_iter().filter(|field| wanted.contains(&field.name.as_ref()));
    let projection = Arc::new(Projection::new(fields.collect()));
    let rows = |of: u32| {
        let (mut rows, mut records, mut all) = (Vec::new(), 0, Tally::default());
        for number in 0..of {
            let mut decoder = log.share(&projection, Share { number, of }).unwrap();
            let (mut batch, mut tally) = (EventBatch::new(projection.clone()), Tally::default());
            decoder.decode(&Chunk { bytes: Buffer::from(&bytes[..]), offset: 0 }, &mut batch, &mut tally);
            decoder.finish(&mut batch, &mut tally);
            records += decoder.records();
            all.merge(tally, 0);
            let batch = batch.take().unwrap();
            assert!(batch.num_rows() * 4 > 9089 / of as usize, "shares are about equally large");
            rows.extend((0..batch.num_rows()).map(|row| shown(&batch, row).join(" ")));
        }
        rows.sort();
        (rows, records, all)
    };
    let whole = rows(1);
    assert_eq!(whole.1, 17449);
    for of in [2, 3, 5] {
        assert_eq!(rows(of), whole, "{of}");
    }
}

#[test]
fn workers_share_a_capture() {
    let Some(path) = shared("benign/normal_00000_20230805150331.pcap") else { return };
    // Large enough to be worth sharing: two sections of a pcapng file.
    let bytes = std::fs::read(path).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), [&bytes[..], &bytes[..]].concat()).unwrap();
    let opened = crate::open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let field = opened.inputs[0].fields().into_iter().find(|field| field.name == "dns.id").unwrap();
    let scan = crate::Scan::new(&opened.inputs, Arc::new(Projection::new(vec![field])), None);
    let rows: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| scan.worker().map(|batch| batch.unwrap().num_rows()).sum::<usize>()))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    let report = scan.reports().remove(0);
    assert_eq!((rows as u64, report.tally.unreadable), (report.tally.events, 0));
    assert!(rows >= 30_000 && report.error.is_none(), "{rows} {:?}", report.error);
}
