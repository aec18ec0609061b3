//! Every source over arbitrary and damaged bytes: none may panic, none may lose count of its events.

use arrow::buffer::Buffer;
use ingest::{Chunk, EventBatch, Framing, Head, Options, Projection, Tally, source::SOURCES};
use proptest::prelude::*;
use std::{path::Path, sync::Arc};

/// Beginnings that lead into each of the sources.
const BEGINNINGS: [&[u8]; 9] = [
    b"",
    b"\xD4\xC3\xB2\xA1\x02\0\x04\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\x01\0\0\0",
    b"\xA1\xB2\x3C\x4D\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\x65",
    b"\x0A\x0D\x0D\x0A\x1C\0\0\0\x4D\x3C\x2B\x1A\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x1C\0\0\0\
      \x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0",
    b"\0\0\0\0\0\0\0\x22\0\0\0\x02\0\0\0\x01\0\0\0\x16protobuf:dnstap.Dnstap",
    b"DNS Server log file creation at 7/9/2013 9:52:23 AM\r\n7/9/2013 9:52:26 AM 0E54 PACKET  00 UDP Rcv 10.0.0.1 2ff4 R Q [",
    b"21-Nov-2026 17:31:56.123 client 10.0.0.1#53311: query: example.org IN NS -EDC (10.0.0.53)\n21-Nov-2026 ",
    b"Nov 21 17:31:56 dnsmasq[812]: 7 10.0.0.1/41873 query[A] a.example from 10.0.0.1\nNov 21 17:31:56 dnsmasq[812]: 7 ",
    b"source.ip,dns.question.name\n10.0.0.1,\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_every_event_is_counted(
        beginning in 0..BEGINNINGS.len(),
        rest in prop::collection::vec(any::<u8>(), 0..400),
        size in 1..200_usize,
    ) {
        let bytes = [BEGINNINGS[beginning], &rest].concat();
        let head = Head { bytes: &bytes, whole: true, path: Path::new("no such file") };
        for source in SOURCES.iter().filter(|source| source.recognise(&head)) {
            let Ok(log) = source.open(&head, &Options::default()) else { continue };
            let projection = Arc::new(Projection::new(log.fields()));
            let (mut decoder, mut batch) = (log.decoder(&projection), EventBatch::new(projection.clone()));
            let (mut tally, mut at) = (Tally::default(), 0);
            while at < bytes.len() {
                let mut end = (at + size).min(bytes.len());
                if log.framing() == Framing::Lines {
                    end = bytes[end - 1..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| end + more);
                }
                let chunk = Chunk { bytes: Buffer::from(&bytes[at..end]), offset: at as u64 };
                decoder.decode(&chunk, &mut batch, &mut tally);
                at = end;
            }
            decoder.finish(&mut batch, &mut tally);
            prop_assert_eq!(batch.take().expect("a batch").num_rows() as u64, tally.events, "{}", source.name());
        }
    }
}
