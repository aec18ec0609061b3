//! Runs a source over hostile bytes: it may refuse them or count what it cannot read, and must do no more.

use arrow::buffer::Buffer;
use ingest::{Chunk, EventBatch, Framing, Head, Log, Options, Projection, Tally, source::SOURCES};
use std::{path::Path, sync::Arc};

/// Reads bytes as the source of this name, in chunks of a size that the bytes decide; the rows must be the events
/// counted.
pub fn read(source: &str, bytes: &[u8]) {
    let source = SOURCES.iter().find(|known| known.name() == source).expect("a source of this name");
    let head = Head { bytes, whole: true, path: Path::new("fuzz") };
    if !source.recognise(&head) {
        return;
    }
    let Ok(log) = source.open(&head, &Options::default()) else { return };
    let size = match bytes.last() {
        Some(last) if last % 2 == 0 => 1 + usize::from(*last),
        _ => bytes.len().max(1),
    };
    let whole = decode(log.as_ref(), bytes, bytes.len().max(1));
    let pieces = decode(log.as_ref(), bytes, size);
    assert_eq!(whole, pieces, "events must not depend on how the input is cut");
}

fn decode(log: &dyn Log, bytes: &[u8], size: usize) -> u64 {
    let projection = Arc::new(Projection::new(log.fields()));
    let (mut decoder, mut batch) = (log.decoder(&projection), EventBatch::new(projection.clone()));
    let (mut tally, mut rows, mut at) = (Tally::default(), 0, 0);
    while at < bytes.len() {
        let mut end = (at + size).min(bytes.len());
        if log.framing() == Framing::Lines {
            end = bytes[end - 1..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| end + more);
        }
        decoder.decode(&Chunk { bytes: Buffer::from(&bytes[at..end]), offset: at as u64 }, &mut batch, &mut tally);
        decoder.records();
        rows += batch.take().expect("a batch").num_rows() as u64;
        at = end;
    }
    decoder.finish(&mut batch, &mut tally);
    rows += batch.take().expect("a batch").num_rows() as u64;
    assert_eq!(rows, tally.events);
    rows
}
