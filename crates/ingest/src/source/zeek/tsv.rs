//! Tab-separated Zeek logs.
//!
//! Only the columns that somebody wants are split off; the separators behind them are counted, so that a line with too
//! few or too many is found out.

use super::{
    header::{Column, Header},
    headers::Headers,
    kinds::{Kind, Record, Role, Write},
    plan::{self, Plan},
    value::{Cell, escaped},
};
use crate::{Chunk, Decoder, Discovery, EventBatch, Framing, Head, Log, Options, Projection, Tally, source::lines};
use schema::{DataStream, Field, StreamSelection};
use std::sync::{Arc, Mutex, PoisonError};

/// A log begins with a header, of which the separator comes first; logs that were cut may have lost that line.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"#separator ") || head.starts_with(b"#fields\t")
}

pub struct TsvLog {
    headers: Arc<Headers>,
    /// The header of each log that the head shows.
    shown: Vec<Header>,
    /// Whether these are all.
    all: bool,
    /// Where decoders put the headers they meet, if somebody asked.
    learned: Option<Learned>,
    options: Options,
}

type Learned = Arc<Mutex<Vec<Header>>>;

impl TsvLog {
    pub fn new(head: &Head<'_>, options: &Options) -> Self {
        let mut header = Header::default();
        let mut first = None;
        let mut shown: Vec<Header> = Vec::new();
        for (_, line) in lines(head.bytes) {
            if line.starts_with(b"#") {
                header.line(&escaped(line));
            } else if !line.is_empty() && !shown.contains(&header) {
                shown.push(header.clone());
                first.get_or_insert_with(|| header.clone());
            }
        }
        // A log without rows still has its fields.
        if shown.is_empty() {
            shown.push(header);
        }
        let headers = Arc::new(Headers::new(first.unwrap_or_default()));
        TsvLog { headers, shown, all: head.whole, learned: None, options: options.clone() }
    }
}

impl Log for TsvLog {
    fn streams(&self) -> Vec<DataStream> {
        let mut streams: Vec<_> = self.shown.iter().map(|header| stream(&header.path)).collect();
        streams.sort();
        streams.dedup();
        streams
    }

    fn fields(&self) -> Vec<Field> {
        fields(self.shown.iter().map(|header| (header.path.as_str(), header.columns.as_slice())))
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn is_open_ended(&self) -> bool {
        !self.all
    }

    fn discovery(&self) -> Option<Discovery> {
        if self.all {
            return None;
        }
        let learned = Learned::new(Mutex::new(self.shown.clone()));
        let log = |shown: &[Header], learned: Option<Learned>| TsvLog {
            headers: self.headers.clone(),
            shown: shown.to_vec(),
            all: learned.is_none(),
            learned,
            options: self.options.clone(),
        };
        let (learning, mut known) = (log(&self.shown, Some(learned.clone())), log(&self.shown, None));
        let found = move || {
            known.shown = learned.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Arc::new(known) as Arc<dyn Log>
        };
        Some(Discovery { log: Arc::new(learning), found: Box::new(found) })
    }

    fn stands_in_records(&self, field: &str) -> bool {
        self.shown.iter().all(|header| plan::has(Kind::of_path(&header.path), &header.columns, field))
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let original = projection.slot("event.original").is_some();
        Box::new(TsvDecoder {
            headers: self.headers.clone(),
            projection: projection.clone(),
            options: self.options.clone(),
            layouts: Vec::new(),
            learned: self.learned.clone(),
            streams: None,
            original,
            records: 0,
        })
    }
}

pub fn stream(path: &str) -> DataStream {
    DataStream::logs(&Kind::of_path(path).dataset(path), "default")
}

/// The fields of some logs with these columns, each once.
pub fn fields<'l>(logs: impl Iterator<Item = (&'l str, &'l [Column])>) -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for (path, columns) in logs {
        let kind = Kind::of_path(path);
        let more: Vec<Field> = plan::fields(kind, &kind.log(path), columns).collect();
        for field in (kind.fields)().into_iter().chain(more) {
            if all.iter().all(|known| known.name != field.name) {
                all.push(field);
            }
        }
    }
    all
}

