//! Single values as bytes: how the reducers that keep values hold, order and save them.
//!
//! Numbers, booleans and dates become eight bytes whose order is that of the values; text is its own bytes, borrowed from the
//! batch until it is kept. Arrow's row format would do as well, but it copies every text of a batch, kept or not, and
//! panics at bytes that it did not write itself.

use crate::order;
use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, PrimitiveArray, StringViewArray, StringViewBuilder},
    buffer::{NullBuffer, OffsetBuffer},
    compute::cast,
    datatypes::{
        ArrowPrimitiveType, Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType,
        UInt64Type,
    },
};
use datafusion::common::Result;
use ingest::physical;
use schema::Type;
use std::{borrow::Cow, str, sync::Arc};

/// Writes and reads the values of one type.
#[derive(Clone, Copy)]
pub struct Codec {
    ty: Type,
}

/// The values of a batch as bytes.
pub enum Cells {
    Fixed(Vec<[u8; 8]>),
    Text(StringViewArray),
}

impl Cells {
    /// The value at `row`, which must not be null.
    pub fn get(&self, row: usize) -> &[u8] {
        match self {
            Cells::Fixed(values) => &values[row],
            Cells::Text(values) => values.value(row).as_bytes(),
        }
    }
}

/// The values of a batch's rows, any number in each.
pub struct Column {
    cells: Cells,
    ends: Option<OffsetBuffer<i32>>,
    nulls: Option<NullBuffer>,
}

impl Column {
    /// The values of a row; none where it is null.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let range = match &self.ends {
            _ if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) => 0..0,
            Some(ends) => ends[row] as usize..ends[row + 1] as usize,
            None => row..row + 1,
        };
        range.map(|at| self.cells.get(at))
    }
}

const SIGN: u64 = 1 << 63;

fn signed(value: i64) -> u64 {
    value as u64 ^ SIGN
}

/// The total order of IEEE 754: negative numbers sort by their complement.
fn double(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits ^ SIGN } else { !bits }
}

fn to_double(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
}

fn to_signed(key: u64) -> i64 {
    (key ^ SIGN) as i64
}

fn fixed<T: ArrowPrimitiveType>(array: &ArrayRef, key: impl Fn(T::Native) -> u64) -> Cells {
    Cells::Fixed(array.as_primitive::<T>().values().iter().map(|&value| key(value).to_be_bytes()).collect())
}

fn primitives<'c, T: ArrowPrimitiveType>(
    cells: impl Iterator<Item = Option<&'c [u8]>>,
    value: impl Fn(u64) -> T::Native,
) -> ArrayRef {
    let values = cells.map(|cell| cell.and_then(number).map(&value));
    Arc::new(values.collect::<PrimitiveArray<T>>())
}

fn number(cell: &[u8]) -> Option<u64> {
    cell.try_into().ok().map(u64::from_be_bytes)
}

impl Codec {
    /// The codec of a type's values; text is read and given back as keyword.
    pub fn new(ty: Type) -> Self {
        Codec { ty }
    }

    /// The values of an array of the type. Those in null rows are arbitrary.
    pub fn cells(self, array: &ArrayRef) -> Result<Cells> {
        let wanted = physical::of_type(self.ty);
        let array = &if *array.data_type() == wanted { array.clone() } else { cast(array, &wanted)? };
        Ok(match self.ty {
            Type::Boolean | Type::Null => {
                Cells::Fixed(array.as_boolean().values().iter().map(|value| u64::from(value).to_be_bytes()).collect())
            }
            Type::Integer => fixed::<Int32Type>(array, |value| signed(value.into())),
            Type::Long => fixed::<Int64Type>(array, signed),
            Type::UnsignedLong => fixed::<UInt64Type>(array, |value| value),
            Type::Double => fixed::<Float64Type>(array, double),
            Type::Date => fixed::<TimestampMillisecondType>(array, signed),
            Type::DateNanos => fixed::<TimestampNanosecondType>(array, signed),
            Type::Keyword | Type::Text | Type::Ip | Type::Version => Cells::Text(array.as_string_view().clone()),
        })
    }

