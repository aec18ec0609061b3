//! Zeek records as JSON, one a line: as Zeek writes them, with `_path` from `json-streaming-logs`, or inside the documents
//! of a shipper, whose `message` or `event.original` is the record.

use super::{
    header::{Column, Header},
    kinds::{KINDS, Kind, Record, Role, Write},
    plan::{self, Plan},
    value::Cell,
};
use crate::{
    Chunk, Decoder, Discovery, EventBatch, Framing, Head, Log, Options, Projection, Tally,
    source::{
        learn::{self, Learned, Learning, Shown},
        lines, raw,
        shipped::Shipped,
    },
};
use schema::{DataStream, Field, StreamSelection};
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

fn stream(path: &str, namespace: Option<&str>) -> DataStream {
    DataStream::logs(&Kind::of_path(path).dataset(path), namespace.unwrap_or("default"))
}

pub struct JsonLog {
    shown: Records,
    /// Whether that is all there is.
    all: bool,
    learned: Option<Learned<Records>>,
    options: Options,
}

impl JsonLog {
    pub fn new(head: &Head<'_>, options: &Options) -> Self {
        let mut shown = Records { hint: hint(head), ..Records::default() };
        shown.lines(head.bytes);
        JsonLog { shown, all: head.whole, learned: None, options: options.clone() }
    }
}

/// What records show.
#[derive(Clone, Debug, Default)]
struct Records {
    /// Each log with the columns of its records.
    logs: Vec<(String, Vec<Column>)>,
    streams: Vec<DataStream>,
    /// What shippers say of themselves, if records come inside their documents.
    shipper: Option<Vec<Field>>,
    hint: String,
}

/// More columns of a log than this are not told apart.
const COLUMNS: usize = 1024;

impl Shown for Records {
    fn record(&mut self, record: &str, shipped: Option<&Shipped<'_>>) {
        if let Some(shipped) = shipped {
            self.add_shipper(shipped.fields());
        }
        let mut found = Vec::new();
        if members(record, &mut found).is_err() {
            return;
        }
        let path = path_of(&found, &self.hint);
        self.add_stream(stream(&path, shipped.and_then(|shipped| shipped.namespace.as_deref())));
        let known: Vec<Column> = Kind::of_path(&path).known().map(|known| Column::of_text(known.name)).collect();
        let columns = found.iter().filter(|(_, value)| *value != "null");
        let columns: Vec<Column> = columns.map(|(name, value)| plan::column(name, value)).collect();
        self.add_columns(&path, &known, &columns);
    }

    fn merge(&mut self, other: &Self) {
        other.streams.iter().for_each(|stream| self.add_stream(stream.clone()));
        other.logs.iter().for_each(|(path, columns)| self.add_columns(path, &[], columns));
        if let Some(fields) = &other.shipper {
            self.add_shipper(fields.iter().cloned());
        }
    }
}

impl Records {
    fn add_stream(&mut self, stream: DataStream) {
        if !self.streams.contains(&stream) {
            self.streams.push(stream);
        }
    }

    fn add_shipper(&mut self, fields: impl Iterator<Item = Field>) {
        let known = self.shipper.get_or_insert_default();
        for field in fields {
            if !known.contains(&field) {
                known.push(field);
            }
        }
    }

    /// Columns that records of a log have; `first` are those of its kind, whether records have them or not.
    fn add_columns(&mut self, path: &str, first: &[Column], columns: &[Column]) {
        if self.logs.iter().all(|(known, _)| known != path) && self.logs.len() < LAYOUTS {
            self.logs.push((path.to_owned(), first.to_vec()));
        }
        let Some((_, all)) = self.logs.iter_mut().find(|(known, _)| known == path) else { return };
        let kind = Kind::of_path(path);
        for column in columns {
            let room = all.len() < COLUMNS;
            match all.iter_mut().find(|known| known.name == column.name) {
                Some(_) if kind.column(&column.name).is_some() => {}
                Some(known) => known.widen(column),
                None if room => all.push(column.clone()),
                None => {}
            }
        }
    }
}

