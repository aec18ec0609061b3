//! `AVG(number)`.

use super::{
    Aggregate, BoundAggregate, doubles,
    reducer::{self, Reducer},
    total::Total,
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, Float64Array},
    datatypes::DataType,
};
use datafusion::{common::Result, logical_expr::Expr};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Avg;

static DOC: Doc = Doc {
    name: "avg",
    summary: "The arithmetic mean of all values, computed in doubles. Null where there are none.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 2, 6] | STATS m = AVG(a)", rows: &["3.0"] }],
};

impl Aggregate for Avg {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Numeric)?;
        Ok(BoundAggregate::single(ColumnType::one(Type::Double), mean(args)))
    }
}

/// The mean of numbers as a double.
pub fn mean(args: Vec<Expr>) -> Expr {
    reducer::aggregate("avg", Mean, DataType::Float64, args)
}

struct Mean;

/// A sum and how many values it is of.
#[derive(Default)]
struct Counted {
    total: Total,
    count: u64,
}

impl Reducer for Mean {
    type Group = Counted;
    type Prepared = Float64Array;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Float64Array> {
        doubles(&args[0])
    }

    fn add(&self, group: &mut Counted, values: &Float64Array, row: usize) {
        group.total.add(values.value(row));
        group.count += 1;
    }

    fn merge(&self, group: &mut Counted, other: Counted) {
        group.total.merge(other.total);
        group.count = group.count.saturating_add(other.count);
    }

    fn save(&self, group: &Counted, out: &mut Vec<u8>) {
        group.total.save(out);
        out.extend_from_slice(&group.count.to_le_bytes());
    }

    fn load(&self, bytes: &[u8]) -> Option<Counted> {
        let (total, count) = bytes.split_first_chunk::<16>()?;
        Some(Counted { total: Total::load(total), count: u64::from_le_bytes(count.try_into().ok()?) })
    }

    fn finish(&self, groups: Vec<Counted>) -> Result<ArrayRef> {
        let means = groups.iter().map(|group| (group.count > 0).then(|| group.total.value() / group.count as f64));
        Ok(Arc::new(means.collect::<Float64Array>()))
    }

    fn size(&self, _: &Counted) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn means() {
        check(
            "
            avg(integer: 1; [2, 6]; null) => 3.0 double
            avg(long: 9223372036854775807; 9223372036854775807) => 9.223372036854776e18 double
            avg(double: 1e16; 1; 1; -1e16) => 0.5 double
            avg(unsigned_long: 4; 8) => 6.0 double
            avg(null: null) => null double
            avg(date: 5) => refused
            ",
        );
    }
}
