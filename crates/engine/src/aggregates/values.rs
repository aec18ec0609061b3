//! `VALUES(field)`: the different values of a group.
//!
//! ES|QL leaves their order open; here they come sorted, so that the same events give the same answer however they were
//! partitioned.

use super::{
    Aggregate, BoundAggregate,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, ListArray},
    buffer::{NullBuffer, OffsetBuffer},
    row::{RowConverter, Rows, SortField},
};
use datafusion::{
    common::{HashSet, Result},
    logical_expr::Expr,
};
use ingest::physical;
use ir::{Diagnostic, codes};
use schema::Type;
use std::sync::Arc;

pub struct Values;

static DOC: Doc = Doc {
    name: "values",
    summary: "The different values, sorted. A group without values has null.",
    parameters: &[Parameter::required("field", "any type", "The values to collect.")],
    returns: "the type of the values, several; keyword for text",
    examples: &[Example { query: r#"ROW a = ["b", "a", "b"] | STATS v = VALUES(a)"#, rows: &["[a, b]"] }],
};

impl Aggregate for Values {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        let ty = match call.expect(0, Kind::Any)? {
            Type::Text => Type::Keyword,
            ty => ty,
        };
        let converter = RowConverter::new(vec![SortField::new(physical::of_type(ty))])
            .map_err(|error| Diagnostic::refusal(codes::UNSUPPORTED_TYPE, error.to_string()).at(call.span))?;
        let returns = ColumnType::many(ty);
        let values = reducer::aggregate("values", Collect { converter, ty }, returns.physical(), args);
        Ok(BoundAggregate::single(returns, values))
    }
}

struct Collect {
    converter: RowConverter,
    ty: Type,
}

/// Different values in Arrow's comparable row format.
#[derive(Default)]
struct Collected {
    rows: HashSet<Box<[u8]>>,
    bytes: usize,
}

impl Collected {
    fn insert(&mut self, row: &[u8]) {
        if !self.rows.contains(row) {
            self.bytes += row.len() + size_of::<Box<[u8]>>();
            self.rows.insert(row.into());
        }
    }
}

impl Reducer for Collect {
    type Group = Collected;
    type Prepared = Rows;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Rows> {
        Ok(self.converter.convert_columns(&args[..1])?)
    }

    fn add(&self, group: &mut Collected, rows: &Rows, row: usize) {
        group.insert(rows.row(row).as_ref());
    }

    fn merge(&self, group: &mut Collected, other: Collected) {
        other.rows.iter().for_each(|row| group.insert(row));
    }

    fn save(&self, group: &Collected, out: &mut Vec<u8>) {
        for row in &group.rows {
            out.extend_from_slice(&(row.len() as u32).to_le_bytes());
            out.extend_from_slice(row);
        }
    }

    fn load(&self, mut bytes: &[u8]) -> Option<Collected> {
        let mut group = Collected::default();
        while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
            let (row, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            group.insert(row);
            bytes = rest;
        }
        bytes.is_empty().then_some(group)
    }

    fn finish(&self, groups: Vec<Collected>) -> Result<ArrayRef> {
        let parser = self.converter.parser();
        let lengths = OffsetBuffer::from_lengths(groups.iter().map(|group| group.rows.len()));
        let valid = NullBuffer::from_iter(groups.iter().map(|group| !group.rows.is_empty()));
        let mut sorted = Vec::new();
        for group in &groups {
            let from = sorted.len();
            sorted.extend(group.rows.iter().map(|row| row.as_ref()));
            sorted[from..].sort_unstable();
        }
        let mut columns = self.converter.convert_rows(sorted.into_iter().map(|row| parser.parse(row)))?;
        let list = ListArray::try_new(physical::element(self.ty), lengths, columns.remove(0), Some(valid))?;
        Ok(Arc::new(list))
    }

    fn size(&self, group: &Collected) -> usize {
        group.bytes
    }
}
