//! How each canonical type lies in memory.
//!
//! Strings, addresses and versions are string views: short values need no indirection and decoders can point into the
//! bytes they were read from. A field that may hold several values is a list of its type; an empty list is never
//! built, null stands for it. [`Type::Null`] is a boolean column of nulls, so that every operator can take it.

use arrow::datatypes::{DataType, Field as ArrowField, FieldRef, TimeUnit};
use schema::{Field, Type};
use std::sync::Arc;

/// The Arrow type of one value.
pub fn of_type(ty: Type) -> DataType {
    match ty {
        Type::Boolean | Type::Null => DataType::Boolean,
        Type::Integer => DataType::Int32,
        Type::Long => DataType::Int64,
        Type::UnsignedLong => DataType::UInt64,
        Type::Double => DataType::Float64,
        Type::Keyword | Type::Text | Type::Ip | Type::Version => DataType::Utf8View,
        Type::Date => DataType::Timestamp(TimeUnit::Millisecond, None),
        Type::DateNanos => DataType::Timestamp(TimeUnit::Nanosecond, None),
    }
}

/// The Arrow type of a column.
pub fn of(ty: Type, many: bool) -> DataType {
    if many { DataType::List(element(ty)) } else { of_type(ty) }
}

/// The element field of a list column.
pub fn element(ty: Type) -> FieldRef {
    Arc::new(ArrowField::new("item", of_type(ty), true))
}

/// The Arrow field of a canonical field.
pub fn field(field: &Field) -> FieldRef {
    Arc::new(ArrowField::new(field.name.as_ref(), of(field.ty, field.many), true))
}
