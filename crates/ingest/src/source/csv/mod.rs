//! CSV files with a header line of field names.
//!
//! Commas, semicolons, tabs or bars; values in quotes with doubled quotes inside (RFC 4180). Names of the schema give
//! their columns a type; the options name others (`--map vendor_column=ecs.field`); the rest are keywords under the name
//! they have. An empty cell is no value; a field of several values takes a JSON array. Rows are shared by workers unless
//! the head shows a value that goes over several lines.

mod cells;

use super::{Chunk, Decoder, Discovery, Framing, Head, Log, Options, Source};
use crate::{
    EventBatch, Projection, Slot, Tally,
    ecs::{self, Derive},
    json::stream::{self, Facts, PATHS},
    network::Host,
    source::raw,
};
use cells::{Cells, row_end};
use schema::{DataStream, Field, Type};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

pub struct Csv;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// A row of more bytes is not read.
const MAX_ROW: usize = 1 << 20;
/// More columns than this are no table of events.
const MAX_COLUMNS: usize = 4096;

impl Source for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        Layout::of(head).is_some()
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let layout = Layout::of(head).ok_or("no header line of names")?;
        let columns: Vec<Field> = layout.names.iter().map(|name| column(name, options)).collect();
        if let Some((from, _)) = options.columns.iter().find(|(from, _)| layout.names.iter().all(|name| name != from))
            && columns.iter().all(|field| schema::field(&field.name).is_none())
        {
            return Err(format!("there is no column `{from}`, and none has the name of a field of the schema"));
        }
        if columns.iter().all(|field| schema::field(&field.name).is_none()) {
            return Err("none of its columns has the name of a field of the schema".to_owned());
        }
        let mut table =
            Table { layout, columns, streams: Vec::new(), all: head.whole, learned: None, options: options.clone() };
        table.streams = table.streams_of(head);
        Ok(Arc::new(table))
    }
}

fn column(name: &str, options: &Options) -> Field {
    let name = options.columns.iter().find(|(from, _)| from == name).map_or(name, |(_, to)| to);
    schema::field(name).cloned().unwrap_or_else(|| Field::one(name.to_owned(), Type::Keyword))
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    separator: u8,
    names: Vec<String>,
    /// Where the rows begin.
    rows: u64,
    /// Whether a value goes over several lines.
    joined: bool,
}

impl Layout {
    /// None if the first line is no header, or the second does not fit it.
    fn of(head: &Head<'_>) -> Option<Layout> {
        let bytes = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head.bytes);
        let mark = head.bytes.len() - bytes.len();
        if matches!(bytes.trim_ascii_start().first(), None | Some(b'{' | b'[' | b'<' | b'#')) {
            return None;
        }
        let end = row_end(bytes, true).or(head.whole.then_some(bytes.len()))?;
        let (header, rest) = bytes.split_at(end);
        let count = |separator: &u8| Cells::new(header, *separator).count();
        let separator = SEPARATORS.into_iter().max_by_key(count)?;
        let names: Vec<String> =
            Cells::new(header, separator).map(|cell| String::from_utf8_lossy(&cell).trim().to_owned()).collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        let named = |name: &String| !name.is_empty() && !name.contains(char::is_control);
        if !(2..=MAX_COLUMNS).contains(&names.len()) || distinct.len() != names.len() || !names.iter().all(named) {
            return None;
        }
        let mut layout = Layout { separator, names, rows: (mark + end) as u64, joined: false };
        let second = row_end(rest, true).or((head.whole && !rest.is_empty()).then_some(rest.len()));
        if let Some(second) = second
            && Cells::new(&rest[..second], separator).count() != layout.names.len()
        {
            return None;
        }
        // A row that ends behind its first line holds a value of several lines.
        let mut at = 0;
        while let Some(end) = row_end(&rest[at..], true) {
            layout.joined |= row_end(&rest[at..], false) != Some(end);
            at += end;
        }
        Some(layout)
    }
}

#[derive(Clone)]
struct Table {
    layout: Layout,
    columns: Vec<Field>,
    /// What the head shows.
    streams: Vec<DataStream>,
    /// Whether that is all there is.
    all: bool,
    /// Where decoders put the streams they meet, if somebody asked.
    learned: Option<Learned>,
    options: Options,
}

type Learned = Arc<Mutex<BTreeSet<DataStream>>>;

