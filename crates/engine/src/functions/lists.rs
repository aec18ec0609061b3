//! Columns with several values in a row: walking their rows, building new ones.

use arrow::{
    array::{Array, ArrayRef, ListArray, UInt32Array, UInt32Builder},
    buffer::{NullBuffer, OffsetBuffer},
    compute::{filter, is_not_null, take},
    error::ArrowError,
};
use ingest::physical;
use schema::Type;
use std::{ops::Range, sync::Arc};

/// Where the values of each row lie among the column's values; `None` for rows without any.
pub fn rows(list: &ListArray) -> impl Iterator<Item = Option<Range<usize>>> + '_ {
    list.offsets().windows(2).enumerate().map(|(row, ends)| {
        let range = ends[0] as usize..ends[1] as usize;
        (!range.is_empty() && list.is_valid(row)).then_some(range)
    })
}

/// A column of one value for each row: the one whose place among the list's values `pick` returns.
pub fn pick(list: &ListArray, mut pick: impl FnMut(Range<usize>) -> Option<usize>) -> Result<ArrayRef, ArrowError> {
    let mut indices = UInt32Builder::with_capacity(list.len());
    for row in rows(list) {
        indices.append_option(row.and_then(&mut pick).map(|index| index as u32));
    }
    take(list.values(), &indices.finish(), None)
}

/// The same rows with other values, one for each; null values are left out.
pub fn with_values(list: &ListArray, values: ArrayRef, ty: Type) -> Result<ListArray, ArrowError> {
    let Some(nulls) = values.logical_nulls().filter(|nulls| nulls.null_count() > 0) else {
        return ListArray::try_new(physical::element(ty), list.offsets().clone(), values, list.nulls().cloned());
    };
    let lengths: Vec<usize> =
        rows(list).map(|row| row.map_or(0, |row| row.filter(|&at| nulls.is_valid(at)).count())).collect();
    // Values of null rows may lie between those of others: keep those that belong to a row only.
    let mut kept = vec![false; values.len()];
    for at in rows(list).flatten().flatten() {
        kept[at] = nulls.is_valid(at);
    }
    let valid = NullBuffer::from_iter(lengths.iter().map(|&length| length > 0));
    let values = filter(&values, &kept.into())?;
    ListArray::try_new(physical::element(ty), OffsetBuffer::from_lengths(lengths), values, Some(valid))
}

/// A list column under construction: which of some column's values each row has.
#[derive(Default)]
pub struct Selection {
    indices: Vec<u32>,
    lengths: Vec<usize>,
    taken: usize,
}

impl Selection {
    pub fn push(&mut self, index: usize) {
        self.indices.push(index as u32);
    }

    /// Ends a row; a row that got no value is null.
    pub fn end_row(&mut self) {
        self.lengths.push(self.indices.len() - self.taken);
        self.taken = self.indices.len();
    }

    pub fn finish(self, values: &ArrayRef, ty: Type) -> Result<ArrayRef, ArrowError> {
        let values = take(values, &UInt32Array::from(self.indices), None)?;
        Ok(Arc::new(of_lengths(self.lengths, values, ty)?))
    }
}

/// A list column of `values`, the first row of the first length; an empty row is null.
pub fn of_lengths(lengths: Vec<usize>, values: ArrayRef, ty: Type) -> Result<ListArray, ArrowError> {
    let valid = NullBuffer::from_iter(lengths.iter().map(|&length| length > 0));
    ListArray::try_new(physical::element(ty), OffsetBuffer::from_lengths(lengths), values, Some(valid))
}

/// The values without nulls, as the one row of each makes them.
pub fn from_flat(array: &ArrayRef, ty: Type) -> Result<ListArray, ArrowError> {
    let validity = array.logical_nulls();
    // Null rows have an empty list, so their elements are taken out.
    let values = match &validity {
        Some(_) => filter(array, &is_not_null(array)?)?,
        None => array.clone(),
    };
    let lengths = (0..array.len()).map(|row| usize::from(validity.as_ref().is_none_or(|nulls| nulls.is_valid(row))));
    ListArray::try_new(physical::element(ty), OffsetBuffer::from_lengths(lengths), values, validity)
}