struct TsvDecoder {
    headers: Arc<Headers>,
    projection: Arc<Projection>,
    options: Options,
    /// What was made of each header so far.
    layouts: Vec<Layout>,
    learned: Option<Learned>,
    /// The streams that are asked for, if not all are.
    streams: Option<StreamSelection>,
    original: bool,
    records: u64,
}

/// A header with what follows from it.
struct Layout {
    header: Arc<Header>,
    plan: Plan,
    writer: Box<dyn Write>,
    learned: bool,
    /// Whether its rows are asked for.
    selected: bool,
}

/// How many different headers of one input are told apart.
const SHOWN: usize = 1024;

/// Takes down a header that rows follow.
fn learn(learned: &Learned, header: &Header) {
    let mut shown = learned.lock().unwrap_or_else(PoisonError::into_inner);
    if shown.len() < SHOWN && !shown.contains(header) {
        shown.push(header.clone());
    }
}

/// How many layouts are kept ready.
const LAYOUTS: usize = 16;

impl Decoder for TsvDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let bytes = chunk.bytes.as_slice();
        let mut state = State { header: self.headers.before(bytes, chunk.offset), layout: 0 };
        state.layout = self.layout(&state.header);
        let mut cells = Vec::new();
        let text = std::str::from_utf8(bytes).ok();
        for (at, line) in lines(bytes) {
            batch.at_offset(chunk.offset + at as u64);
            // A piece that is text as a whole need not be checked line by line.
            match text.and_then(|text| text.get(at..at + line.len())) {
                Some(line) => self.line(line, &mut state, &mut cells, batch, tally),
                None => self.line(&escaped(line), &mut state, &mut Vec::new(), batch, tally),
            }
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.streams = Some(streams.clone());
        true
    }

    fn decode_lines(&mut self, chunk: &Chunk, begins: &[u64], batch: &mut EventBatch, tally: &mut Tally) {
        let bytes = chunk.bytes.as_slice();
        let header = self.headers.before(bytes, chunk.offset);
        // Which lines stand behind which header is only known by reading all of them.
        if self.headers.has_lines(chunk.offset, chunk.offset + bytes.len() as u64) {
            return self.decode(chunk, batch, tally);
        }
        let mut state = State { layout: self.layout(&header), header };
        for line in begins.iter().filter_map(|begin| chunk.line(*begin)) {
            for (_, text) in lines(&line.bytes) {
                batch.at_offset(line.offset);
                self.line(&escaped(text), &mut state, &mut Vec::new(), batch, tally);
            }
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

/// What holds at a place of the log.
struct State {
    header: Arc<Header>,
    /// The number of its layout.
    layout: usize,
}

impl TsvDecoder {
    fn line<'a>(
        &mut self,
        line: &'a str,
        state: &mut State,
        cells: &mut Vec<Cell<'a>>,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) {
        self.records += 1;
        if line.starts_with('#') {
            let mut changed = Header::clone(&state.header);
            changed.line(line);
            if changed != *state.header {
                state.header = Arc::new(changed);
                state.layout = self.layout(&state.header);
            }
            return;
        }
        let Some(layout) = self.layouts.get_mut(state.layout).filter(|_| !line.is_empty()) else { return };
        if let Some(learned) = &self.learned
            && !std::mem::replace(&mut layout.learned, true)
        {
            learn(learned, &layout.header);
        }
        match layout.row(line, cells, self.original, batch, tally) {
            Ok(()) => {
                tally.events += 1;
                if layout.selected {
                    batch.end_event();
                }
            }
            Err(reason) => tally.unreadable(self.records, reason, line.as_bytes()),
        }
    }

    /// The number of the layout of a header.
    fn layout(&mut self, header: &Arc<Header>) -> usize {
        let known = |layout: &Layout| Arc::ptr_eq(&layout.header, header) || layout.header == *header;
        if let Some(at) = self.layouts.iter().position(known) {
            return at;
        }
        if self.layouts.len() == LAYOUTS {
            self.layouts.clear();
        }
        let kind = Kind::of_path(&header.path);
        let log = kind.log(&header.path);
        let plan = Plan::new(kind, &log, &header.columns, &self.projection);
        let writer = (kind.writer)(&kind.dataset(&header.path), &self.projection, &self.options);
        let selected = self.streams.as_ref().is_none_or(|streams| streams.has(stream(&header.path).as_str()));
        self.layouts.push(Layout { header: header.clone(), plan, writer, learned: false, selected });
        self.layouts.len() - 1
    }
}

impl Layout {
    /// Sets the columns of one row, without ending the event.
    fn row<'a>(
        &mut self,
        line: &'a str,
        cells: &mut Vec<Cell<'a>>,
        original: bool,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<(), String> {
        cells.clear();
        let found = match *self.header.separator.as_bytes() {
            [separator] => split_at_byte(line, separator, &self.plan.wanted, cells),
            _ => split(line, &self.header.separator, &self.plan.wanted, cells),
        };
        if found != self.header.columns.len() {
            return Err(format!("{found} columns where the header has {}", self.header.columns.len()));
        }
        let row = self.plan.row(cells, &self.header);
        let time = match row.get(Role::Time) {
            Some(value) => Some(value.nanos().ok_or("`ts` is not a time")?),
            None => None,
        };
        if let Some(time) = time {
            tally.timestamp(time.div_euclid(1_000_000));
        }
        if !self.selected {
            return Ok(());
        }
        let original = original.then_some(line);
        self.writer.write(&row, &Record { time, original, ..Record::default() }, batch);
        row.copy(batch, tally);
        Ok(())
    }
}

/// Puts the wanted columns into cells and gives the number of columns.
fn split<'a>(line: &'a str, separator: &str, wanted: &[usize], cells: &mut Vec<Cell<'a>>) -> usize {
    let mut wanted = wanted.iter().peekable();
    let mut columns = 0;
    for column in line.split(separator) {
        if wanted.next_if(|place| **place == columns).is_some() {
            cells.push(Cell::Tsv(column));
        }
        columns += 1;
    }
    columns
}