impl Log for JsonLog {
    fn streams(&self) -> Vec<DataStream> {
        self.shown.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        let logs = self.shown.logs.iter().map(|(path, columns)| (path.as_str(), columns.as_slice()));
        let mut fields = super::tsv::fields(logs);
        for field in self.shown.shipper.iter().flatten() {
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field.clone());
            }
        }
        fields
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn is_open_ended(&self) -> bool {
        !self.all
    }

    fn discovery(&self) -> Option<Discovery> {
        let options = self.options.clone();
        let log = move |shown, learned: Option<_>| {
            Arc::new(JsonLog { shown, all: learned.is_none(), learned, options: options.clone() }) as Arc<dyn Log>
        };
        (!self.all).then(|| learn::discovery(&self.shown, log))
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let mut decoder = JsonDecoder {
            header: Header::default(),
            layouts: HashMap::new(),
            projection: projection.clone(),
            options: self.options.clone(),
            hint: self.shown.hint.clone(),
            original: projection.slot("event.original").is_some(),
            shipper: self.shown.shipper.is_some() || self.learned.is_some(),
            streams: None,
            records: 0,
        };
        for (path, columns) in &self.shown.logs {
            decoder.add(path, columns.clone());
        }
        match &self.learned {
            Some(learned) => Box::new(Learning::new(Box::new(decoder), learned.clone())),
            None => Box::new(decoder),
        }
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
    /// The streams that are asked for, if not all are.
    streams: Option<StreamSelection>,
    records: u64,
}

/// What is done with the records of one log.
struct Layout {
    plan: Plan,
    /// The cell of each wanted member.
    cells: HashMap<String, usize>,
    writer: Box<dyn Write>,
    /// Whether its records are asked for, where no shipper puts them elsewhere.
    selected: bool,
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
                Ok(selected) => {
                    tally.events += 1;
                    if selected {
                        batch.end_event();
                    }
                }
                Err(reason) => tally.unreadable(self.records, reason, line),
            }
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        for (path, layout) in &mut self.layouts {
            layout.selected = streams.has(stream(path, None).as_str());
        }
        self.streams = Some(streams.clone());
        true
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
    ) -> Result<bool, String> {
        let record = Record { created: shipped.created, namespace: shipped.namespace.as_deref(), ..Record::default() };
        let selected = self.record(&shipped.record, &record, &mut Vec::new(), &mut Vec::new(), batch, tally)?;
        if selected {
            shipped.write(&self.projection, batch, tally);
        }
        Ok(selected)
    }

    /// Sets the columns of one record, without ending the event. False, and no column set, if it is not asked for.
    fn record<'a>(
        &mut self,
        line: &'a str,
        record: &Record<'_>,
        found: &mut Members<'a>,
        cells: &mut Vec<Cell<'a>>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<bool, String> {
        members(line, found)?;
        let path = path_of(found, &self.hint);
        if !self.layouts.contains_key(&path) {
            if self.layouts.len() >= LAYOUTS {
                return Err(format!("more than {LAYOUTS} kinds of log in one input"));
            }
            let columns: Vec<Column> = found.iter().map(|(name, value)| plan::column(name, value)).collect();
            self.add(&path, columns);
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
        let time = row.get(Role::Time).ok_or("no Zeek record: it has no `ts`")?;
        let time = time.nanos().ok_or("`ts` is not a time")?;
        tally.timestamp(time.div_euclid(1_000_000));
        let selected = match (&self.streams, record.namespace) {
            (Some(streams), Some(_)) => streams.has(stream(&path, record.namespace).as_str()),
            _ => layout.selected,
        };
        if !selected {
            return Ok(false);
        }
        let original = self.original.then_some(line);
        layout.writer.write(&row, &Record { time: Some(time), original, ..*record }, batch);
        row.copy(batch, tally);
        Ok(true)
    }

    fn add(&mut self, path: &str, mut columns: Vec<Column>) {
        let kind = Kind::of_path(path);
        // Somebody asks for a column that these records do not have; others may.
        let own = format!("zeek.{}.", kind.log(path));
        for name in self.projection.fields().iter().filter_map(|field| field.name.strip_prefix(&own)) {
            if columns.iter().all(|column| column.name != name) {
                columns.push(Column::of_text(name));
            }
        }
        let plan = Plan::new(kind, &kind.log(path), &columns, &self.projection);
        let names = plan.wanted.iter().filter_map(|at| columns.get(*at)).enumerate();
        let cells = names.map(|(cell, column)| (column.name.clone(), cell)).collect();
        let writer = (kind.writer)(&kind.dataset(path), &self.projection, &self.options);
        let selected = self.streams.as_ref().is_none_or(|streams| streams.has(stream(path, None).as_str()));
        self.layouts.insert(path.to_owned(), Layout { plan, cells, writer, selected });
    }
}
