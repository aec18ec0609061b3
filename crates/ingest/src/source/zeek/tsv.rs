//! Tab-separated Zeek logs.
//!
//! Only the columns that somebody wants are split off; the separators behind them are counted, so that a line with too
//! few or too many is found out.

use super::{
    header::{Column, Header},
    headers::Headers,
    kinds::{Kind, Record, Role, Write},
    plan::{self, Plan},
    value::Cell,
};
use crate::{Chunk, Decoder, EventBatch, Framing, Log, Options, Projection, Tally, source::lines};
use memchr::{memchr, memchr_iter, memmem};
use schema::{DataStream, Field};
use std::sync::Arc;

/// A log begins with a header, of which the separator comes first; logs that were cut may have lost that line.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"#separator ") || head.starts_with(b"#fields\t")
}

pub struct TsvLog {
    headers: Arc<Headers>,
    /// The header of each log that the head shows.
    shown: Vec<Header>,
    options: Options,
}

impl TsvLog {
    pub fn new(head: &[u8], options: &Options) -> Self {
        let mut header = Header::default();
        let mut first = None;
        let mut shown: Vec<Header> = Vec::new();
        for (_, line) in lines(head) {
            if line.starts_with(b"#") {
                header.line(line);
            } else if !line.is_empty() && !shown.contains(&header) {
                shown.push(header.clone());
                first.get_or_insert_with(|| header.clone());
            }
        }
        // A log without rows still has its fields.
        if shown.is_empty() {
            shown.push(header);
        }
        TsvLog { headers: Arc::new(Headers::new(first.unwrap_or_default())), shown, options: options.clone() }
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

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        let original = projection.slot("event.original").is_some();
        Box::new(TsvDecoder {
            headers: self.headers.clone(),
            projection: projection.clone(),
            options: self.options.clone(),
            layouts: Vec::new(),
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
    original: bool,
    records: u64,
}

/// A header with what follows from it.
struct Layout {
    header: Arc<Header>,
    plan: Plan,
    writer: Box<dyn Write>,
}

/// How many layouts are kept ready.
const LAYOUTS: usize = 16;

impl Decoder for TsvDecoder {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let bytes = chunk.bytes.as_slice();
        let mut header = self.headers.before(bytes, chunk.offset);
        let mut layout = self.layout(&header);
        let mut cells: Vec<Cell<'_>> = Vec::new();
        for (at, line) in lines(bytes) {
            self.records += 1;
            if line.starts_with(b"#") {
                let mut changed = Header::clone(&header);
                changed.line(line);
                if changed != *header {
                    header = Arc::new(changed);
                    layout = self.layout(&header);
                }
                continue;
            }
            if line.is_empty() {
                continue;
            }
            let (original, records) = (self.original, self.records);
            let Some(layout) = self.layouts.get_mut(layout) else { continue };
            batch.at_offset(chunk.offset + at as u64);
            match layout.row(line, &mut cells, original, batch, tally) {
                Ok(()) => {
                    tally.events += 1;
                    batch.end_event();
                }
                Err(reason) => tally.unreadable(records, reason, line),
            }
        }
    }

    fn records(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }
}

impl TsvDecoder {
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
        self.layouts.push(Layout { header: header.clone(), plan, writer });
        self.layouts.len() - 1
    }
}

impl Layout {
    /// Sets the columns of one row, without ending the event.
    fn row<'a>(
        &mut self,
        line: &'a [u8],
        cells: &mut Vec<Cell<'a>>,
        original: bool,
        batch: &mut EventBatch,
        tally: &mut Tally,
    ) -> Result<(), String> {
        cells.clear();
        let found = match *self.header.separator {
            [separator] => split(
                line,
                &self.plan.wanted,
                cells,
                |rest| memchr(separator, rest),
                1,
                |rest| memchr_iter(separator, rest).count(),
            ),
            ref separator => split(
                line,
                &self.plan.wanted,
                cells,
                |rest| memmem::find(rest, separator),
                separator.len(),
                |rest| memmem::find_iter(rest, separator).count(),
            ),
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
        let text = original.then(|| String::from_utf8_lossy(line));
        self.writer.write(&row, &Record { time, original: text.as_deref(), ..Record::default() }, batch);
        row.copy(batch);
        Ok(())
    }
}

/// Puts the wanted columns into cells and gives the number of columns.
fn split<'a>(
    line: &'a [u8],
    wanted: &[usize],
    cells: &mut Vec<Cell<'a>>,
    find: impl Fn(&[u8]) -> Option<usize>,
    width: usize,
    count: impl Fn(&[u8]) -> usize,
) -> usize {
    let mut rest = line;
    let mut column = 0;
    for place in wanted {
        while column < *place {
            let Some(end) = find(rest) else { return column + 1 };
            rest = rest.get(end + width..).unwrap_or_default();
            column += 1;
        }
        let end = find(rest);
        cells.push(Cell::Tsv(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()));
        let Some(end) = end else { return column + 1 };
        rest = rest.get(end + width..).unwrap_or_default();
        column += 1;
    }
    column + 1 + count(rest)
}
