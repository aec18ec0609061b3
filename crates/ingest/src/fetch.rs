//! Reading single events again, by the ids that a scan gave them.
//!
//! An event of a plain text log is its line, and the id says where that begins: only those lines are read. So are rows of
//! tables, and packets of captures from where the exchange began. Other events, and those of compressed logs, are found by
//! reading their input again up to the last of them. What cannot be read a second time, or is not there any more, is told.

use crate::{
    Chunk, Decoder, Discovery, EventBatch, Framing, Input, Log, Projection, Scan, Tally,
    input::{Origin, Progress, Reading},
    scan::Range,
};
use arrow::{
    array::{AsArray, BooleanArray, RecordBatch},
    buffer::Buffer,
    compute::filter_record_batch,
    error::ArrowError,
};
use schema::{Field, Type};
use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    sync::Arc,
};

/// How much is read at once from where an event's record begins,
const NEAR: usize = 32 << 10;
/// and at most, before all of the input is read for it: an answer comes later than its query.
const FAR: u64 = 4 << 20;

/// Whole events of one input.
#[derive(Debug)]
pub struct Fetched {
    /// All fields of the input, and `_id`.
    pub fields: Vec<Field>,
    pub batch: RecordBatch,
}

/// Events of an input that could not be read a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    pub path: String,
    pub events: usize,
    pub reason: String,
}

/// The events of those ids, which a scan of the same inputs gave, and those that are gone.
pub fn fetch<'i>(inputs: &[Input], ids: impl IntoIterator<Item = &'i str>) -> (Vec<Fetched>, Vec<Lost>) {
    let mut by_input: BTreeMap<usize, HashSet<&str>> = BTreeMap::new();
    // Ids that documents brought along say nothing of where they are.
    let mut unplaced = HashSet::new();
    for id in ids {
        let number = id.split_once(':').and_then(|(input, _)| input.parse().ok());
        match number.filter(|number| *number < inputs.len()) {
            Some(number) => by_input.entry(number).or_default().insert(id),
            None => unplaced.insert(id),
        };
    }
    let (mut fetched, mut lost) = (Vec::new(), Vec::new());
    for (number, input) in inputs.iter().enumerate() {
        let own = by_input.remove(&number).unwrap_or_default();
        let named = if input.log().names_events() { std::mem::take(&mut unplaced) } else { HashSet::new() };
        let mut wanted = Wanted { number, input, ids: own.union(&named).copied().collect() };
        let read = wanted.read(&mut fetched);
        unplaced.extend(wanted.ids.iter().filter(|id| named.contains(*id)));
        let events = wanted.ids.iter().filter(|id| own.contains(*id)).count();
        if events > 0 {
            let reason = read.err().map_or_else(|| CHANGED.to_owned(), |error| error.to_string());
            lost.push(Lost { path: input.path().to_owned(), events, reason });
        }
    }
    if !unplaced.is_empty() {
        let path = inputs.iter().map(Input::path).collect::<Vec<_>>().join(", ");
        lost.push(Lost { path, events: unplaced.len(), reason: CHANGED.to_owned() });
    }
    (fetched, lost)
}

const CHANGED: &str = "it is not what it was when it was read first";

struct Wanted<'w, 'i> {
    number: usize,
    input: &'w Input,
    ids: HashSet<&'i str>,
}

/// All fields of a log, and `_id`.
fn whole(log: &Arc<dyn Log>) -> Arc<Projection> {
    let mut fields = log.fields();
    if !fields.iter().any(|field| field.name == Projection::ID) {
        fields.push(Field::one(Projection::ID, Type::Keyword));
    }
    Arc::new(Projection::new(fields))
}

