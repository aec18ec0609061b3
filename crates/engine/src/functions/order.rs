//! The order of values: columns that sort as their type does.
//!
//! Addresses and versions are kept as text, whose order is not theirs. [`key`] turns them into bytes that compare as the
//! values do; everything else compares as it lies in memory.

use crate::order;
use arrow::{
    array::{ArrayRef, AsArray, BinaryViewArray},
    compute::SortOptions,
    error::ArrowError,
    row::{RowConverter, Rows, SortField},
};
use schema::Type;
use std::{cmp::Ordering, sync::Arc};

/// A column of the same length whose values compare as those of `array` do; null where they are null.
pub fn key(ty: Type, array: &ArrayRef) -> ArrayRef {
    match ty {
        Type::Ip => {
            let keys = array.as_string_view().iter().map(|text| text.map(order::ip));
            Arc::new(keys.collect::<BinaryViewArray>())
        }
        Type::Version => {
            let keys = array.as_string_view().iter().map(|text| text.map(order::version));
            Arc::new(keys.collect::<BinaryViewArray>())
        }
        _ => array.clone(),
    }
}

/// Compares a value of one column to one of the other, both given by their row; null is greater than all.
pub type Comparator = Box<dyn Fn(usize, usize) -> Ordering + Send + Sync>;

pub fn comparator(ty: Type, left: &ArrayRef, right: &ArrayRef) -> Result<Comparator, ArrowError> {
    let options = SortOptions { descending: false, nulls_first: false };
    arrow::array::make_comparator(&key(ty, left), &key(ty, right), options)
}

/// A key for each value, by which values are told apart: equal keys, equal values.
pub fn distinct_keys(array: &ArrayRef) -> Result<Rows, ArrowError> {
    let converter = RowConverter::new(vec![SortField::new(array.data_type().clone())])?;
    converter.convert_columns(std::slice::from_ref(array))
}
