//! Conditions that events must meet to be handed on.
//!
//! A reader that wants only some of the events says which, and the scan leaves the others out: best before they are
//! decoded ([`crate::scan`] has its sieve for that, Parquet its pages), at the latest before a batch is handed on. What
//! the conditions mean is not known here. They are tested more than once on the same event, so they must be pure.

use crate::Projection;
use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, RecordBatch, RecordBatchOptions},
    compute::{and, filter_record_batch, prep_null_mask_filter},
    datatypes::DataType,
    error::ArrowError,
};
use schema::Field;
use std::sync::Arc;

/// A test of single events.
pub trait Condition: Send + Sync {
    /// The fields that it looks at.
    fn fields(&self) -> &[Field];

    /// Whether each of `rows` events meets it; null is no. The columns are those of the fields, in the same order.
    ///
    /// # Errors
    /// What cannot be computed.
    fn test(&self, columns: &[ArrayRef], rows: usize) -> Result<BooleanArray, ArrowError>;
}

/// Conditions that all have to be met, and where their columns are in batches of one shape.
#[derive(Clone, Default)]
pub struct Conditions(Vec<(Arc<dyn Condition>, Vec<usize>)>);

impl Conditions {
    /// Those conditions whose fields a projection has.
    pub fn new(all: &[Arc<dyn Condition>], projection: &Projection) -> Self {
        let placed = |condition: &Arc<dyn Condition>| {
            let places = condition.fields().iter().map(|field| projection.slot(&field.name).map(|slot| slot.0));
            Some((condition.clone(), places.collect::<Option<_>>()?))
        };
        Conditions(all.iter().filter_map(placed).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows of a batch that meet all conditions.
    ///
    /// # Errors
    /// What cannot be computed.
    pub fn select(&self, batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
        let rows = batch.num_rows();
        let (mut batch, mut chosen): (RecordBatch, Option<BooleanArray>) = (batch, None);
        for (condition, places) in &self.0 {
            // What few rows are left with is cheaper on those alone.
            if let Some(mask) = chosen.take_if(|mask| mask.true_count() * 2 < mask.len()) {
                batch = filter_record_batch(&batch, &mask)?;
            }
            if batch.num_rows() == 0 {
                return Ok(batch);
            }
            let columns: Vec<ArrayRef> = places.iter().map(|place| batch.column(*place).clone()).collect();
            let met = definite(condition.test(&columns, batch.num_rows())?);
            chosen = Some(match chosen {
                Some(before) => and(&before, &met)?,
                None => met,
            });
        }
        if let Some(mask) = chosen.filter(|mask| mask.true_count() < mask.len()) {
            batch = filter_record_batch(&batch, &mask)?;
        }
        if batch.num_rows() * 2 < rows { compact(&batch) } else { Ok(batch) }
    }
}

/// A mask in which null is false.
pub fn definite(mask: BooleanArray) -> BooleanArray {
    if mask.null_count() == 0 { mask } else { prep_null_mask_filter(&mask) }
}

/// The same rows with their text in memory of their own: a few selected rows would keep the text of all others.
fn compact(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().map(compacted).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(batch.schema(), columns, &options)
}

/// The column with its text in memory of its own.
pub(crate) fn compacted(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        DataType::List(element) => {
            let list = array.as_list::<i32>();
            let values = compacted(list.values());
            Arc::new(ListArray::new(element.clone(), list.offsets().clone(), values, list.nulls().cloned()))
        }
        _ => array.clone(),
    }
}
