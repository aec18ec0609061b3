//! Many inputs, several workers, one pass.
//!
//! Workers pull: each takes the next piece of work when it has room for it, so that a big file is shared, many small ones
//! are spread, and a slow consumer holds back nobody. A plain text file is cut into byte ranges that workers read and
//! complete to whole lines on their own; a compressed one is read by one worker at a time, which hands on before it
//! decodes; a binary one belongs to one worker. Small inputs share a batch. The order of batches is not defined.

mod entry;
mod pieces;
mod sieve;
mod totals;

use crate::{
    Condition, Conditions, Decoder, Discovery, EventBatch, Input, InputError, Projection, Tally, source::Batches,
};
use arrow::{
    array::{AsArray, BooleanArray, RecordBatch},
    compute::filter_record_batch,
    error::ArrowError,
};
use entry::Entry;
use pieces::Piece;
use schema::{DataStream, Field, StreamSelection, Type};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use pieces::MAX_LINE;
pub(crate) use pieces::Range;

/// A batch is handed on when it has this many events,
const ROWS: usize = 16 * 1024;
/// or was made of this many bytes.
const BYTES: usize = 32 << 20;

/// One pass over some inputs.
#[derive(Clone)]
pub struct Scan {
    shared: Arc<Shared>,
}

struct Shared {
    entries: Vec<Entry>,
    queue: Mutex<Queue>,
    /// What the decoders fill: the caller's projection, and behind it what rows are selected by afterwards.
    projection: Arc<Projection>,
    /// How many of those columns the caller wants.
    wanted: usize,
    streams: Option<StreamSelection>,
    /// What events have to meet,
    conditions: Vec<Arc<dyn Condition>>,
    /// and the same with their places in the projection.
    placed: Conditions,
}

#[derive(Default)]
struct Queue {
    /// The first entry that no worker has begun.
    fresh: usize,
    /// Entries that more workers may join.
    shareable: Vec<usize>,
}

/// What became of one input.
#[derive(Clone, Debug)]
pub struct Report {
    pub path: String,
    pub source: &'static str,
    pub tally: Tally,
    /// Why it was not read to its end.
    pub error: Option<InputError>,
}

impl Scan {
    /// A scan of those inputs that can hold events of `streams`; of mixed inputs it gives the events of these streams
    /// only. `None` is all streams.
    pub fn new(inputs: &[Input], projection: Arc<Projection>, streams: Option<&StreamSelection>) -> Scan {
        Scan::of_those(inputs, projection, streams, Vec::new())
    }

    /// A scan that gives only the events that meet all conditions. All events count in the reports.
    pub fn of_those(
        inputs: &[Input],
        projection: Arc<Projection>,
        streams: Option<&StreamSelection>,
        conditions: Vec<Arc<dyn Condition>>,
    ) -> Scan {
        let mut filtered = false;
        let mut entries = Vec::new();
        for (number, input) in inputs.iter().enumerate() {
            let (held, open_ended) = (input.streams(), input.is_open_ended());
            let selected = |stream: &DataStream| streams.is_none_or(|streams| streams.has(stream.as_str()));
            if !open_ended && !held.iter().any(selected) {
                continue;
            }
            let mut entry = Entry::new(number, input, held.clone());
            if let Some(streams) = streams.filter(|_| open_ended || !held.iter().all(selected)) {
                // Decoders that cannot select leave it to a filter behind them.
                filtered |= !entry.select(streams, &projection);
            }
            entries.push(entry);
        }
        let wanted = projection.fields().len();
        let mut more: Vec<Field> = conditions.iter().flat_map(|condition| condition.fields()).cloned().collect();
        let streams = streams.filter(|_| filtered).cloned();
        if streams.is_some() {
            more.push(Field::one(Projection::INDEX, Type::Keyword));
        }
        let projection = with_fields(projection, more);
        let placed = Conditions::new(&conditions, &projection);
        let queue = Mutex::default();
        Scan { shared: Arc::new(Shared { entries, queue, projection, wanted, streams, conditions, placed }) }
    }

    /// A scan of the input that has this number among others, which its ids say.
    pub(crate) fn of_one(number: usize, input: &Input, projection: Arc<Projection>) -> Scan {
        let (entries, wanted) = (vec![Entry::new(number, input, input.streams())], projection.fields().len());
        let (queue, placed) = (Mutex::default(), Conditions::default());
        let shared = Shared { entries, queue, projection, wanted, streams: None, conditions: Vec::new(), placed };
        Scan { shared: Arc::new(shared) }
    }

