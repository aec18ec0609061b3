//! JSON documents of any content in all their shapes: read whole and in small pieces with the same result, and accepted
//! line by line where `serde_json` accepts.
#![no_main]

use ingest::{
    Chunk, EventBatch, Framing, Head, Options, Projection, Source, Tally,
    json::{Documents, Scanner},
};
use libfuzzer_sys::fuzz_target;
use std::{path::Path, sync::Arc};

fuzz_target!(|data: &[u8]| {
    agrees_with_serde(data);
    let head = Head { bytes: data, whole: true, path: Path::new("events.json") };
    if !Documents.recognise(&head) {
        return;
    }
    let Ok(log) = Documents.open(&head, &Options::default()) else { return };
    let mut fields = log.fields();
    fields.extend([Projection::INDEX, Projection::ID].map(|name| schema::Field::one(name, schema::Type::Keyword)));
    let projection = Arc::new(Projection::new(fields));
    let mut results = Vec::new();
    for step in [data.len().max(1), 7] {
        let mut batch = EventBatch::new(projection.clone());
        let (mut decoder, mut tally, mut records) = (log.decoder(&projection), Tally::default(), 0);
        let mut offset = 0;
        while offset < data.len() {
            let mut end = (offset + step).min(data.len());
            if log.framing() == Framing::Lines {
                end = data[end - 1..].iter().position(|byte| *byte == b'\n').map_or(data.len(), |at| end + at);
            }
            let chunk = Chunk { bytes: data[offset..end].to_vec().into(), offset: offset as u64 };
            decoder.decode(&chunk, &mut batch, &mut tally);
            offset = end;
            records += decoder.records();
        }
        decoder.finish(&mut batch, &mut tally);
        records += decoder.records();
        let batch = batch.take().expect("columns of one length");
        assert_eq!(batch.num_rows() as u64, tally.events);
        results.push((batch, tally.events, tally.unreadable, records));
    }
    assert!(results[0] == results[1]);
});

fn agrees_with_serde(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut scanner = Scanner::new(&["a", "b.c"]);
    for line in text.lines() {
        let serde = serde_json::from_str::<serde_json::Value>(line);
        let ours = scanner.line(line, &mut Vec::new());
        match serde {
            Ok(value) => assert_eq!(value.is_object(), ours.is_ok(), "{line}"),
            // Half a surrogate pair and numbers that no double can hold are let pass.
            Err(_) if line.contains("\\u") || line.bytes().any(|byte| byte.is_ascii_digit()) => {}
            Err(error) => assert!(ours.is_err(), "{error}: {line}"),
        }
    }
}
