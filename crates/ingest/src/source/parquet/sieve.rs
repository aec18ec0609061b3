//! The rows of a group that conditions leave, found before anything else of the group is read.
//!
//! The columns of the conditions are read first, and the others only for the rows that are left. Text that is stored by
//! its distinct values stays so: a condition is tested once for each of these, however many rows have it.

use super::{Groups, column::Source};
use crate::{
    Condition,
    condition::{compacted, definite},
};
use ::parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection},
    },
    basic::Encoding,
    file::metadata::ColumnChunkMetaData,
};
use arrow::{
    array::{
        Array, ArrayData, ArrayRef, AsArray, BooleanArray, DictionaryArray, RecordBatch, RecordBatchOptions,
        new_null_array,
    },
    buffer::BooleanBuffer,
    compute::{and, cast, concat_batches, filter_record_batch},
    datatypes::{DataType, Int32Type, Schema},
    error::ArrowError,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// What is left of a row group.
pub struct Left {
    pub keep: Keep,
    /// The numbers of the rows within the group.
    pub rows: Vec<u64>,
    /// The columns that were read already, of these rows, under their names in the file.
    pub read: RecordBatch,
}

/// How to come by the rows that are left in the other columns.
pub enum Keep {
    /// Few: the others are passed over.
    Selection(RowSelection),
    /// Passing over others between many costs more than reading all: a mask for each batch.
    Masks(Vec<BooleanArray>),
}

/// Fewer rows than one in so many are few.
const FEW: u64 = 64;

/// A condition on one column.
struct Test<'t> {
    condition: &'t dyn Condition,
    column: &'t Source,
    /// Which of the distinct values met last pass.
    known: Option<(ArrayData, Vec<bool>)>,
    /// How many values did not convert.
    unconverted: AtomicU64,
}

impl Groups {
    /// The rows of a group that meet those conditions that look at one plain column; `None` if there are none such.
    pub fn sift(&self, part: usize, conditions: &[Arc<dyn Condition>]) -> Result<Option<Left>, String> {
        let mut tests: Vec<Test<'_>> = conditions.iter().filter_map(|one| self.test(one.as_ref())).collect();
        if tests.is_empty() {
            return Ok(None);
        }
        let metadata = self.by_distinct_values(part);
        let roots = tests.iter().map(|test| test.column.root);
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), metadata)
            .with_row_groups(vec![part])
            .with_projection(mask)
            .with_batch_size(super::ROWS)
            .build()
            .map_err(|error| error.to_string())?;
        let (mut masks, mut kept, mut rows, mut first) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let text = |error: ArrowError| error.to_string();
        for batch in reader {
            let batch = batch.map_err(text)?;
            let mut met = BooleanArray::new(BooleanBuffer::new_set(batch.num_rows()), None);
            for test in &mut tests {
                met = and(&met, &test.rows(&batch)?).map_err(text)?;
            }
            kept.push(plain(&filter_record_batch(&batch, &met).map_err(text)?).map_err(text)?);
            rows.extend(met.values().set_indices().map(|row| first + row as u64));
            first += batch.num_rows() as u64;
            masks.push(met);
        }
        // What does not convert is counted where all rows are read.
        if tests.iter().any(|test| test.unconverted.load(Ordering::Relaxed) > 0) {
            return Ok(None);
        }
        let Some(schema) = kept.first().map(RecordBatch::schema) else { return Ok(None) };
        let read = concat_batches(&schema, &kept).map_err(text)?;
        let few = rows.len() as u64 * FEW < first;
        let keep = if few { Keep::Selection(RowSelection::from_filters(&masks)) } else { Keep::Masks(masks) };
        Ok(Some(Left { keep, rows, read }))
    }

    /// Some rows of a group by their numbers, which ascend; none if there are none.
    pub fn left(&self, part: usize, rows: Vec<u64>) -> Option<Left> {
        let total = usize::try_from(self.metadata.metadata().row_groups().get(part)?.num_rows()).ok()?;
        let within: Vec<usize> = rows.iter().filter_map(|row| usize::try_from(*row).ok()).collect();
        let fits = within.last().is_some_and(|last| *last < total);
        let selection = RowSelection::from_consecutive_ranges(within.iter().map(|row| *row..row + 1), total);
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let read = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options).ok()?;
        fits.then_some(Left { keep: Keep::Selection(selection), rows, read })
    }

    fn test<'t>(&'t self, condition: &'t dyn Condition) -> Option<Test<'t>> {
        let [field] = condition.fields() else { return None };
        let column = self.columns.iter().find(|column| column.field.name == field.name && column.is_plain())?;
        Some(Test { condition, column, known: None, unconverted: AtomicU64::new(0) })
    }

    /// The index with text as distinct values in those columns of a group that are stored so throughout.
    pub fn by_distinct_values(&self, part: usize) -> ArrowReaderMetadata {
        let chunk = |root: usize| self.metadata.metadata().row_groups().get(part)?.columns().get(root);
        // Where nothing nests, columns have the same numbers in both schemas.
        let flat = self.metadata.parquet_schema().num_columns() == self.metadata.schema().fields().len();
        let fields = self.metadata.schema().fields().iter().enumerate().map(|(root, field)| {
            let distinct = flat && super::is_text(field.data_type()) && chunk(root).is_some_and(has_distinct_values);
            let ty = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            if distinct { Arc::new(field.as_ref().clone().with_data_type(ty)) } else { field.clone() }
        });
        let wanted = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(wanted);
        let metadata = ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options);
        metadata.unwrap_or_else(|_| self.metadata.clone())
    }
}

