//! Parquet files with the names of the common schema.
//!
//! Events lie in columns already, so nothing is decoded event by event: row groups are the parts that workers share, the
//! library gives the projected columns as record batches with strings as views into its pages, and [`column`] brings
//! them to the canonical types where they differ. The index is at the end of a file: what comes from standard input or is
//! compressed as a whole is read from a copy. What follows from the columns is derived row by row, if somebody asks.

mod column;
mod derived;
mod sieve;
mod stored;
mod streams;

use super::{Batches, Columnar, Decoder, Framing, Head, Log, Options, Source};
use crate::{Chunk, Condition, EventBatch, Projection, Tally, ecs};
use ::parquet::arrow::{
    ProjectionMask,
    arrow_reader::{
        ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    },
};
use arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions, StringViewArray, new_null_array},
    compute::filter_record_batch,
    datatypes::{DataType, Schema, SchemaRef},
};
use column::Source as Column;
use derived::Derived;
use schema::{DataStream, Field};
use sieve::{Keep, Left};
use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use stored::Stored;
use streams::Streams;

pub struct Parquet;

const MAGIC: &[u8] = b"PAR1";
/// Rows of a batch: large enough that the work for each is small, small enough for the cache.
const ROWS: usize = 16 * 1024;

impl Source for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(MAGIC)
    }

    fn open(&self, _: &Head<'_>, _: &Options) -> Result<Arc<dyn Log>, String> {
        Err("a Parquet file has its index at its end and is read as a file".to_owned())
    }

    fn needs_file(&self) -> bool {
        true
    }

    fn open_file(&self, _: &Head<'_>, file: Arc<File>, options: &Options) -> Result<Arc<dyn Log>, String> {
        Ok(Arc::new(Table(Arc::new(Groups::open(file, options)?))))
    }
}

struct Table(Arc<Groups>);

impl Log for Table {
    fn streams(&self) -> Vec<DataStream> {
        self.0.streams.all()
    }

    fn fields(&self) -> Vec<Field> {
        let own: Vec<Field> = self.0.columns.iter().map(|column| column.field.clone()).collect();
        let derived = ecs::fields(&own);
        own.into_iter().chain(derived).collect()
    }

    fn notes(&self) -> Vec<String> {
        let left_out = &self.0.left_out;
        if left_out.is_empty() {
            Vec::new()
        } else {
            vec![format!("columns of other types are left out: {}", left_out.join(", "))]
        }
    }

    fn framing(&self) -> Framing {
        Framing::Bytes
    }

    fn decoder(&self, _: &Arc<Projection>) -> Box<dyn Decoder> {
        Box::new(Bytes)
    }

    fn columnar(&self) -> Option<Arc<dyn Columnar>> {
        Some(self.0.clone())
    }
}

/// The row groups of a file.
struct Groups {
    file: Stored,
    metadata: ArrowReaderMetadata,
    columns: Vec<Column>,
    /// The names of columns that no event can hold.
    left_out: Vec<String>,
    streams: Streams,
    options: Options,
    /// For each group, how many values did not convert to their field's type in the reading at hand.
    unconverted: Vec<Arc<AtomicU64>>,
    /// The number of the first row of each group.
    first_rows: Vec<u64>,
}

impl Groups {
    fn open(file: Arc<File>, options: &Options) -> Result<Self, String> {
        let file = Stored::new(file).map_err(|error| error.to_string())?;
        let metadata = load(&file)?;
        let (columns, left_out) = column::columns(metadata.schema(), options)?;
        let streams = Streams::of(&file, &metadata, &columns)?;
        let mut first_rows = Vec::new();
        let mut row = 0;
        for group in metadata.metadata().row_groups() {
            first_rows.push(row);
            row += u64::try_from(group.num_rows()).map_err(|_| "a row group has a negative number of rows")?;
        }
        let unconverted = first_rows.iter().map(|_| Arc::default()).collect();
        Ok(Groups { file, metadata, columns, left_out, streams, options: options.clone(), unconverted, first_rows })
    }
}

