//! Sorts out lines before they are decoded.
//!
//! Most conditions look at one or two fields that stand in the line, and most lines fail them. So each chunk is read for
//! just those fields first, and only lines with an event that may pass are decoded as a whole. It is no more than a
//! saving of work: the scan tests all conditions again on what comes out.

use crate::{Chunk, Condition, Conditions, Decoder, EventBatch, Log, Projection, Tally};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, UInt64Array},
    datatypes::{Field as ArrowField, Schema, UInt64Type},
    error::ArrowError,
};
use schema::{Field, StreamSelection};
use std::sync::Arc;

pub struct Sieve {
    /// Reads the fields of the conditions.
    first: Box<dyn Decoder>,
    rows: EventBatch,
    conditions: Conditions,
    /// Decodes what is left.
    second: Box<dyn Decoder>,
}

impl Sieve {
    /// A decoder of the log that leaves out lines without an event that meets the conditions; the log's own where none
    /// of them can be tested cheaply.
    pub fn decoder(log: &dyn Log, projection: &Arc<Projection>, all: &[Arc<dyn Condition>]) -> Box<dyn Decoder> {
        let second = log.decoder(projection);
        let cheap =
            |condition: &&Arc<dyn Condition>| condition.fields().iter().all(|field| log.stands_in_records(&field.name));
        let cheap: Vec<Arc<dyn Condition>> = all.iter().filter(cheap).cloned().collect();
        if cheap.is_empty() {
            return second;
        }
        let mut fields: Vec<Field> = Vec::new();
        for field in cheap.iter().flat_map(|condition| condition.fields()) {
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field.clone());
            }
        }
        let wanted = Arc::new(Projection::new(fields));
        let conditions = Conditions::new(&cheap, &wanted);
        Box::new(Sieve { first: log.decoder(&wanted), rows: EventBatch::with_begins(wanted), conditions, second })
    }

    /// Where the lines begin that have an event to pass, each once.
    fn begins(&mut self) -> Result<Vec<u64>, ArrowError> {
        let begins = self.rows.take_begins();
        let passed = self.conditions.select(with_begins(&self.rows.take()?, begins)?)?;
        let begins = passed.column(passed.num_columns() - 1).as_primitive::<UInt64Type>();
        let mut begins = begins.values().to_vec();
        begins.dedup();
        Ok(begins)
    }
}

/// The batch with the places of its records as its last column.
fn with_begins(batch: &RecordBatch, begins: Vec<u64>) -> Result<RecordBatch, ArrowError> {
    let mut fields = batch.schema().fields().to_vec();
    fields.push(Arc::new(ArrowField::new("begin", arrow::datatypes::DataType::UInt64, false)));
    let mut columns = batch.columns().to_vec();
    let begins: ArrayRef = Arc::new(UInt64Array::from(begins));
    let options = RecordBatchOptions::new().with_row_count(Some(begins.len()));
    columns.push(begins);
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
}

impl Decoder for Sieve {
    fn decode(&mut self, chunk: &Chunk, batch: &mut EventBatch, tally: &mut Tally) {
        let mut first = Tally::default();
        self.rows.begin(0, None, chunk.offset);
        self.first.decode(chunk, &mut self.rows, &mut first);
        match self.begins() {
            // Where values are dropped, they are counted as without a sieve; what a condition cannot compute is found
            // out again by the scan, which tells.
            Ok(begins) if first.several_values == 0 && first.unconverted == 0 => {
                let mut second = Tally::default();
                self.second.decode_lines(chunk, &begins, batch, &mut second);
                first.several_values = second.several_values;
                first.several_values_field = second.several_values_field;
                first.unconverted = second.unconverted;
                first.unconverted_field = second.unconverted_field;
                tally.merge(first, 0);
            }
            _ => self.second.decode(chunk, batch, tally),
        }
    }

    fn select(&mut self, streams: &StreamSelection) -> bool {
        self.second.select(streams)
    }

    fn records(&mut self) -> u64 {
        self.second.records();
        self.first.records()
    }
}
