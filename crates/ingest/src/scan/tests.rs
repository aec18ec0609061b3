use super::*;
use crate::{Options, open};
use std::{
    io::{self, Write},
    path::Path,
};

fn line(number: usize) -> String {
    format!("{{\"@timestamp\":\"2024-01-01T00:00:00Z\",\"n\":{number},\"pad\":\"{}\"}}\n", "x".repeat(number % 300))
}

/// The numbers read, sorted, and the only report.
fn read(path: &Path, workers: usize) -> Result<(Vec<i64>, Report), ArrowError> {
    let opened = open(&[path.to_string_lossy().into_owned()], &Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    let projection = Arc::new(Projection::new(vec![Field::one("n", Type::Long)]));
    let scan = Scan::new(&opened.inputs, projection, None);
    let numbers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                for batch in scan.worker() {
                    let batch = batch.expect("a batch");
                    lock(&numbers)
                        .extend_from_slice(batch.column(0).as_primitive::<arrow::datatypes::Int64Type>().values());
                }
            });
        }
    });
    let mut numbers = numbers.into_inner().unwrap_or_default();
    numbers.sort_unstable();
    let mut reports = scan.reports();
    Ok((numbers, reports.remove(0)))
}

fn write(bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(bytes)?;
    Ok(file)
}

#[test]
fn every_line_is_read_once_however_it_is_stored() -> Result<(), Box<dyn std::error::Error>> {
    let lines = 12_000;
    let text: String = (0..lines).map(line).collect();
    let expected: Vec<i64> = (0..lines as i64).collect();
    let half = text.len() / 2;
    let mut gzip = Vec::new();
    for part in [&text[..half], &text[half..]] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part.as_bytes())?;
        gzip.extend(encoder.finish()?);
    }
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(text.as_bytes())?;
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 0);
    xz.write_all(text.as_bytes())?;
    let mut zstd = zstd::encode_all(&text.as_bytes()[..half], 1)?;
    zstd.extend(zstd::encode_all(&text.as_bytes()[half..], 1)?);
    let marked: Vec<u8> = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let nested = zstd::encode_all(&gzip[..], 1)?;
    let forms = [text.clone().into_bytes(), marked, utf16, gzip, bzip2.finish()?, xz.finish()?, zstd, nested];
    for (form, bytes) in forms.iter().enumerate() {
        let file = write(bytes)?;
        for workers in [1, 3] {
            let (numbers, report) = read(file.path(), workers)?;
            assert!(numbers == expected, "form {form}: {} numbers", numbers.len());
            assert_eq!((report.tally.events, report.tally.unreadable, report.error), (lines as u64, 0, None));
        }
    }
    Ok(())
}

#[test]
fn unreadable_lines_have_their_line_number() -> Result<(), Box<dyn std::error::Error>> {
    let text: String = (0..40_000).map(|n| if n % 10_000 == 7 { "{broken\n".to_owned() } else { line(n) }).collect();
    for bytes in [text.clone().into_bytes(), zstd::encode_all(text.as_bytes(), 1)?] {
        let file = write(&bytes)?;
        let (numbers, report) = read(file.path(), 3)?;
        assert_eq!(numbers.len(), 39_996);
        let records: Vec<u64> = report.tally.examples.iter().map(|example| example.record).collect();
        assert_eq!(records, [8, 10_008, 20_008, 30_008]);
        assert_eq!(report.tally.examples[0].excerpt, "{broken");
    }
    Ok(())
}

#[test]
fn a_line_that_is_too_long_is_counted_and_the_rest_is_read() -> Result<(), Box<dyn std::error::Error>> {
    let long = format!("{{\"n\":1,\"pad\":\"{}\"}}\n", "y".repeat(MAX_LINE + 3 * pieces::PIECE));
    let fits = format!("{{\"n\":2,\"pad\":\"{}\"}}\n", "z".repeat(MAX_LINE - 100));
    for text in [format!("{}{long}{fits}{}", line(0), line(3)), format!("{}{fits}{}{long}", line(0), line(3))] {
        let place = if text.find(&long) == Some(line(0).len()) { 2 } else { 4 };
        for bytes in [text.clone().into_bytes(), zstd::encode_all(text.as_bytes(), 1)?] {
            let file = write(&bytes)?;
            let (numbers, report) = read(file.path(), 2)?;
            assert_eq!(numbers, [0, 2, 3]);
            assert_eq!((report.tally.unreadable, report.tally.examples[0].record), (1, place));
            assert!(report.tally.examples[0].excerpt.starts_with("{\"n\":1,"));
        }
    }
    Ok(())
}

#[test]
fn a_cut_file_gives_what_it_has_and_says_so() -> Result<(), Box<dyn std::error::Error>> {
    let text: String = (0..40_000).map(line).collect();
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()?
    };
    let file = write(&gzip[..gzip.len() / 2])?;
    let (numbers, report) = read(file.path(), 2)?;
    assert!(numbers.len() > 10_000 && numbers.iter().enumerate().all(|(at, n)| at as i64 == *n));
    let error = report.error.ok_or("no error")?;
    assert_eq!(error.reason, "the compressed file is cut off; what comes before was read");

    let file = write(&text.as_bytes()[..text.len() - 5])?;
    let (numbers, report) = read(file.path(), 2)?;
    assert_eq!((numbers.len(), report.tally.unreadable, report.tally.examples[0].record), (39_999, 1, 40_000));
    Ok(())
}

#[test]
fn events_behind_many_bytes_without_one_are_found() -> Result<(), Box<dyn std::error::Error>> {
    let line = |dataset: &str, pad: usize| {
        format!("{{\"n\":1,\"event\":{{\"dataset\":\"{dataset}\"}},\"pad\":\"{}\"}}\n", "x".repeat(pad))
    };
    let text = [line("a", 1 << 20).repeat(BYTES / (1 << 20) + 2), line("b", 0)].concat();
    let file = write(text.as_bytes())?;
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let projection = Arc::new(Projection::new(vec![Field::one("n", Type::Long)]));
    let scan = Scan::new(&opened.inputs, projection, Some(&StreamSelection::new([("logs-b-*", false)])));
    let batches = scan.worker().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    assert_eq!(scan.reports()[0].tally.events, (BYTES / (1 << 20)) as u64 + 3);
    Ok(())
}

#[test]
fn events_of_other_streams_are_left_out() -> Result<(), Box<dyn std::error::Error>> {
    let text: String =
        (0..10).map(|n| format!("{{\"n\":{n},\"event\":{{\"dataset\":\"{}\"}}}}\n", ["a", "b"][n % 2])).collect();
    let file = write(text.as_bytes())?;
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    for (stream, rows) in [("logs-a-default", 5), ("logs-none-default", 0)] {
        let projection = Arc::new(Projection::new(vec![Field::one("n", Type::Long)]));
        let scan = Scan::new(&opened.inputs, projection, Some(&StreamSelection::new([(stream, false)])));
        let batches = scan.worker().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), rows);
        assert!(batches.iter().all(|batch| batch.num_columns() == 1));
    }
    Ok(())
}
