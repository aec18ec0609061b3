//! Zeek records as JSON, one a line: as Zeek writes them, with `_path` from `json-streaming-logs`, or inside the documents
//! of a shipper, whose `message` or `event.original` is the record.

use super::{
    header::{Column, Header},
    kinds::{KINDS, Kind, Record, Role, Write},
    plan::{self, Plan},
    value::Cell,
};
use crate::{
    Chunk, Decoder, EventBatch, Framing, Head, Log, Options, Projection, Tally,
    source::{lines, raw, shipped::Shipped},
};
use schema::{DataStream, Field};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// How many lines of the head decide what it is.
const LINES: usize = 16;

/// Whether one of the first lines is a Zeek record.
pub fn recognise(head: &Head<'_>) -> bool {
    if head.bytes.trim_ascii_start().first() != Some(&b'{') {
        return false;
    }
    lines(head.bytes).take(LINES).any(|(_, line)| {
        std::str::from_utf8(line).is_ok_and(|line| match Shipped::of(line) {
            Some(shipped) => is_record(&shipped.record),
            None => is_record(line),
        })
    })
}

/// All records have a time; the rest tells them from records of others that happen to call theirs `ts`, too.
fn is_record(line: &str) -> bool {
    let (mut has_time, mut has_more) = (false, false);
    let found = raw::paths(line, &mut |path, _| match path {
        "ts" => has_time = true,
        "_path" | "uid" | "id.orig_h" | "fuid" | "fuids" | "certificate.serial" | "conn_uids" => has_more = true,
        _ => {}
    });
    found.is_ok() && has_time && has_more
}

