//! `SAMPLE(field, limit)`: some of the values, each as likely as any other.
//!
//! Each value draws a number from its bytes and its place in the group; the values with the least numbers are the sample.
//! So samples merge, and the same events in the same order give the same sample, which a sample out of a random
//! generator would not.

use super::{
    Aggregate, BoundAggregate,
    best::{Best, Order},
    cell::{Cells, Codec, returned},
    positive,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::array::ArrayRef;
use datafusion::{
    common::{Result, hash_utils::QualityRandomState},
    logical_expr::Expr,
};
use ir::Diagnostic;
use std::hash::BuildHasher;

pub struct Sample;

static DOC: Doc = Doc {
    name: "sample",
    summary: "Values chosen at random, repeated ones included, in no particular order.",
    parameters: &[
        Parameter::required("field", "any type", "The values to choose from."),
        Parameter::required("limit", "integer", "How many values at most; a constant above 0."),
    ],
    returns: "the type of the values, several; keyword for text",
    examples: &[Example { query: "ROW a = [1, 1, 1] | STATS s = SAMPLE(a, 2)", rows: &["[1, 1]"] }],
};

impl Aggregate for Sample {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(2, 2)?;
        let ty = returned(call.expect(0, Kind::Any)?);
        let order = Order { limit: positive(call, 1)?, descending: false };
        args.truncate(1);
        // Two samples of one query are different ones.
        let lottery = QualityRandomState::with_seed(u64::from(call.span.start));
        let returns = ColumnType::many(ty);
        let draw = Draw { codec: Codec::new(ty), order, lottery };
        Ok(BoundAggregate::single(returns, reducer::aggregate("sample", draw, returns.physical(), args)))
    }
}

struct Draw {
    codec: Codec,
    order: Order,
    lottery: QualityRandomState,
}

#[derive(Default)]
struct Drawn {
    seen: u64,
    best: Best,
}

impl Reducer for Draw {
    type Group = Drawn;
    type Prepared = Cells;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Cells> {
        self.codec.cells(&args[0])
    }

    fn add(&self, group: &mut Drawn, values: &Cells, row: usize) {
        let cell = values.get(row);
        let number = self.lottery.hash_one((cell, group.seen));
        group.seen = group.seen.wrapping_add(1);
        group.best.add(self.order, &number.to_be_bytes(), Some(cell));
    }

    fn merge(&self, group: &mut Drawn, other: Drawn) {
        group.seen = group.seen.wrapping_add(other.seen);
        group.best.merge(self.order, other.best);
    }

    fn save(&self, group: &Drawn, out: &mut Vec<u8>) {
        out.extend_from_slice(&group.seen.to_le_bytes());
        group.best.save(out);
    }

    fn load(&self, bytes: &[u8]) -> Option<Drawn> {
        let (seen, entries) = bytes.split_first_chunk::<8>()?;
        let best = Best::load(self.order, entries, |value| self.codec.accepts(value))?;
        Some(Drawn { seen: u64::from_le_bytes(*seen), best })
    }

    fn finish(&self, mut groups: Vec<Drawn>) -> Result<ArrayRef> {
        let drawn: Vec<_> = groups.iter_mut().map(|group| group.best.sorted(self.order)).collect();
        self.codec.lists(&drawn)
    }

    fn size(&self, group: &Drawn) -> usize {
        group.best.size()
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn samples() {
        check(
            "
            sample(keyword: a; [a, a]; null, 2) => [a, a] keyword
            sample(text: a, 2) => a keyword
            sample(ip: null, 2) => null ip
            sample(unsigned_long: 7; 7, 3) => [7, 7] unsigned_long
            sample(integer: 7, -1) => refused
            sample(integer: 7, 2147483648) => refused
            sample(integer: 7) => refused
            ",
        );
    }
}