/// Whether all pages of a column of a group refer to its distinct values.
fn has_distinct_values(chunk: &ColumnChunkMetaData) -> bool {
    let only = |mask: &::parquet::basic::EncodingMask| {
        mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY)
    };
    chunk.dictionary_page_offset().is_some() && chunk.page_encoding_stats_mask().is_some_and(only)
}

impl Test<'_> {
    /// Which rows of a batch pass.
    fn rows(&mut self, batch: &RecordBatch) -> Result<BooleanArray, String> {
        let column = batch.column_by_name(&self.column.root_name).ok_or("a column is not in the batch")?;
        match column.as_dictionary_opt::<Int32Type>() {
            Some(distinct) => self.by_values(distinct),
            None => self.met(column),
        }
    }

    fn by_values(&mut self, column: &DictionaryArray<Int32Type>) -> Result<BooleanArray, String> {
        let data = column.values().to_data();
        let known = match self.known.take().filter(|(known, _)| known.ptr_eq(&data)) {
            Some((_, known)) => known,
            None => self.met(column.values())?.values().iter().collect(),
        };
        let keys = column.keys();
        let null = match keys.null_count() {
            0 => false,
            _ => self.met(&new_null_array(column.values().data_type(), 1))?.value(0),
        };
        let passes = |key: usize| known.get(key).is_some_and(|passes| *passes);
        let met = match keys.null_count() {
            0 => keys.values().iter().map(|key| passes(*key as usize)).collect::<BooleanBuffer>(),
            _ => keys.iter().map(|key| key.map_or(null, |key| passes(key as usize))).collect(),
        };
        self.known = Some((data, known));
        Ok(BooleanArray::new(met, None))
    }

    /// Which values of the column pass.
    fn met(&self, column: &ArrayRef) -> Result<BooleanArray, String> {
        let failed = |error: ArrowError| error.to_string();
        let named = RecordBatch::try_from_iter([(&self.column.root_name, column.clone())]).map_err(failed)?;
        let column = self.column.read(&named, &self.column.field, &self.unconverted)?;
        let rows = column.len();
        self.condition.test(&[column], rows).map(definite).map_err(failed)
    }
}

/// The batch with distinct values as plain text, and no other text kept in memory.
pub fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().map(|column| {
        let column = match column.data_type() {
            DataType::Dictionary(..) => cast(column, &DataType::Utf8View)?,
            _ => column.clone(),
        };
        Ok(compacted(&column))
    });
    let columns = columns.collect::<Result<Vec<_>, ArrowError>>()?;
    let schema = batch.schema();
    let named = schema.fields().iter().map(|field| field.name()).zip(columns);
    RecordBatch::try_from_iter_with_nullable(named.map(|(name, column)| (name, column, true)))
}
