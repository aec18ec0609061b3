//! `VALUES(field)`: the different values of a group.
//!
//! ES|QL leaves their order open; here they come sorted, so that the same events give the same answer however they were
//! partitioned.

use super::{
    Aggregate, BoundAggregate,
    cell::{Cells, Codec, append, returned, split},
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::array::ArrayRef;
use datafusion::{
    common::{HashSet, Result},
    logical_expr::Expr,
};
use ir::Diagnostic;

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
        let ty = returned(call.expect(0, Kind::Any)?);
        let returns = ColumnType::many(ty);
        let values = reducer::aggregate("values", Collect { codec: Codec::new(ty) }, returns.physical(), args);
        Ok(BoundAggregate::single(returns, values))
    }
}

struct Collect {
    codec: Codec,
}

/// Different values.
#[derive(Default)]
struct Collected {
    cells: HashSet<Box<[u8]>>,
    bytes: usize,
}

impl Collected {
    fn insert(&mut self, cell: &[u8]) {
        // Looked up first: only a new value is copied out of the batch.
        if !self.cells.contains(cell) {
            self.bytes += cell.len();
            self.cells.insert(cell.into());
        }
    }
}

impl Reducer for Collect {
    type Group = Collected;
    type Prepared = Cells;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Cells> {
        self.codec.cells(&args[0])
    }

    fn add(&self, group: &mut Collected, values: &Cells, row: usize) {
        group.insert(values.get(row));
    }

    fn merge(&self, group: &mut Collected, other: Collected) {
        other.cells.iter().for_each(|cell| group.insert(cell));
    }

    fn save(&self, group: &Collected, out: &mut Vec<u8>) {
        group.cells.iter().for_each(|cell| append(out, cell));
    }

    fn load(&self, bytes: &[u8]) -> Option<Collected> {
        let mut group = Collected::default();
        self.absorb(&mut group, bytes).then_some(group)
    }

    fn absorb(&self, group: &mut Collected, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let Some(cell) = split(&mut bytes).filter(|cell| self.codec.accepts(cell)) else { return false };
            group.insert(cell);
        }
        true
    }

    fn finish(&self, groups: Vec<Collected>) -> Result<ArrayRef> {
        let sorted: Vec<Vec<&[u8]>> = groups
            .iter()
            .map(|group| {
                let mut cells: Vec<&[u8]> = group.cells.iter().map(|cell| &**cell).collect();
                if self.codec.is_key() {
                    cells.sort_unstable();
                } else {
                    cells.sort_by_cached_key(|cell| (self.codec.key(cell), *cell));
                }
                cells
            })
            .collect();
        self.codec.lists(&sorted)
    }

    fn size(&self, group: &Collected) -> usize {
        group.cells.capacity() * size_of::<Box<[u8]>>() + group.bytes
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn different_values() {
        check(
            "
            values(keyword: b; [a, b]; null; b) => [a, b] keyword
            values(text: b) => b keyword
            values(integer: 3; -1; 3) => [-1, 3] integer
            values(double: 0.5; -2.0) => [-2.0, 0.5] double
            values(boolean: true; false; true) => [false, true] boolean
            values(ip: 10.0.0.1; 9.0.0.1) => [9.0.0.1, 10.0.0.1] ip
            values(version: 1.11; 1.2) => [1.2, 1.11] version
            values(long: 9; 8; 7; 6; 5; 4; 3; 2; 1; 0; 9; 1) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] long
            values(date: null) => null date
            values(null: null) => null null
            ",
        );
    }
}
