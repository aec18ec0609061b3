//! Every source over arbitrary and damaged bytes: none may panic, none may lose count of its events, and what is read
//! may not depend on how the input is cut into chunks. `PROPTEST_CASES=1000000` makes a fuzzer of it that needs no other
//! compiler; those in `fuzz/` are led by what code they reach.

use arrow::{array::RecordBatch, buffer::Buffer};
use ingest::{Chunk, EventBatch, Framing, Head, Log, Options, Projection, Tally, source::SOURCES};
use proptest::prelude::*;
use schema::{Field, Type};
use std::{
    path::Path,
    sync::{Arc, LazyLock},
};
use traffic::{
    encode,
    generate::{Config, Traffic},
};

/// Beginnings that lead into each of the sources.
const BEGINNINGS: [&[u8]; 16] = [
    b"",
    b"\xD4\xC3\xB2\xA1\x02\0\x04\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\x01\0\0\0",
    b"\xA1\xB2\x3C\x4D\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\x65",
    b"\x0A\x0D\x0D\x0A\x1C\0\0\0\x4D\x3C\x2B\x1A\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x1C\0\0\0\
      \x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0",
    b"\0\0\0\0\0\0\0\x22\0\0\0\x02\0\0\0\x01\0\0\0\x16protobuf:dnstap.Dnstap",
    b"DNS Server log file creation at 7/9/2013 9:52:23 AM\r\n7/9/2013 9:52:26 AM 0E54 PACKET  00 UDP Rcv 10.0.0.1 2ff4 R Q [",
    b"21-Nov-2026 17:31:56.123 client 10.0.0.1#53311: query: example.org IN NS -EDC (10.0.0.53)\n21-Nov-2026 ",
    b"Nov 21 17:31:56 dnsmasq[812]: 7 10.0.0.1/41873 query[A] a.example from 10.0.0.1\n\
      Nov 21 17:31:56 dnsmasq[812]: 7 10.0.0.1/41873 reply a.example is 192.0.2.1\nNov 21 17:31:56 dnsmasq[812]: 7 ",
    b"[1700000000] unbound[1:0] info: 10.0.0.1 a.example. A IN\n\
      [1700000001] unbound[1:0] reply: 10.0.0.1 a.example. A IN NOERROR 0.000000 1 60\n[17",
    b"source.ip,dns.question.name\n10.0.0.1,\"",
    b"@timestamp;event.dataset;related.ip;x\n2026-01-01;a;[\"10.0.0.1\"];1\n2026;\"b\n\";[];\n",
    b"{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"a\":{\"b\":[1,{\"c\":null}]},\"dns.question.name\":\"x.example\"}\n{\"delete\":{}}\n",
    b"{\"took\":1,\"hits\":{\"total\":1,\"hits\":[{\"_index\":\"a\",\"_id\":\"1\",\"_source\":{\"a\":\"\\ud83d\\u00e9\"}}]}}",
    b"[{\"a\":1,\n\"b\":[{\"c\":1},{\"c\":\"x\"}]} , {\"a\":1e400}]",
    b"#separator \\x7c\n#set_separator|,\n#path|conn\n#fields|ts|id.orig_h|duration|orig_bytes|x\n#types|time|addr|interval|count|set[string]\n1.5|10.0.0.1|-|7|(empty)\n",
    b"{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"message\":\"{\\\"ts\\\":1.0,\\\"uid\\\":\\\"C\\\",\\\"query\\\":\\\"a.example\\\"}\",\"agent\":{\"type\":\"filebeat\"}}\n",
];

/// Sound logs of a few events in every encoding, and the beginnings.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let events: Vec<_> = Traffic::new(&Config { events: 6, clients: 2, ..Config::default() }).collect();
    let streams = encode::FORMATS.iter().filter(|format| !["parquet", "null"].contains(&format.name));
    let logs = streams.map(|format| encode::to_bytes(&mut *(format.encoder)(), &events).expect("bytes in memory"));
    logs.chain(BEGINNINGS.iter().map(|bytes| bytes.to_vec())).collect()
});

