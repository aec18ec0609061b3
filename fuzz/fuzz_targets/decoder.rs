//! Any bytes are read as the kind of log that the target is named after, or refused. All targets of sources are this file:
//! `cargo fuzz run bind` reads BIND's logs.
//!
//! A decoder may refuse bytes or count what it cannot read. It must give the events it counts, and the same ones however
//! the input is cut into chunks.
#![no_main]

use arrow::{array::RecordBatch, buffer::Buffer};
use ingest::{Chunk, EventBatch, Framing, Head, Log, Options, Projection, Tally, source::SOURCES};
use libfuzzer_sys::fuzz_target;
use schema::{Field, Type};
use std::{path::Path, sync::Arc};

fuzz_target!(|bytes: &[u8]| {
    let source = SOURCES.iter().find(|source| source.name() == env!("CARGO_BIN_NAME")).expect("a source of this name");
    let head = Head { bytes, whole: true, path: Path::new("fuzz") };
    if !source.recognise(&head) {
        return;
    }
    let Ok(log) = source.open(&head, &Options::default()) else { return };
    let size = match bytes.last() {
        Some(last) if last % 2 == 0 => 1 + usize::from(*last),
        _ => 7,
    };
    let (whole, pieces) = (decode(log.as_ref(), bytes, bytes.len().max(1)), decode(log.as_ref(), bytes, size));
    // Where a capture goes on behind a broken record is a guess from the bytes at hand.
    let guessed = source.name() == "pcap" && whole.1[1] > 0;
    assert!(guessed || whole == pieces, "what is read must not depend on how the input is cut");
});

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