/// Reads the index, with strings as views wherever the library can give them so.
fn load(file: &Stored) -> Result<ArrowReaderMetadata, String> {
    let failed = |error: ::parquet::errors::ParquetError| format!("the Parquet index cannot be read: {error}");
    let plain =
        ArrowReaderMetadata::load(file, ArrowReaderOptions::new().with_skip_arrow_metadata(true)).map_err(failed)?;
    let fields = plain.schema().fields().iter().map(|field| {
        let ty = column::with_views(field.data_type());
        Arc::new(field.as_ref().clone().with_data_type(ty))
    });
    let wanted: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(wanted);
    ArrowReaderMetadata::try_new(plain.metadata().clone(), options).or(Ok(plain))
}

impl Columnar for Groups {
    fn parts(&self) -> usize {
        self.first_rows.len()
    }

    fn tally(&self, part: usize) -> Tally {
        let Some(group) = self.metadata.metadata().row_groups().get(part) else { return Tally::default() };
        let mut tally = Tally { events: u64::try_from(group.num_rows()).unwrap_or(0), ..Tally::default() };
        for millis in column::time_range(group, &self.columns).into_iter().flatten() {
            tally.timestamp(millis);
        }
        let unconverted = self.unconverted.get(part).map_or(0, |count| count.swap(0, Ordering::Relaxed));
        if unconverted > 0 {
            tally.add_unconverted(|| "a column of another type".to_owned());
            tally.unconverted = unconverted;
        }
        tally
    }

    fn read(
        &self,
        part: usize,
        input: usize,
        projection: &Arc<Projection>,
        conditions: &[Arc<dyn Condition>],
    ) -> Result<Batches, String> {
        let left = self.sift(part, conditions)?;
        if left.as_ref().is_some_and(|left| left.rows.is_empty()) {
            return Ok(Box::new(std::iter::empty()));
        }
        self.batches(part, input, projection, left)
    }

    fn pick(&self, events: &[u64], input: usize, projection: &Arc<Projection>) -> Result<Vec<RecordBatch>, String> {
        let mut picked = Vec::new();
        for (part, first) in self.first_rows.iter().enumerate() {
            let end = self.first_rows.get(part + 1).copied().unwrap_or(u64::MAX);
            let rows: Vec<u64> =
                events.iter().filter(|row| (*first..end).contains(row)).map(|row| row - first).collect();
            if let Some(left) = self.left(part, rows) {
                for batch in self.batches(part, input, projection, Some(left))? {
                    picked.push(batch?);
                }
            }
        }
        Ok(picked)
    }
}