    /// A worker for one thread. Any number may work, and be dropped before they are done.
    pub fn worker(&self) -> Worker {
        let batch = EventBatch::new(self.shared.projection.clone());
        Worker { shared: self.shared.clone(), batch, bytes: 0, current: None, columns: None, buffer: Vec::new() }
    }

    /// What was read of each input so far; final once all workers have come to their end.
    pub fn reports(&self) -> Vec<Report> {
        self.shared.entries.iter().map(Entry::report).collect()
    }

    /// Bytes read so far, and in all, as stored.
    pub fn progress(&self) -> (u64, u64) {
        let sum = |of: fn(&Entry) -> u64| self.shared.entries.iter().map(of).sum();
        (sum(|entry| entry.progress().bytes()), sum(Entry::size))
    }
}

/// The inputs with all their fields and data streams, also those that their heads do not show. Reads every open-ended
/// input to its end, in a scan that `begun` is told of; the others are as they were.
pub fn discover(inputs: &[Input], workers: usize, begun: impl FnOnce(&Scan)) -> Vec<Input> {
    let discoveries: Vec<_> = inputs.iter().map(|input| input.log().discovery()).collect();
    let logs = inputs.iter().zip(&discoveries);
    let learning: Vec<Input> =
        logs.filter_map(|(input, found)| Some(input.with_log(found.as_ref()?.log.clone()))).collect();
    let scan = Scan::new(&learning, Arc::new(Projection::new(Vec::new())), None);
    begun(&scan);
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            let worker = scan.worker();
            // The rows have no columns; what counts is kept by the decoders.
            scope.spawn(|| worker.for_each(drop));
        }
    });
    let found = |(input, discovery): (&Input, Option<Discovery>)| match discovery {
        Some(discovery) => input.with_log((discovery.found)()),
        None => input.clone(),
    };
    inputs.iter().zip(discoveries).map(found).collect()
}

/// The projection with more fields behind it, unless it has them.
fn with_fields(projection: Arc<Projection>, more: Vec<Field>) -> Arc<Projection> {
    let mut fields = projection.fields().to_vec();
    for field in more {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field);
        }
    }
    if fields.len() == projection.fields().len() { projection } else { Arc::new(Projection::new(fields)) }
}

/// Reads and decodes on one thread: an iterator of batches in the shape of the scan's projection.
pub struct Worker {
    shared: Arc<Shared>,
    batch: EventBatch,
    /// How many bytes the batch was made of.
    bytes: usize,
    current: Option<Current>,
    columns: Option<Columns>,
    /// Memory for the next piece.
    buffer: Vec<u8>,
}

/// An input that a worker is at.
struct Current {
    entry: usize,
    decoder: Box<dyn Decoder>,
    /// The number of the last piece decoded.
    piece: u64,
    /// The bytes, if the worker reads all of them for a share of the events.
    share: Option<pieces::Cutter>,
}

/// An input of columns that a worker is at.
struct Columns {
    entry: usize,
    /// The part at hand, its batches, and the rows of them so far.
    part: usize,
    batches: Option<Batches>,
    rows: u64,
}

/// What came of a step.
enum Step {
    /// Nothing to hand on yet.
    More,
    /// A batch of an input of columns.
    Batch(RecordBatch),
    /// Nothing is left.
    End,
}

impl Iterator for Worker {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // However many bytes hold no event, there may be some behind them.
        while self.batch.is_empty() || (self.batch.len() < ROWS && self.bytes < BYTES) {
            match self.step() {
                Step::More => {}
                Step::Batch(batch) => return Some(self.shared.select(batch)),
                Step::End if self.batch.is_empty() => return None,
                Step::End => break,
            }
        }
        self.bytes = 0;
        let batch = self.batch.take();
        Some(batch.and_then(|batch| self.shared.select(batch)))
    }
}

impl Worker {
    /// Decodes one piece, or takes one batch of an input of columns.
    fn step(&mut self) -> Step {
        if self.current.is_none() && self.columns.is_none() {
            let Some(entry) = self.shared.claim() else { return Step::End };
            if self.shared.entries[entry].columnar().is_some() {
                self.columns = Some(Columns { entry, part: 0, batches: None, rows: 0 });
            } else if self.shared.entries[entry].is_shared() {
                return self.take_share(entry);
            } else {
                let decoder = self.shared.entries[entry].decoder(&self.shared.projection, &self.shared.conditions);
                self.current = Some(Current { entry, decoder, piece: 0, share: None });
            }
        }
        if self.columns.is_some() {
            return self.take_columns();
        }
        let Some(current) = &mut self.current else { return Step::End };
        let entry = &self.shared.entries[current.entry];
        let buffer = std::mem::take(&mut self.buffer);
        let piece = match &mut current.share {
            Some(cutter) => entry.next_of_share(cutter, buffer),
            None => entry.next_piece(buffer),
        };
        match piece {
            Some(piece) => self.decode(piece),
            None => self.leave(),
        }
        Step::More
    }

