//! A scan with conditions gives the events that meet them, whatever it leaves out before it decodes: the same as testing
//! every event after a scan without conditions.

use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch},
    error::ArrowError,
    util::display::array_value_to_string,
};
use ingest::{Condition, Options, Projection, Report, Scan, fetch, open};
use schema::Field;
use std::{error::Error, io::Write, sync::Arc};
use traffic::{
    encode::{self, Format},
    generate::{Config, Traffic, tunnels_for},
};

/// A test of one field's text.
struct Text {
    field: Field,
    passes: fn(Option<&str>) -> bool,
}

impl Condition for Text {
    fn fields(&self) -> &[Field] {
        std::slice::from_ref(&self.field)
    }

    fn test(&self, columns: &[ArrayRef], rows: usize) -> Result<BooleanArray, ArrowError> {
        let texts = columns[0].as_string_view();
        assert_eq!(texts.len(), rows);
        Ok(texts.iter().map(|text| Some((self.passes)(text))).collect())
    }
}

const FIELDS: [&str; 5] = ["dns.question.name", "dns.question.type", "source.ip", "dns.type", "_id"];

fn conditions() -> Vec<Arc<dyn Condition>> {
    let test = |name, passes| -> Arc<dyn Condition> {
        Arc::new(Text { field: schema::field(name).expect("a field of the schema").clone(), passes })
    };
    vec![
        test("dns.question.type", |text| matches!(text, Some("A" | "TXT" | "CNAME") | None)),
        test("dns.question.name", |text| text.is_some_and(|text| text.len() > 20)),
        test("dns.type", |text| text.is_some()),
    ]
}

/// The rows of a scan as text, sorted, and its report.
fn rows(path: &str, conditions: Vec<Arc<dyn Condition>>) -> Result<(Vec<String>, Report), Box<dyn Error>> {
    let opened = open(&[path.to_owned()], &Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    let fields = FIELDS.map(|name| schema::field(name).cloned().unwrap_or(Field::one(name, schema::Type::Keyword)));
    let scan = Scan::of_those(&opened.inputs, Arc::new(Projection::new(fields.to_vec())), None, conditions);
    let mut rows = Vec::new();
    for batch in scan.worker().chain(scan.worker()) {
        let batch: RecordBatch = batch?;
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| array_value_to_string(column, row));
            rows.push(cells.collect::<Result<Vec<_>, _>>()?.join("|"));
        }
    }
    rows.sort();
    Ok((rows, scan.reports().remove(0)))
}

fn written(format: &Format) -> Result<tempfile::NamedTempFile, Box<dyn Error>> {
    let (events, clients) = (3000, 20);
    let config = Config { events, clients, tunnels: tunnels_for(events, clients), ..Config::default() };
    let events: Vec<_> = Traffic::new(&config).collect();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&encode::to_bytes(&mut *(format.encoder)(), &events)?)?;
    Ok(file)
}

#[test]
fn conditions_leave_the_events_that_meet_them() -> Result<(), Box<dyn Error>> {
    for format in encode::FORMATS.iter().filter(|format| format.name != "null") {
        let file = written(format)?;
        let path = file.path().to_string_lossy().into_owned();
        let (all, whole) = rows(&path, Vec::new())?;
        let (left, sieved) = rows(&path, conditions())?;
        let meets = |row: &&String| {
            let cells: Vec<&str> = row.split('|').collect();
            matches!(cells[1], "A" | "TXT" | "CNAME" | "") && cells[0].len() > 20 && !cells[3].is_empty()
        };
        let expected: Vec<&String> = all.iter().filter(meets).collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{}: {}", format.name, expected.len());
        assert!(left.iter().eq(expected.iter().copied()), "{}: {} of {}", format.name, left.len(), expected.len());
        assert_eq!(whole.tally, sieved.tally, "{}: all events are counted", format.name);
    }
    Ok(())
}

#[test]
fn single_events_are_read_again_where_they_lie() -> Result<(), Box<dyn Error>> {
    for format in encode::FORMATS.iter().filter(|format| matches!(format.name, "parquet" | "pcap" | "zeek-tsv")) {
        let file = written(format)?;
        let path = file.path().to_string_lossy().into_owned();
        let (all, _) = rows(&path, Vec::new())?;
        let wanted: Vec<&String> = all.iter().step_by(37).collect();
        let ids = wanted.iter().filter_map(|row| row.rsplit('|').next());
        let opened = open(&[path], &Options::default());
        let (fetched, lost) = fetch(&opened.inputs, ids);
        assert!(lost.is_empty(), "{}: {lost:?}", format.name);
        let mut found = Vec::new();
        for event in &fetched {
            let columns = FIELDS.map(|name| event.batch.column_by_name(name));
            for row in 0..event.batch.num_rows() {
                let cells = columns.iter().map(|column| match column {
                    Some(column) => array_value_to_string(column, row),
                    None => Ok(String::new()),
                });
                found.push(cells.collect::<Result<Vec<_>, _>>()?.join("|"));
            }
        }
        found.sort();
        assert!(found.iter().eq(wanted.iter().copied()), "{}: {} of {}", format.name, found.len(), wanted.len());
    }
    Ok(())
}