impl Groups {
    /// The batches of a row group, or of the rows that are left of it.
    fn batches(
        &self,
        part: usize,
        input: usize,
        projection: &Arc<Projection>,
        left: Option<Left>,
    ) -> Result<Batches, String> {
        // The places of the projected fields among the file's columns.
        let places: Vec<Option<Column>> = projection
            .fields()
            .iter()
            .map(|field| self.columns.iter().find(|column| column.field.name == field.name).cloned())
            .collect();
        let index = self.streams.plan(part, &self.columns);
        let mut derived = Derived::new(projection, &self.columns, index.clone(), &self.options);
        let mut roots: Vec<usize> = places.iter().flatten().map(|column| column.root).collect();
        if projection.slot(Projection::INDEX).is_some() {
            roots.extend(index.roots());
        }
        roots.extend(derived.iter().flat_map(Derived::roots));
        let known = |root: &usize| {
            let name = self.metadata.schema().fields().get(*root).map(|field| field.name().as_str());
            left.as_ref().zip(name).is_some_and(|(left, name)| left.read.column_by_name(name).is_some())
        };
        roots.retain(|root| !known(root));
        let reader = self.reader(part, roots, left.as_ref().map(|left| &left.keep))?;
        let first = self.first_rows.get(part).copied().unwrap_or(0);
        let (projection, unconverted) = (projection.clone(), self.unconverted.get(part).cloned().unwrap_or_default());
        let mut done = 0;
        Ok(Box::new(reader.enumerate().map(move |(number, batch)| {
            let mut batch = batch.map_err(|error| error.to_string())?;
            if let Some(Left { keep: Keep::Masks(masks), .. }) = &left {
                let mask = masks.get(number).ok_or("the row group has more rows than it had")?;
                let kept = filter_record_batch(&batch, mask).and_then(|kept| sieve::plain(&kept));
                batch = kept.map_err(|error| error.to_string())?;
            }
            let rows = batch.num_rows();
            let from = done;
            done += rows;
            if let Some(left) = &left {
                batch = side_by_side(&batch, &left.read.slice(from, rows.min(left.rows.len() - from)))?;
            }
            let numbers = || match &left {
                Some(left) => ids(input, left.rows.iter().skip(from).take(rows).map(|row| first + row)),
                None => ids(input, (first + from as u64..).take(rows)),
            };
            let derived = derived.as_mut().map(|derived| derived.columns(&batch)).transpose()?;
            let columns = projection.fields().iter().zip(&places).map(|(field, place)| match (place, &*field.name) {
                (Some(column), _) => column.read(&batch, field, &unconverted),
                (None, Projection::INDEX) => Ok(index.names(&batch)),
                (None, Projection::ID) => Ok(numbers()),
                (None, name) => {
                    let own = derived.as_ref().and_then(|derived| derived.column_by_name(name)).cloned();
                    Ok(own.unwrap_or_else(|| new_null_array(&crate::physical::of(field.ty, field.many), rows)))
                }
            });
            let columns = columns.collect::<Result<Vec<_>, String>>()?;
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            RecordBatch::try_new_with_options(projection.arrow_schema().clone(), columns, &options)
                .map_err(|error| error.to_string())
        })))
    }

    /// Reads columns of a row group; with masks, all rows of them, and text by distinct values.
    fn reader(&self, part: usize, roots: Vec<usize>, keep: Option<&Keep>) -> Result<ParquetRecordBatchReader, String> {
        let metadata = match keep {
            Some(Keep::Masks(_)) => self.by_distinct_values(part),
            _ => self.metadata.clone(),
        };
        let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), metadata)
            .with_row_groups(vec![part])
            .with_projection(ProjectionMask::roots(self.metadata.parquet_schema(), roots))
            .with_batch_size(ROWS);
        if let Some(Keep::Selection(selection)) = keep {
            reader = reader.with_row_selection(selection.clone());
        }
        reader.build().map_err(|error| error.to_string())
    }
}

/// The columns of two batches of the same rows.
fn side_by_side(left: &RecordBatch, right: &RecordBatch) -> Result<RecordBatch, String> {
    let fields = [left.schema(), right.schema()].iter().flat_map(|schema| schema.fields().to_vec()).collect::<Vec<_>>();
    let columns = left.columns().iter().chain(right.columns()).cloned().collect();
    let options = RecordBatchOptions::new().with_row_count(Some(left.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map_err(|error| error.to_string())
}

/// `input:row`, counted from zero.
fn ids(input: usize, rows: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(rows.map(|row| Some(format!("{input}:{row}"))).collect::<StringViewArray>())
}

/// A scan takes the columns; bytes alone are not a table.
struct Bytes;

impl Decoder for Bytes {
    fn decode(&mut self, _: &Chunk, _: &mut EventBatch, _: &mut Tally) {}

    fn finish(&mut self, _: &mut EventBatch, tally: &mut Tally) {
        tally.unreadable(1, "a Parquet file is read by its columns", MAGIC);
    }

    fn records(&mut self) -> u64 {
        0
    }
}

/// Whether a column is text.
fn is_text(ty: &DataType) -> bool {
    matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

#[cfg(test)]
mod tests;
