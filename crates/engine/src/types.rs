//! The static type of a column: what its values are, and whether one row may hold several of them.

use arrow::datatypes::DataType;
use ingest::physical;
use schema::{Field, Type};
use std::fmt;

/// The type of an expression, known before any row is seen. `many` decides the memory layout (a list column), so it is
/// part of the type; a column of lists may still hold one value in every row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ColumnType {
    pub ty: Type,
    pub many: bool,
}

impl ColumnType {
    pub const NULL: ColumnType = ColumnType::one(Type::Null);

    pub const fn one(ty: Type) -> Self {
        ColumnType { ty, many: false }
    }

    pub const fn many(ty: Type) -> Self {
        ColumnType { ty, many: true }
    }

    pub fn of(field: &Field) -> Self {
        ColumnType { ty: field.ty, many: field.many }
    }

    pub fn physical(self) -> DataType {
        physical::of(self.ty, self.many)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.fmt(f)
    }
}