    /// The rows of an array of the type, or of lists of it.
    pub fn column(self, array: &ArrayRef) -> Result<Column> {
        let nulls = array.logical_nulls();
        let (values, ends) = match array.as_list_opt::<i32>() {
            Some(list) => (list.values(), Some(list.offsets().clone())),
            None => (array, None),
        };
        Ok(Column { cells: self.cells(values)?, ends, nulls })
    }

    /// Whether [`Codec::cells`] could have written these bytes.
    pub fn accepts(self, cell: &[u8]) -> bool {
        match self.ty {
            Type::Keyword | Type::Text | Type::Ip | Type::Version => str::from_utf8(cell).is_ok(),
            Type::Boolean | Type::Null => number(cell).is_some_and(|key| key <= 1),
            Type::Integer => number(cell).is_some_and(|key| i32::try_from(to_signed(key)).is_ok()),
            Type::Long | Type::UnsignedLong | Type::Double | Type::Date | Type::DateNanos => number(cell).is_some(),
        }
    }

    /// Bytes that sort as the values do.
    pub fn key<'c>(self, cell: &'c [u8]) -> Cow<'c, [u8]> {
        let text = || str::from_utf8(cell).unwrap_or_default();
        match self.ty {
            Type::Ip => Cow::Owned(order::ip(text()).to_vec()),
            Type::Version => Cow::Owned(order::version(text())),
            _ => Cow::Borrowed(cell),
        }
    }

    /// Whether values sort as their bytes do, so that [`Codec::key`] is the value itself.
    pub fn is_key(self) -> bool {
        !matches!(self.ty, Type::Ip | Type::Version)
    }

    /// The array of accepted values.
    pub fn array<'c>(self, cells: impl Iterator<Item = Option<&'c [u8]>>) -> ArrayRef {
        match self.ty {
            Type::Boolean | Type::Null => {
                let values = cells.map(|cell| cell.and_then(number).map(|key| key != 0));
                Arc::new(values.collect::<BooleanArray>())
            }
            Type::Integer => primitives::<Int32Type>(cells, |key| to_signed(key) as i32),
            Type::Long => primitives::<Int64Type>(cells, to_signed),
            Type::UnsignedLong => primitives::<UInt64Type>(cells, |key| key),
            Type::Double => primitives::<Float64Type>(cells, to_double),
            Type::Date => primitives::<TimestampMillisecondType>(cells, to_signed),
            Type::DateNanos => primitives::<TimestampNanosecondType>(cells, to_signed),
            Type::Keyword | Type::Text | Type::Ip | Type::Version => {
                let mut texts = StringViewBuilder::new();
                cells.for_each(|cell| texts.append_option(cell.and_then(|cell| str::from_utf8(cell).ok())));
                Arc::new(texts.finish())
            }
        }
    }

    /// One list for each group; null where a group has no values.
    pub fn lists(self, groups: &[Vec<&[u8]>]) -> Result<ArrayRef> {
        let lengths = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let valid = NullBuffer::from_iter(groups.iter().map(|group| !group.is_empty()));
        let values = self.array(groups.iter().flatten().map(|cell| Some(*cell)));
        Ok(Arc::new(ListArray::try_new(physical::element(self.ty), lengths, values, Some(valid))?))
    }
}

/// Appends a value with its length, for [`split`] to read.
pub fn append(out: &mut Vec<u8>, cell: &[u8]) {
    out.extend_from_slice(&(cell.len() as u32).to_le_bytes());
    out.extend_from_slice(cell);
}

/// Takes a value that [`append`] wrote off the front; `None` if there is none.
pub fn split<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (cell, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *bytes = rest;
    Some(cell)
}

/// The type of the values that a function gives back: text leaves its document as keyword.
pub fn returned(ty: Type) -> Type {
    if ty == Type::Text { Type::Keyword } else { ty }
}
