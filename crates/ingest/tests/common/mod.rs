//! What the tests of sources share: reading bytes as `gannet` would, and comparing the events with documents of Elastic's.

#![allow(dead_code, reason = "each test uses a part")]

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::concat_batches,
    datatypes::{DataType, TimeUnit},
    error::ArrowError,
    util::display::array_value_to_string,
};
use ingest::{Chunk, EventBatch, Head, Log, Options, Projection, Tally, source::SOURCES, time};
use schema::{Field, Type};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

pub type Failure = Box<dyn std::error::Error>;

/// Where the reference material is, if it is there. Prints a notice if not.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GANNET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let fallback = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let found = [root, fallback].into_iter().map(|root| root.join(path)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: {path} is not there (GANNET_SHARED)");
    }
    found
}

/// What was read of some bytes.
pub struct Reading {
    pub source: &'static str,
    pub streams: Vec<String>,
    pub fields: Vec<Field>,
    pub batch: RecordBatch,
    pub tally: Tally,
}

/// Reads bytes with the source that recognises them, all its fields projected.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Reading, Failure> {
    read_in_chunks(path, bytes, usize::MAX)
}

/// The same, cut into chunks at the first line end behind so many bytes.
pub fn read_in_chunks(path: &Path, bytes: &[u8], size: usize) -> Result<Reading, Failure> {
    let limit = bytes.len().min(256 << 10);
    let head = Head { bytes: bytes.get(..limit).unwrap_or_default(), whole: limit == bytes.len(), path };
    let source = SOURCES.iter().find(|source| source.recognise(&head)).ok_or("no source recognises it")?;
    let log = source.open(&head, &Options::default())?;
    let mut fields = log.fields();
    for name in [Projection::INDEX, Projection::ID] {
        fields.push(Field::one(name, Type::Keyword));
    }
    let (batch, tally) = decode(log.as_ref(), &fields, bytes, size)?;
    let streams = log.streams().iter().map(ToString::to_string).collect();
    Ok(Reading { source: source.name(), streams, fields, batch, tally })
}

fn decode(log: &dyn Log, fields: &[Field], bytes: &[u8], size: usize) -> Result<(RecordBatch, Tally), Failure> {
    let projection = Arc::new(Projection::new(fields.to_vec()));
    let mut decoder = log.decoder(&projection);
    let (mut batch, mut tally, mut batches) = (EventBatch::new(projection.clone()), Tally::default(), Vec::new());
    let mut offset = 0;
    while offset < bytes.len() {
        let rest = bytes.get(offset..).unwrap_or_default();
        let from = size.min(rest.len()).saturating_sub(1);
        let line_end = rest.iter().skip(from).position(|byte| *byte == b'\n');
        let length = line_end.map_or(rest.len(), |at| from + at + 1);
        let chunk = rest.get(..length).unwrap_or_default().to_vec();
        let chunk = Chunk { bytes: chunk.into(), offset: offset as u64 };
        let mut part = Tally::default();
        decoder.decode(&chunk, &mut batch, &mut part);
        tally.merge(part, 0);
        batches.push(batch.take()?);
        offset += length;
    }
    let mut part = Tally::default();
    decoder.finish(&mut batch, &mut part);
    tally.merge(part, 0);
    batches.push(batch.take()?);
    Ok((concat_batches(projection.arrow_schema(), &batches)?, tally))
}

impl Reading {
    /// The values of a field in one row, as text; none if it is null or there is no such field.
    pub fn values(&self, row: usize, field: &str) -> Vec<String> {
        self.batch.column_by_name(field).and_then(|column| values(column, row).ok()).unwrap_or_default()
    }

    /// All values of one row by field.
    pub fn event(&self, row: usize) -> BTreeMap<String, Vec<String>> {
        let schema = self.batch.schema();
        let names = schema.fields().iter().map(|field| field.name().clone());
        names.map(|name| (name.clone(), self.values(row, &name))).filter(|(_, values)| !values.is_empty()).collect()
    }
}

fn values(column: &ArrayRef, row: usize) -> Result<Vec<String>, ArrowError> {
    if column.is_null(row) {
        return Ok(Vec::new());
    }
    match column.data_type() {
        DataType::List(_) => {
            let elements = column.as_list::<i32>().value(row);
            (0..elements.len()).map(|at| value(&elements, at)).collect()
        }
        _ => Ok(vec![value(column, row)?]),
    }
}