impl Table {
    fn streams_of(&self, head: &Head<'_>) -> Vec<DataStream> {
        let naming = Naming::new(&self.columns);
        let mut rest = head.bytes.get(self.layout.rows as usize..).unwrap_or_default();
        let mut found = BTreeSet::new();
        while let Some(end) = row_end(rest, true).or((head.whole && !rest.is_empty()).then_some(rest.len())) {
            let cells: Vec<_> = Cells::new(&rest[..end], self.layout.separator).collect();
            found.insert(naming.stream(&cells));
            rest = &rest[end..];
        }
        if found.is_empty() {
            found.insert(naming.stream(&[]));
        }
        found.into_iter().collect()
    }
}

impl Log for Table {
    fn streams(&self) -> Vec<DataStream> {
        self.streams.clone()
    }

    fn fields(&self) -> Vec<Field> {
        self.columns.iter().cloned().chain(ecs::fields(&self.columns)).collect()
    }

    fn is_open_ended(&self) -> bool {
        !self.all && Naming::new(&self.columns).is_any()
    }

    fn discovery(&self) -> Option<Discovery> {
        if !self.is_open_ended() {
            return None;
        }
        let learned = Learned::new(Mutex::new(self.streams.iter().cloned().collect()));
        let log = Table { learned: Some(learned.clone()), ..self.clone() };
        let known = Table { all: true, ..self.clone() };
        let found = move || {
            let streams = learned.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
            Arc::new(Table { streams, ..known }) as Arc<dyn Log>
        };
        Some(Discovery { log: Arc::new(log), found: Box::new(found) })
    }

    fn framing(&self) -> Framing {
        if self.layout.joined { Framing::Bytes } else { Framing::Lines }
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let slots = self.columns.iter().map(|field| Some((projection.slot(&field.name)?, field.clone()))).collect();
        let time = self.columns.iter().position(|field| field.name == "@timestamp");
        Box::new(Rows {
            layout: self.layout.clone(),
            slots,
            time,
            index: projection.slot(Projection::INDEX),
            naming: Naming::new(&self.columns),
            inputs: self.columns.iter().map(|field| ecs::INPUTS.iter().position(|name| *name == field.name)).collect(),
            derive: Derive::new(projection, &self.columns, &self.options),
            learned: self.learned.clone(),
            last: None,
            scratch: String::new(),
            carry: Vec::new(),
            end: 0,
            records: 0,
            row: 0,
        })
    }
}

/// The columns that name the data stream of a row.
struct Naming {
    places: [Option<usize>; PATHS.len()],
    index: Option<usize>,
}

impl Naming {
    fn new(columns: &[Field]) -> Self {
        let place = |name: &str| columns.iter().position(|field| field.name == name);
        Naming { places: PATHS.map(place), index: place("_index") }
    }

    /// Whether any column decides.
    fn is_any(&self) -> bool {
        self.index.is_some() || self.places.iter().any(Option::is_some)
    }