type Members<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// The members of a record; those of nested objects with their path.
fn members<'a>(line: &'a str, members: &mut Members<'a>) -> Result<(), String> {
    members.clear();
    let mut nested: Vec<(String, &'a str)> = Vec::new();
    raw::members(line, &mut |key, value| {
        if value.starts_with('{') {
            nested.push((key.into_owned(), value));
        } else {
            members.push((key, value));
        }
    })
    .map_err(|error| error.to_string())?;
    for (key, value) in nested {
        raw::paths(value, &mut |path, value| members.push((Cow::Owned(format!("{key}.{path}")), value)))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The name of the log that a record is of: what it says itself, what its members tell, or what the input is called.
fn path_of(members: &Members<'_>, hint: &str) -> String {
    let said = members.iter().find(|(key, _)| key == "_path").and_then(|(_, value)| raw::text(value));
    if let Some(path) = said {
        return path.into_owned();
    }
    let told = KINDS.iter().find(|kind| members.iter().any(|(key, _)| kind.telling.contains(&key.as_ref())));
    told.map_or(hint, |kind| kind.path).to_owned()
}

/// `dns` of `dns.15:00:00-16:00:00.log` and of `json_streaming_dns.1.log`.
fn hint(head: &Head<'_>) -> String {
    let name = head.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let name = name.strip_prefix("json_streaming_").unwrap_or(&name);
    let stem = name.split(['.', '-']).next().unwrap_or_default();
    stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

pub struct JsonLog {
    /// What the head shows: each log with the columns of its records, and the namespaces of their streams.
    logs: Vec<(String, Vec<Column>)>,
    streams: Vec<DataStream>,
    /// What shippers say of themselves, if records come inside their documents.
    shipper: Option<Vec<Field>>,
    hint: String,
    options: Options,
}

impl JsonLog {
    pub fn new(head: &Head<'_>, options: &Options) -> Self {
        let hint = hint(head);
        let mut log = JsonLog { logs: Vec::new(), streams: Vec::new(), shipper: None, hint, options: options.clone() };
        for (_, line) in lines(head.bytes) {
            let line = String::from_utf8_lossy(line);
            match Shipped::of(&line) {
                Some(shipped) => {
                    let fields = log.shipper.get_or_insert_default();
                    for field in shipped.fields() {
                        if !fields.contains(&field) {
                            fields.push(field);
                        }
                    }
                    log.show(&shipped.record, shipped.namespace.as_deref());
                }
                None => log.show(&line, None),
            }
        }
        log
    }

    fn show(&mut self, line: &str, namespace: Option<&str>) {
        let mut found = Vec::new();
        if members(line, &mut found).is_err() {
            return;
        }
        let path = path_of(&found, &self.hint);
        let dataset = Kind::of_path(&path).dataset(&path);
        let stream = DataStream::logs(&dataset, namespace.unwrap_or("default"));
        if !self.streams.contains(&stream) {
            self.streams.push(stream);
        }
        if self.logs.iter().all(|(known, _)| *known != path) {
            let known = Kind::of_path(&path).known().map(|known| Column::of_text(known.name)).collect();
            self.logs.push((path.clone(), known));
        }
        let Some((_, columns)) = self.logs.iter_mut().find(|(known, _)| *known == path) else { return };
        for (name, value) in found {
            if columns.iter().all(|column| column.name != name) {
                columns.push(plan::column(&name, value));
            }
        }
    }
}

impl Log for JsonLog {
    fn streams(&self) -> Vec<DataStream> {
        self.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields =
            super::tsv::fields(self.logs.iter().map(|(path, columns)| (path.as_str(), columns.as_slice())));
        for field in self.shipper.iter().flatten() {
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field.clone());
            }
        }
        fields
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let mut decoder = JsonDecoder {
            header: Header::default(),
            layouts: HashMap::new(),
            projection: projection.clone(),
            options: self.options.clone(),
            hint: self.hint.clone(),
            original: projection.slot("event.original").is_some(),
            shipper: self.shipper.is_some(),
            records: 0,
        };
        for (path, columns) in &self.logs {
            decoder.add(path, columns);
        }
        Box::new(decoder)
    }
}

struct JsonDecoder {
    /// For what the values share with the other encoding.
    header: Header,
    layouts: HashMap<String, Layout>,
    projection: Arc<Projection>,
    options: Options,
    hint: String,
    original: bool,
    /// Records come inside the documents of a shipper.
    shipper: bool,
    records: u64,
}

/// What is done with the records of one log.
struct Layout {
    plan: Plan,
    /// The cell of each wanted member.
    cells: HashMap<String, usize>,
    writer: Box<dyn Write>,
}

/// How many logs are told apart; the names of further ones are made up.
const LAYOUTS: usize = 1024;

impl Decoder for JsonDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let mut found = Vec::new();
        let mut cells = Vec::new();
        for (at, line) in lines(chunk.bytes.as_slice()) {
            self.records += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            batch.at_offset(chunk.offset + at as u64);
            let written = match std::str::from_utf8(line) {
                Ok(line) => match self.shipped(line) {
                    Some(shipped) => self.shipped_record(&shipped, batch, tally),
                    None => self.record(line, &Record::default(), &mut found, &mut cells, batch, tally),
                },
                Err(_) => {
                    let line = String::from_utf8_lossy(line);
                    self.record(&line, &Record::default(), &mut Vec::new(), &mut Vec::new(), batch, tally)
                }
            };
            match written {
                Ok(()) => {
                    tally.events += 1;
                    batch.end_event();
                }
                Err(reason) => tally.unreadable(self.records, reason, line),
            }
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

impl JsonDecoder {
    fn shipped<'l>(&self, line: &'l str) -> Option<Shipped<'l>> {
        if self.shipper { Shipped::of(line) } else { None }
    }

    fn shipped_record(
        &mut self,
        shipped: &Shipped<'_>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let record = Record { created: shipped.created, namespace: shipped.namespace.as_deref(), ..Record::default() };
        self.record(&shipped.record, &record, &mut Vec::new(), &mut Vec::new(), batch, tally)?;
        shipped.write(&self.projection, batch);
        Ok(())
    }

    /// Sets the columns of one record, without ending the event.
    fn record<'a>(
        &mut self,
        line: &'a str,
        record: &Record<'_>,
        found: &mut Members<'a>,
        cells: &mut Vec<Cell<'a>>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<(), String> {
        members(line, found)?;
        let path = path_of(found, &self.hint);
        if !self.layouts.contains_key(&path) {
            if self.layouts.len() >= LAYOUTS {
                return Err(format!("more than {LAYOUTS} kinds of log in one input"));
            }
            let columns: Vec<Column> = found.iter().map(|(name, value)| plan::column(name, value)).collect();
            self.add(&path, &columns);
        }
        let Some(layout) = self.layouts.get_mut(&path) else { return Err(format!("no layout of `{path}`")) };
        cells.clear();
        cells.resize(layout.plan.wanted.len(), Cell::Missing);
        for (name, value) in found.iter() {
            if let Some(cell) = layout.cells.get(name.as_ref()).and_then(|at| cells.get_mut(*at)) {
                *cell = Cell::Json(value);
            }
        }
        let row = layout.plan.row(cells, &self.header);
        let time = match row.get(Role::Time) {
            Some(value) => Some(value.nanos().ok_or("`ts` is not a time")?),
            None => None,
        };
        if let Some(time) = time {
            tally.timestamp(time.div_euclid(1_000_000));
        }
        let original = self.original.then_some(line);
        layout.writer.write(&row, &Record { time, original, ..*record }, batch);
        row.copy(batch);
        Ok(())
    }

    fn add(&mut self, path: &str, columns: &[Column]) {
        let kind = Kind::of_path(path);
        let plan = Plan::new(kind, &kind.log(path), columns, &self.projection);
        let names = plan.wanted.iter().filter_map(|at| columns.get(*at)).enumerate();
        let cells = names.map(|(cell, column)| (column.name.clone(), cell)).collect();
        let writer = (kind.writer)(&kind.dataset(path), &self.projection, &self.options);
        self.layouts.insert(path.to_owned(), Layout { plan, cells, writer });
    }
}