    /// Begins the next share of an input.
    fn take_share(&mut self, entry: usize) -> Step {
        let shared = &self.shared.entries[entry];
        if let Some((decoder, cutter)) = shared.next_share(&self.shared.projection) {
            match cutter {
                Ok(cutter) => self.current = Some(Current { entry, decoder, piece: 0, share: Some(cutter) }),
                Err(error) => shared.break_off(&error),
            }
        }
        Step::More
    }

    fn take_columns(&mut self) -> Step {
        let Some(columns) = &mut self.columns else { return Step::End };
        let entry = &self.shared.entries[columns.entry];
        let batch = match &mut columns.batches {
            Some(batches) => batches.next(),
            None => {
                let Some((part, opened)) = entry.next_part(&self.shared.projection, &self.shared.conditions) else {
                    self.columns = None;
                    return Step::More;
                };
                (columns.part, columns.rows) = (part, 0);
                match opened {
                    Ok(batches) => {
                        columns.batches = Some(batches);
                        return Step::More;
                    }
                    Err(reason) => Some(Err(reason)),
                }
            }
        };
        let tally = match batch {
            Some(Ok(batch)) => {
                columns.rows += batch.num_rows() as u64;
                return Step::Batch(batch);
            }
            Some(Err(reason)) => {
                let mut tally = Tally { events: columns.rows, ..Tally::default() };
                tally.unreadable(columns.rows + 1, reason, b"");
                tally
            }
            None => entry.columnar().map(|columnar| columnar.tally(columns.part)).unwrap_or_default(),
        };
        columns.batches = None;
        entry.add(columns.part as u64, tally, columns.rows);
        Step::More
    }

    fn decode(&mut self, piece: Piece) {
        let Some(current) = &mut self.current else { return };
        let entry = &self.shared.entries[current.entry];
        let mut tally = Tally::default();
        self.bytes += piece.len();
        current.piece = piece.number;
        let mut records = 0;
        if piece.len() > 0 {
            entry.begin(&mut self.batch, piece.offset());
            current.decoder.decode(&piece.chunk, &mut self.batch, &mut tally);
            records = current.decoder.records();
        }
        if let Some(excerpt) = &piece.too_long {
            records += 1;
            tally.unreadable(records, format!("line is longer than {} MiB", MAX_LINE >> 20), excerpt);
        }
        if current.share.is_some() {
            entry.add_share(piece.number, tally, records);
        } else {
            entry.add(piece.number, tally, records);
        }
        self.buffer = piece.into_buffer();
    }

    /// Ends the current input: nothing of it is left for this worker.
    fn leave(&mut self) {
        let Some(mut current) = self.current.take() else { return };
        let entry = &self.shared.entries[current.entry];
        let mut tally = Tally::default();
        entry.begin(&mut self.batch, u64::MAX);
        current.decoder.finish(&mut self.batch, &mut tally);
        entry.add(current.piece, tally, current.decoder.records());
    }
}

impl Shared {
    /// The next input to work at: one that nobody has begun, else one that can be shared.
    fn claim(&self) -> Option<usize> {
        let mut queue = lock(&self.queue);
        if queue.fresh < self.entries.len() {
            let entry = queue.fresh;
            queue.fresh += 1;
            if self.entries[entry].shareable() || self.entries[entry].is_shared() {
                queue.shareable.push(entry);
            }
            return Some(entry);
        }
        queue.shareable.retain(|entry| !self.entries[*entry].ended());
        queue.shareable.first().copied()
    }

    /// The rows and columns that the caller wants.
    fn select(&self, mut batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
        if let Some(streams) = &self.streams
            && let Some(index) = batch.column_by_name(Projection::INDEX)
        {
            let index = index.as_string_view();
            // Neighbours mostly belong to the same stream.
            let mut last: Option<(Option<&str>, bool)> = None;
            let chosen = index.iter().map(|name| match last {
                Some((same, chosen)) if same == name => Some(chosen),
                _ => Some(last.insert((name, name.is_some_and(|name| streams.has(name)))).1),
            });
            let chosen: BooleanArray = chosen.collect();
            if chosen.true_count() < batch.num_rows() {
                batch = filter_record_batch(&batch, &chosen)?;
            }
        }
        batch = self.placed.select(batch)?;
        if batch.num_columns() == self.wanted {
            return Ok(batch);
        }
        let columns: Vec<usize> = (0..self.wanted).collect();
        batch.project(&columns)
    }
}

/// A poisoned lock guards counters that are still right: every change to them is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