    fn stream(&self, cells: &[Cow<'_, [u8]>]) -> DataStream {
        let text = |place: Option<usize>| {
            let cell = std::str::from_utf8(cells.get(place?)?).ok()?;
            (!cell.is_empty()).then_some(cell)
        };
        stream::of(&Facts { values: self.places.map(text), index: text(self.index) })
    }
}

struct Rows {
    layout: Layout,
    /// For each column the place and type of its field, if it is wanted.
    slots: Vec<Option<(Slot, Field)>>,
    time: Option<usize>,
    index: Option<Slot>,
    naming: Naming,
    /// For each column its place among [`ecs::INPUTS`].
    inputs: Vec<Option<usize>>,
    derive: Option<Derive>,
    learned: Option<Learned>,
    /// The stream of the row before.
    last: Option<DataStream>,
    scratch: String,
    /// The beginning of a row whose end comes with the next chunk.
    carry: Vec<u8>,
    end: u64,
    records: u64,
    /// The number of the row in the chunk.
    row: u64,
}

impl Rows {
    fn row(&mut self, row: &[u8], offset: u64, batch: &mut EventBatch, tally: &mut Tally) {
        self.records += 1;
        self.row += 1;
        if offset < self.layout.rows || row.trim_ascii().is_empty() {
            tally.other += 1;
            return;
        }
        let cells: Vec<Cow<'_, [u8]>> = Cells::new(row, self.layout.separator).take(MAX_COLUMNS + 1).collect();
        if cells.len() != self.slots.len() {
            let reason = format!("{} values where the header has {} names", cells.len(), self.slots.len());
            return tally.unreadable(self.row, reason, row);
        }
        let Some(texts) = cells.iter().map(|cell| std::str::from_utf8(cell).ok()).collect::<Option<Vec<_>>>() else {
            return tally.unreadable(self.row, "the row is no UTF-8", row);
        };
        for (slot, text) in self.slots.iter().zip(&texts) {
            if let Some((slot, field)) = slot
                && !text.is_empty()
            {
                set(*slot, field, text, &mut self.scratch, batch, tally);
            }
        }
        let time = self.time.and_then(|at| texts.get(at)).and_then(|text| crate::time::parse(text));
        if let Some(time) = time {
            tally.timestamp(time.millis());
        }
        if self.index.is_some() || self.learned.is_some() || self.derive.is_some() {
            self.place(&cells, &texts, batch);
        }
        batch.at_offset(offset);
        batch.end_event();
        tally.events += 1;
    }
}

impl Rows {
    /// Finds the stream of a row, and sets what follows from it and from the other columns.
    fn place(&mut self, cells: &[Cow<'_, [u8]>], texts: &[&str], batch: &mut EventBatch) {
        let stream = self.naming.stream(cells);
        batch.set_str(self.index, stream.as_str());
        if let Some(learned) = &self.learned
            && self.last.as_ref() != Some(&stream)
        {
            learned.lock().unwrap_or_else(PoisonError::into_inner).insert(stream.clone());
        }
        if let Some(derive) = &mut self.derive
            && derive.lacks(batch)
        {
            let filled = self.inputs.iter().zip(texts).filter(|(_, text)| !text.is_empty());
            let mut given = Vec::new();
            for (input, text) in filled.filter_map(|(input, text)| Some(((*input)?, *text))) {
                given.extend(values(text).into_iter().map(|value| (input, value)));
            }
            derive.write(&given, &stream, batch);
        }
        self.last = Some(stream);
    }
}

/// The values of a cell: the elements of a JSON array, or what it is.
fn values(text: &str) -> Vec<Cow<'_, str>> {
    let elements = if text.starts_with('[') && text.ends_with(']') { raw::elements(text) } else { Vec::new() };
    match elements.is_empty() && text != "[]" {
        true => vec![Cow::Borrowed(text)],
        false => elements.into_iter().filter_map(raw::text).collect(),
    }
}

/// Sets a value; one that does not convert is none, and counted.
fn set(slot: Slot, field: &Field, text: &str, scratch: &mut String, batch: &mut EventBatch, tally: &mut Tally) {
    let values = if field.many { values(text) } else { vec![Cow::Borrowed(text)] };
    for value in values {
        if !set_one(slot, field, &value, scratch, batch) {
            tally.add_unconverted(|| field.name.to_string());
        }
    }
}

fn set_one(slot: Slot, field: &Field, text: &str, scratch: &mut String, batch: &mut EventBatch) -> bool {
    match field.ty {
        Type::Date | Type::DateNanos => {
            let nanos = crate::time::parse(text).and_then(crate::time::Moment::nanos);
            nanos.is_some_and(|nanos| batch.set_time(Some(slot), nanos))
        }
        Type::Ip => Host::Text(text).ip_text(scratch).is_some_and(|ip| batch.set_str(Some(slot), ip)),
        _ => batch.set_str(Some(slot), text),
    }
}

impl Decoder for Rows {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        self.row = 0;
        let mut carry = std::mem::take(&mut self.carry);
        let begin = chunk.offset - carry.len() as u64;
        let joined = !carry.is_empty();
        carry.extend_from_slice(if joined { chunk.bytes.as_slice() } else { &[] });
        let bytes = if joined { carry.as_slice() } else { chunk.bytes.as_slice() };
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let end = match row_end(rest, self.layout.joined) {
                Some(end) => end,
                None if !self.layout.joined => rest.len(),
                // An open quote does not swallow the rest of the file: the row is taken as its first line.
                None if rest.len() > MAX_ROW => row_end(rest, false).unwrap_or(rest.len()),
                None => break,
            };
            self.row(&rest[..end], begin + at as u64, batch, tally);
            at += end;
        }
        self.carry = bytes[at..].to_vec();
        self.end = chunk.offset + chunk.bytes.len() as u64;
    }

    fn finish(&mut self, batch: &mut EventBatch, tally: &mut Tally) {
        self.row = 0;
        let carry = std::mem::take(&mut self.carry);
        let begin = self.end - carry.len() as u64;
        let mut at = 0;
        while at < carry.len() {
            let end = row_end(&carry[at..], true).or(row_end(&carry[at..], false)).unwrap_or(carry.len() - at);
            self.row(&carry[at..at + end], begin + at as u64, batch, tally);
            at += end;
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::lines::tests::events;
    use std::path::Path;

    const FIELDS: [&str; 4] = ["@timestamp", "source.ip", "event.category", "dns.question.name"];

    #[test]
    fn rows_are_events_whatever_the_separator() {
        for text in [
            "@timestamp,source.ip,event.category,dns.question.name,x\n2024-01-31T10:00:00Z,10.0.0.1,network,a.example,1\n",
            "@timestamp;source.ip;event.category;dns.question.name;x\r\n2024-01-31T10:00:00Z;10.0.0.1;network;a.example;1",
            "@timestamp\tsource.ip\tevent.category\tdns.question.name\n1706695200000\t10.0.0.1\t[\"network\"]\ta.example",
            "\"@timestamp\",\"source.ip\",event.category,dns.question.name\n2024-01-31 10:00:00,\"10.0.0.1\",network,a.example",
            "\u{feff}source.ip|dns.question.name|@timestamp|event.category\n10.0.0.1|a.example|2024-01-31T10:00:00Z|network\n\n",
        ] {
            for chunk in [1, 1000] {
                let (found, tally) = events(&Csv, text.as_bytes(), chunk, &FIELDS);
                assert_eq!(
                    (&found[..], tally.unreadable),
                    (&["2024-01-31T10:00:00|10.0.0.1|[network]|a.example".to_owned()][..], 0),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_quotes() {
        let text = "source.ip,dns.question.name\n10.0.0.1,\"a,\"\"b\"\"\nc\"\n10.0.0.2,d\n";
        for chunk in [1, 7, 1000] {
            let (found, tally) = events(&Csv, text.as_bytes(), chunk, &["source.ip", "dns.question.name"]);
            assert_eq!(found, ["10.0.0.1|a,\"b\"\nc", "10.0.0.2|d"]);
            assert_eq!((tally.events, tally.unreadable), (2, 0));
        }
    }

    #[test]
    fn broken_rows_are_counted_and_reading_goes_on() {
        let text = b"source.ip,dns.question.name\n10.0.0.1,a\n10.0.0.2\n10.0.0.3,\xFF\nno address,\n10.0.0.4,\"b\n10.0.0.5,c\n";
        let (found, tally) = events(&Csv, text, 1000, &["source.ip", "dns.question.name"]);
        assert_eq!(found, ["10.0.0.1|a", "|", "10.0.0.4|b", "10.0.0.5|c"]);
        let reasons: Vec<_> = tally.examples.iter().map(|example| (example.record, &example.reason[..])).collect();
        assert_eq!(reasons, [(3, "1 values where the header has 2 names"), (4, "the row is no UTF-8")]);
    }

    #[test]
    fn what_follows_from_the_columns_is_derived() {
        let text =
            b"source.ip,dns.question.name,dns.answers.data,source.port\n10.0.0.1,www.a.com,\"[\"\"10.9.9.9\"\"]\",x\n";
        let fields = ["dns.question.registered_domain", "dns.resolved_ip", "related.ip", "client.ip", "source.port"];
        let (found, tally) = events(&Csv, text, 1000, &fields);
        assert_eq!(found, ["a.com|[10.9.9.9]|[10.0.0.1]|10.0.0.1|"]);
        assert_eq!((tally.unconverted, tally.unconverted_field.as_deref()), (1, Some("source.port")));
    }

    #[test]
    fn columns_may_be_named_otherwise() {
        let head = Head { bytes: b"client,query\n10.0.0.1,a.example\n", whole: true, path: Path::new("x.csv") };
        let named = |columns: &[(&str, &str)]| {
            let columns = columns.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
            Csv.open(&head, &Options { columns, ..Options::default() }).map(|log| log.fields())
        };
        let fields = named(&[("client", "source.ip")]).unwrap();
        assert_eq!((&*fields[0].name, fields[0].ty, &*fields[1].name), ("source.ip", Type::Ip, "query"));
        let _ = named(&[]);
        assert!(named(&[("nothing", "source.ip")]).is_ok(), "`query` is a field of Packetbeat");
    }

    #[test]
    fn other_text_is_no_table() {
        for text in ["", "one\ntwo\n", "a,b\n1,2,3\n", "a,a\n1,2\n", "{\"a\":1,\"b\":2}\n", "#a,b\n", "a,,b\n1,2,3\n"] {
            let head = Head { bytes: text.as_bytes(), whole: true, path: Path::new("x.csv") };
            assert!(!Csv.recognise(&head), "{text}");
        }
    }
}
