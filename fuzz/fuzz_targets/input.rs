//! Compressed, marked and otherwise wrapped inputs of any content, through opening, scanning and discovery.
#![no_main]

use ingest::{Options, Projection, Scan, discover, open};
use libfuzzer_sys::fuzz_target;
use std::{io::Write, sync::Arc};

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(data).expect("room for it");
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    assert_eq!(opened.inputs.len() + opened.errors.len(), 1);
    let events = |input: &ingest::Input| {
        let projection = Arc::new(Projection::new(input.fields()));
        let scan = Scan::new(std::slice::from_ref(input), projection, None);
        let rows: usize = scan.worker().filter_map(Result::ok).map(|batch| batch.num_rows()).sum();
        assert_eq!(rows as u64, scan.reports()[0].tally.events);
        rows
    };
    for (input, discovered) in opened.inputs.iter().zip(discover(&opened.inputs, 2, |_| ())) {
        assert_eq!(events(input), events(&discovered));
    }
});
