//! `VARIANCE(number)`, and the moments that it shares with `STD_DEV`.

use super::{
    Aggregate, BoundAggregate, doubles,
    reducer::{self, Reducer},
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

pub struct Variance;

static DOC: Doc = Doc {
    name: "variance",
    summary: "The population variance: the mean of the squared distances from the mean.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 3] | STATS v = VARIANCE(a)", rows: &["1.0"] }],
};

impl Aggregate for Variance {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        bind("variance", call, args, |variance| variance)
    }
}

/// A statistic computed from the population variance.
pub fn bind(
    name: &'static str,
    call: &Call<'_>,
    args: Vec<Expr>,
    statistic: fn(f64) -> f64,
) -> Result<BoundAggregate, Diagnostic> {
    call.count(1, 1)?;
    call.expect(0, Kind::Numeric)?;
    let part = reducer::aggregate(name, Spread { statistic }, DataType::Float64, args);
    Ok(BoundAggregate::single(ColumnType::one(Type::Double), part))
}

struct Spread {
    statistic: fn(f64) -> f64,
}

/// Count, mean and summed squared distances (Welford 1962), merged after Chan, Golub and LeVeque (1979).
#[derive(Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Reducer for Spread {
    type Group = Moments;
    type Prepared = Float64Array;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Float64Array> {
        doubles(&args[0])
    }

    fn add(&self, group: &mut Moments, values: &Float64Array, row: usize) {
        let value = values.value(row);
        group.count += 1;
        let distance = value - group.mean;
        group.mean += distance / group.count as f64;
        group.squares += distance * (value - group.mean);
    }

    fn merge(&self, group: &mut Moments, other: Moments) {
        let count = group.count.saturating_add(other.count);
        if other.count > 0 {
            let distance = other.mean - group.mean;
            let share = other.count as f64 / count as f64;
            group.squares += other.squares + distance * distance * (group.count as f64 * share);
            group.mean += distance * share;
            group.count = count;
        }
    }

    fn save(&self, group: &Moments, out: &mut Vec<u8>) {
        out.extend_from_slice(&group.count.to_le_bytes());
        out.extend_from_slice(&group.mean.to_le_bytes());
        out.extend_from_slice(&group.squares.to_le_bytes());
    }

    fn load(&self, bytes: &[u8]) -> Option<Moments> {
        let ([count, mean, squares], []) = bytes.as_chunks::<8>() else { return None };
        let (mean, squares) = (f64::from_le_bytes(*mean), f64::from_le_bytes(*squares));
        Some(Moments { count: u64::from_le_bytes(*count), mean, squares })
    }

    fn finish(&self, groups: Vec<Moments>) -> Result<ArrayRef> {
        let spread = |group: &Moments| (group.count > 0).then(|| (self.statistic)(group.squares / group.count as f64));
        Ok(Arc::new(groups.iter().map(spread).collect::<Float64Array>()))
    }

    fn size(&self, _: &Moments) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn spreads() {
        check(
            "
            variance(integer: 1; [2, 3]; null; 6) => 3.5 double
            variance(double: 100000000.5; 100000001.5) => 0.25 double
            variance(long: null) => null double
            std_dev(integer: [1, 5]) => 2.0 double
            std_dev(integer: 5) => 0.0 double
            std_dev(null: null) => null double
            std_dev(version: 1.2) => refused
            ",
        );
    }
}