/// Times with a `Z`, so that they read as in documents.
fn value(column: &ArrayRef, row: usize) -> Result<String, ArrowError> {
    let text = array_value_to_string(column, row)?;
    Ok(match column.data_type() {
        DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Nanosecond, None) => text + "Z",
        _ => text,
    })
}

/// The leaves of a document by path, nulls left out; what is in arrays comes in order.
pub fn leaves(document: &Value) -> BTreeMap<String, Vec<String>> {
    fn walk(value: &Value, path: &str, leaves: &mut BTreeMap<String, Vec<String>>) {
        match value {
            Value::Null => {}
            Value::Object(members) => members.iter().for_each(|(key, value)| {
                walk(value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, leaves);
            }),
            Value::Array(elements) => elements.iter().for_each(|element| walk(element, path, leaves)),
            Value::String(text) => leaves.entry(path.to_owned()).or_default().push(text.clone()),
            other => leaves.entry(path.to_owned()).or_default().push(other.to_string()),
        }
    }
    let mut all = BTreeMap::new();
    walk(document, "", &mut all);
    all
}

/// Fields that have to be equal.
const COMPARED: [&str; 8] = ["client.", "destination.", "dns.", "event.", "network.", "related.", "server.", "source."];

/// A difference that is meant: a field, or all below one that ends in a dot, of which documents, and why.
pub struct Difference {
    pub field: &'static str,
    pub reason: &'static str,
}

/// Compares events with Elastic's documents, field by field.
pub struct Comparison {
    differences: &'static [Difference],
    used: BTreeSet<&'static str>,
    pub equal: usize,
    pub listed: usize,
    pub wrong: Vec<String>,
}

impl Comparison {
    pub fn new(differences: &'static [Difference]) -> Self {
        Comparison { differences, used: BTreeSet::new(), equal: 0, listed: 0, wrong: Vec::new() }
    }

    /// Each event against the document in the same place.
    pub fn compare(&mut self, name: &str, reading: &Reading, documents: &[Value]) {
        if reading.batch.num_rows() != documents.len() {
            self.wrong.push(format!("{name}: {} events for {} documents", reading.batch.num_rows(), documents.len()));
            return;
        }
        for (row, document) in documents.iter().enumerate() {
            let event = reading.event(row);
            let leaves = leaves(document);
            let compared = leaves.iter().filter(|(path, _)| {
                *path == "@timestamp" || COMPARED.iter().any(|beginning| path.starts_with(beginning))
            });
            for (path, expected) in compared {
                let ours = event.get(path).cloned().unwrap_or_default();
                if canonical(path, &ours) == canonical(path, expected) {
                    self.equal += 1;
                } else if let Some(difference) = self.difference(path) {
                    self.used.insert(difference);
                    self.listed += 1;
                } else {
                    self.wrong.push(format!("{name}, event {row}: {path} is {ours:?}, not {expected:?}"));
                }
            }
        }
    }

    fn difference(&self, path: &str) -> Option<&'static str> {
        let known = self.differences.iter().find(|difference| match difference.field.strip_suffix('.') {
            Some(_) => path.starts_with(difference.field),
            None => path == difference.field,
        });
        known.map(|difference| difference.field)
    }

    /// Fails on what differs unlisted, and on what is listed but does not differ.
    pub fn finish(self) -> Result<(), Failure> {
        eprintln!("{} values equal, {} listed as different", self.equal, self.listed);
        for difference in self.differences {
            eprintln!("  {}: {}", difference.field, difference.reason);
        }
        let unused: Vec<_> = self
            .differences
            .iter()
            .map(|difference| difference.field)
            .filter(|field| !self.used.contains(field))
            .collect();
        if !self.wrong.is_empty() {
            return Err(self.wrong.join("\n").into());
        }
        if !unused.is_empty() {
            return Err(format!("listed as different, but equal: {unused:?}").into());
        }
        Ok(())
    }
}

/// Values as the field's type compares them.
fn canonical(path: &str, values: &[String]) -> Vec<String> {
    let ty = schema::field(path).map_or(Type::Keyword, |field| field.ty);
    let one = |text: &String| match ty {
        Type::Ip => text.parse().map(|ip: IpAddr| ip.to_canonical().to_string()).ok(),
        Type::Date | Type::DateNanos => time::parse(text).map(|moment| moment.millis().to_string()),
        Type::Integer | Type::Long | Type::UnsignedLong | Type::Double => {
            text.parse().map(|number: f64| number.to_string()).ok()
        }
        _ => None,
    };
    values.iter().map(|text| one(text).unwrap_or_else(|| text.clone())).collect()
}