/// Bytes and words that decoders look at closely.
const TELLING: [&[u8]; 20] = [
    b"\n",
    b"\0",
    b"\xff",
    b"\"",
    b"\\",
    b"\t",
    b",",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b"-",
    b"\xC0\x0C",
    b"\xff\xff\xff\xff",
    b"\x80\0\0\0",
    b"9999999999999999999",
    b"-1",
    b"\r\n#",
    b"\xF0\x9F",
];

/// A change: which kind of change, where, and how much or which.
type Change = (u8, u16, u8);

fn change(bytes: &mut Vec<u8>, (kind, place, what): Change) {
    let at = usize::from(place) % (bytes.len() + 1);
    let end = (at + usize::from(what)).min(bytes.len());
    match kind % 6 {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = what),
        1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (what % 8)),
        2 => drop(bytes.splice(at..at, TELLING[usize::from(what) % TELLING.len()].iter().copied())),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        _ => {
            let other = &SEEDS[usize::from(what) % SEEDS.len()];
            let part = &other[usize::from(place) % (other.len() + 1)..];
            bytes.splice(at..at, part.iter().copied());
        }
    }
}

/// The events, and what was counted: events, unreadable and other records, all records.
fn decode(log: &dyn Log, bytes: &[u8], size: usize) -> (RecordBatch, [u64; 4]) {
    let mut fields = log.fields();
    for name in [Projection::INDEX, Projection::ID] {
        if fields.iter().all(|field| field.name != name) {
            fields.push(Field::one(name, Type::Keyword));
        }
    }
    let projection = Arc::new(Projection::new(fields));
    let (mut decoder, mut batch) = (log.decoder(&projection), EventBatch::new(projection.clone()));
    let (mut tally, mut records, mut at) = (Tally::default(), 0, 0);
    let stream = <[_; 1]>::try_from(log.streams()).ok().map(|[stream]| stream);
    while at < bytes.len() {
        let mut end = (at + size).min(bytes.len());
        if log.framing() == Framing::Lines {
            end = bytes[end - 1..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| end + more);
        }
        batch.begin(0, stream.as_ref(), at as u64);
        decoder.decode(&Chunk { bytes: Buffer::from(&bytes[at..end]), offset: at as u64 }, &mut batch, &mut tally);
        records += decoder.records();
        at = end;
    }
    batch.begin(0, stream.as_ref(), u64::MAX);
    decoder.finish(&mut batch, &mut tally);
    records += decoder.records();
    let batch = batch.take().expect("columns of one length");
    assert_eq!(batch.num_rows() as u64, tally.events);
    (batch, [tally.events, tally.unreadable, tally.other, records])
}

fn difference(whole: &(RecordBatch, [u64; 4]), pieces: &(RecordBatch, [u64; 4]), bytes: &[u8]) -> String {
    let fields = whole.0.schema();
    let columns = fields.fields().iter().zip(whole.0.columns().iter().zip(pieces.0.columns()));
    let different =
        columns.filter(|(_, (a, b))| a != b).map(|(field, (a, b))| format!("{}: {a:?}\n{b:?}", field.name()));
    let different: Vec<String> = different.take(2).collect();
    format!("{:?} {:?}\n{}\n{}", whole.1, pieces.1, different.join("\n"), bytes.escape_ascii())
}

fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(400)) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_panics_and_every_event_is_counted_however_the_input_is_cut(
        seed in any::<prop::sample::Index>(),
        changes in prop::collection::vec(any::<Change>(), 0..12),
        size in 1..200_usize,
    ) {
        let mut bytes = seed.get(&SEEDS[..]).clone();
        for one in changes {
            change(&mut bytes, one);
        }
        bytes.truncate(20_000);
        let head = Head { bytes: &bytes, whole: true, path: Path::new("no such file") };
        for source in SOURCES.iter().filter(|source| source.recognise(&head)) {
            let Ok(log) = source.open(&head, &Options::default()) else { continue };
            let whole = decode(log.as_ref(), &bytes, bytes.len().max(1));
            let pieces = decode(log.as_ref(), &bytes, size);
            // Where a capture goes on behind a broken record is a guess from the bytes at hand.
            let guessed = source.name() == "pcap" && whole.1[1] > 0;
            prop_assert!(guessed || whole == pieces, "{} in pieces of {size}: {}", source.name(), difference(&whole, &pieces, &bytes));
        }
    }
}