impl Wanted<'_, '_> {
    /// Takes the ids that it finds off the list.
    fn read(&mut self, fetched: &mut Vec<Fetched>) -> Result<(), ArrowError> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let of_lines = self.input.log().framing() == Framing::Lines;
        if of_lines && let Reading::Ranges { file, start, end } = self.input.origin().reading(&Progress::default())? {
            let (log, projection) = self.learned(&file, start, end)?;
            let batch = self.lines(&*log, &projection, &file, start, end)?;
            self.take(&batch, &projection, fetched)?;
        }
        let projection = whole(self.input.log());
        for batch in self.picked(&projection).into_iter().chain(self.records(&projection)?) {
            self.take(&batch, &projection, fetched)?;
        }
        if !self.ids.is_empty() {
            let input = crate::discover(std::slice::from_ref(self.input), 1, |_| ()).pop();
            let input = input.as_ref().unwrap_or(self.input);
            let projection = whole(input.log());
            let scan = Scan::of_one(self.number, input, projection.clone());
            for batch in scan.worker() {
                self.take(&batch?, &projection, fetched)?;
                if self.ids.is_empty() {
                    break;
                }
            }
            if let Some(error) = scan.reports().pop().and_then(|report| report.error) {
                return Err(ArrowError::ExternalError(error.reason.into()));
            }
        }
        Ok(())
    }

    /// The log with all fields that the lines have, also those that its head did not show.
    fn learned(&self, file: &Arc<File>, start: u64, end: u64) -> Result<(Arc<dyn Log>, Arc<Projection>), ArrowError> {
        let mut log = self.input.log().clone();
        if let Some(Discovery { log: learning, found }) = log.discovery() {
            self.lines(&*learning, &Arc::new(Projection::new(Vec::new())), file, start, end)?;
            log = found();
        }
        let projection = whole(&log);
        Ok((log, projection))
    }

    /// The lines that begin where the ids say.
    fn lines(
        &self,
        log: &dyn Log,
        projection: &Arc<Projection>,
        file: &Arc<File>,
        start: u64,
        end: u64,
    ) -> Result<RecordBatch, ArrowError> {
        let stream = <[_; 1]>::try_from(log.streams()).ok().map(|[stream]| stream);
        let mut decoder: Box<dyn Decoder> = log.decoder(projection);
        let mut batch = EventBatch::new(projection.clone());
        for from in self.offsets().filter(|from| (start..end).contains(from)) {
            let range = Range { number: 0, start, from, to: from + 1, end };
            let piece = range.read(file, Vec::new()).map_err(ArrowError::from)?;
            batch.begin(self.number, stream.as_ref(), from);
            decoder.decode(&piece.chunk, &mut batch, &mut Tally::default());
        }
        decoder.finish(&mut batch, &mut Tally::default());
        batch.take()
    }

    /// The rows of a table. What cannot be read this way is tried by reading all.
    fn picked(&self, projection: &Arc<Projection>) -> Vec<RecordBatch> {
        let Some(columnar) = self.input.log().columnar() else { return Vec::new() };
        let mut rows: Vec<u64> = self.offsets().collect();
        rows.sort_unstable();
        columnar.pick(&rows, self.number, projection).unwrap_or_default()
    }

    /// The events of records that can be read by themselves, of a plain file.
    fn records(&self, projection: &Arc<Projection>) -> Result<Option<RecordBatch>, ArrowError> {
        let log = self.input.log();
        if log.framing() != Framing::Bytes || log.columnar().is_some() || log.decoder_midway(projection).is_none() {
            return Ok(None);
        }
        let Reading::Ranges { file, end, .. } = self.input.origin().reading(&Progress::default())? else {
            return Ok(None);
        };
        let stream = <[_; 1]>::try_from(self.input.streams()).ok().map(|[stream]| stream);
        let mut batch = EventBatch::new(projection.clone());
        for from in self.offsets().filter(|from| *from < end) {
            let Some(mut decoder) = log.decoder_midway(projection) else { break };
            batch.begin(self.number, stream.as_ref(), from);
            batch.want(from);
            let (before, mut tally, mut at) = (batch.len(), Tally::default(), from);
            while batch.len() == before && at < end.min(from + FAR) {
                let mut bytes = vec![0; NEAR];
                let read = Origin::read_at(&file, &mut bytes, at).map_err(ArrowError::from)?;
                if read == 0 {
                    break;
                }
                bytes.truncate(read);
                decoder.decode(&Chunk { bytes: Buffer::from_vec(bytes), offset: at }, &mut batch, &mut tally);
                at += read as u64;
            }
            if batch.len() == before && at >= end {
                decoder.finish(&mut batch, &mut tally);
            }
        }
        batch.take().map(Some)
    }

    fn offsets(&self) -> impl Iterator<Item = u64> {
        self.ids.iter().filter_map(|id| id.split_once(':').and_then(|(_, offset)| offset.parse().ok()))
    }

    /// Keeps the wanted ones of these events.
    fn take(
        &mut self,
        batch: &RecordBatch,
        projection: &Projection,
        fetched: &mut Vec<Fetched>,
    ) -> Result<(), ArrowError> {
        let Some(ids) = batch.column_by_name(Projection::ID) else { return Ok(()) };
        let ids = ids.as_string_view();
        let chosen: BooleanArray = ids.iter().map(|id| Some(id.is_some_and(|id| self.ids.contains(id)))).collect();
        if chosen.true_count() > 0 {
            for id in ids.iter().flatten() {
                self.ids.remove(id);
            }
            let batch = filter_record_batch(batch, &chosen)?;
            fetched.push(Fetched { fields: projection.fields().to_vec(), batch });
        }
        Ok(())
    }
}
