//! Compressed, marked and otherwise wrapped inputs of any content, through opening and scanning.
#![no_main]

use ingest::{Options, Projection, Scan, open};
use libfuzzer_sys::fuzz_target;
use std::{io::Write, sync::Arc};

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(data).expect("room for it");
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    assert_eq!(opened.inputs.len() + opened.errors.len(), 1);
    for input in &opened.inputs {
        let projection = Arc::new(Projection::new(input.fields()));
        let scan = Scan::new(&opened.inputs, projection, None);
        let rows: usize = scan.worker().map(|batch| batch.expect("a batch").num_rows()).sum();
        assert_eq!(rows as u64, scan.reports()[0].tally.events);
    }
});
