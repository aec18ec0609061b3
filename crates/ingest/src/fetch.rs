//! Reading single events again, by the ids that a scan gave them.
//!
//! An event of a plain text log is its line, and the id says where that begins: only those lines are read. Events of compressed
//! and binary logs are found by reading their input again up to the last of them.

use crate::{
    Decoder, EventBatch, Framing, Input, Projection, Scan, Tally,
    input::{Progress, Reading},
    scan::Range,
};
use arrow::{
    array::{AsArray, BooleanArray, RecordBatch},
    compute::filter_record_batch,
    error::ArrowError,
};
use schema::{Field, Type};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// Whole events of one input.
#[derive(Debug)]
pub struct Fetched {
    /// All fields of the input, and `_id`.
    pub fields: Vec<Field>,
    pub batch: RecordBatch,
}

/// The events of those ids, which a scan of the same inputs gave. An id that no event has is left out: its input changed.
pub fn fetch<'i>(inputs: &[Input], ids: impl IntoIterator<Item = &'i str>) -> Vec<Fetched> {
    let mut by_input: BTreeMap<usize, HashSet<&str>> = BTreeMap::new();
    for id in ids {
        let number = id.split_once(':').and_then(|(input, _)| input.parse().ok());
        if let Some(number) = number {
            by_input.entry(number).or_default().insert(id);
        }
    }
    let of_input = |(number, ids): (usize, HashSet<&'i str>)| match inputs.get(number) {
        // What the input does not give a second time is no event any more.
        Some(input) => Wanted::new(number, input, ids).read().unwrap_or_default(),
        None => Vec::new(),
    };
    by_input.into_iter().flat_map(of_input).collect()
}

struct Wanted<'w, 'i> {
    number: usize,
    input: &'w Input,
    ids: HashSet<&'i str>,
    projection: Arc<Projection>,
}

impl<'w, 'i> Wanted<'w, 'i> {
    fn new(number: usize, input: &'w Input, ids: HashSet<&'i str>) -> Self {
        let mut fields = input.fields();
        if !fields.iter().any(|field| field.name == Projection::ID) {
            fields.push(Field::one(Projection::ID, Type::Keyword));
        }
        Wanted { number, input, ids, projection: Arc::new(Projection::new(fields)) }
    }

    fn read(mut self) -> Result<Vec<Fetched>, ArrowError> {
        let mut fetched = Vec::new();
        if self.input.log().framing() == Framing::Lines
            && let Some(batch) = self.lines()?
        {
            self.take(&batch, &mut fetched)?;
        }
        if !self.ids.is_empty() {
            let scan = Scan::of_one(self.number, self.input, self.projection.clone());
            for batch in scan.worker() {
                self.take(&batch?, &mut fetched)?;
                if self.ids.is_empty() {
                    break;
                }
            }
        }
        Ok(fetched)
    }

    /// The lines that begin where the ids say; `None` for inputs whose bytes are not those of the file.
    fn lines(&self) -> Result<Option<RecordBatch>, ArrowError> {
        let Reading::Ranges { file, start, end } = self.input.origin().reading(&Progress::default())? else {
            return Ok(None);
        };
        let stream = <[_; 1]>::try_from(self.input.streams()).ok().map(|[stream]| stream);
        let mut decoder: Box<dyn Decoder> = self.input.log().decoder(&self.projection);
        let mut batch = EventBatch::new(self.projection.clone());
        for from in self.offsets().filter(|from| (start..end).contains(from)) {
            let range = Range { number: 0, start, from, to: from + 1, end };
            let piece = range.read(&file, Vec::new()).map_err(ArrowError::from)?;
            batch.begin(self.number, stream.as_ref(), from);
            decoder.decode(&piece.chunk, &mut batch, &mut Tally::default());
        }
        batch.take().map(Some)
    }

    fn offsets(&self) -> impl Iterator<Item = u64> {
        self.ids.iter().filter_map(|id| id.split_once(':').and_then(|(_, offset)| offset.parse().ok()))
    }

    /// Keeps the wanted ones of these events.
    fn take(&mut self, batch: &RecordBatch, fetched: &mut Vec<Fetched>) -> Result<(), ArrowError> {
        let Some(ids) = batch.column_by_name(Projection::ID) else { return Ok(()) };
        let ids = ids.as_string_view();
        let chosen: BooleanArray = ids.iter().map(|id| Some(id.is_some_and(|id| self.ids.contains(id)))).collect();
        if chosen.true_count() > 0 {
            for id in ids.iter().flatten() {
                self.ids.remove(id);
            }
            let batch = filter_record_batch(batch, &chosen)?;
            fetched.push(Fetched { fields: self.projection.fields().to_vec(), batch });
        }
        Ok(())
    }
}
