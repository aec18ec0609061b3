//! Zeek logs of any content, read whole and in two pieces.
#![no_main]

use ingest::{Chunk, EventBatch, Head, Options, Projection, Source, Tally, source::zeek::Zeek};
use libfuzzer_sys::fuzz_target;
use std::{path::Path, sync::Arc};

fuzz_target!(|data: &[u8]| {
    let head = Head { bytes: data, whole: true, path: Path::new("dns.log") };
    let Ok(log) = Zeek.open(&head, &Options::default()) else { return };
    let projection = Arc::new(Projection::new(log.fields()));
    let mut batch = EventBatch::new(projection.clone());
    let line_end = data.iter().position(|byte| *byte == b'\n').map_or(data.len(), |at| at + 1);
    for pieces in [vec![0..data.len()], vec![0..line_end, line_end..data.len()]] {
        let (mut decoder, mut tally) = (log.decoder(&projection), Tally::default());
        for piece in pieces {
            let chunk = Chunk { bytes: data[piece.clone()].to_vec().into(), offset: piece.start as u64 };
            decoder.decode(&chunk, &mut batch, &mut tally);
        }
        decoder.finish(&mut batch, &mut tally);
        let events = batch.take().expect("columns of one length").num_rows() as u64;
        assert_eq!(events, tally.events);
    }
});