/// The same for the usual separator of one byte. Columns are so short that a search for each next one spends its time on
/// beginning; so they are found eight bytes at a time up to the last wanted one, and behind that only counted.
fn split_at_byte<'a>(line: &'a str, separator: u8, wanted: &[usize], cells: &mut Vec<Cell<'a>>) -> usize {
    let mut wanted = wanted.iter().copied();
    let mut next = wanted.next();
    let (mut columns, mut begin) = (0, 0);
    let mut column = |end: usize| {
        if next == Some(columns) {
            cells.push(line.get(begin..end).map_or(Cell::Missing, Cell::Tsv));
            next = wanted.next();
        }
        columns += 1;
        begin = end + 1;
        next.is_none()
    };
    let bytes = line.as_bytes();
    let (words, tail) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let mut places = places(u64::from_le_bytes(*word), separator);
        while places != 0 {
            let place = at * 8 + places.trailing_zeros() as usize / 8;
            if column(place) {
                let behind = bytes.get(place + 1..).unwrap_or_default();
                return columns + 1 + memchr::memchr_iter(separator, behind).count();
            }
            places &= places - 1;
        }
    }
    for (at, byte) in tail.iter().enumerate() {
        if *byte == separator {
            column(words.len() * 8 + at);
        }
    }
    column(line.len());
    columns
}

/// The highest bit of each byte of a word that equals `byte`.
fn places(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differing = word ^ u64::from_ne_bytes([byte; 8]);
    // A byte gives a carry into its highest bit unless it is zero; masked, no carry leaves it.
    !(((differing & LOW) + LOW) | differing | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_splitting_agree() {
        let long = "x".repeat(30);
        for line in [
            "",
            "\t",
            "a",
            "a\tb",
            "\t\ta\u{1}\u{8a}\t",
            &format!("{long}\t\t{long}\té\t{long}"),
            "0123456\t89abcde\tg",
        ] {
            for wanted in [&[0, 1, 2, 3, 4][..], &[2], &[1, 3], &[]] {
                let (mut one, mut other) = (Vec::new(), Vec::new());
                let columns = split_at_byte(line, b'\t', wanted, &mut one);
                assert_eq!(columns, split(line, "\t", wanted, &mut other));
                assert_eq!(format!("{one:?}"), format!("{other:?}"), "{line:?}");
            }
        }
    }
}
