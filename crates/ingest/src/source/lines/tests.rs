//! How tests of line formats read a log.

use crate::{Chunk, EventBatch, Framing, Head, Options, Projection, Source, Tally};
use arrow::{buffer::Buffer, util::display::array_value_to_string};
use std::{path::Path, sync::Arc};

/// The events of a log, each its fields joined by `|`; chunks of about so many bytes.
pub fn events(source: &dyn Source, bytes: &[u8], chunk: usize, fields: &[&str]) -> (Vec<String>, Tally) {
    let head = Head { bytes, whole: true, path: Path::new("no such file") };
    assert!(source.recognise(&head), "{} does not recognise it", source.name());
    let log = source.open(&head, &Options::default()).unwrap();
    let known = log.fields();
    let find = |name: &&str| known.iter().find(|field| field.name == *name).unwrap().clone();
    let projection = Arc::new(Projection::new(fields.iter().map(find).collect()));
    let (mut decoder, mut batch, mut tally) =
        (log.decoder(&projection), EventBatch::new(projection.clone()), Tally::default());
    let mut at = 0;
    while at < bytes.len() {
        let mut end = (at + chunk).min(bytes.len());
        if log.framing() == Framing::Lines {
            end = bytes[end - 1..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| end + more);
        }
        decoder.decode(&Chunk { bytes: Buffer::from(&bytes[at..end]), offset: at as u64 }, &mut batch, &mut tally);
        at = end;
    }
    decoder.finish(&mut batch, &mut tally);
    let batch = batch.take().unwrap();
    let cell = |row, column: &_| array_value_to_string(column, row).unwrap();
    let rows = 0..batch.num_rows();
    let rows = rows.map(|row| batch.columns().iter().map(|column| cell(row, column)).collect::<Vec<_>>().join("|"));
    (rows.collect(), tally)
}
