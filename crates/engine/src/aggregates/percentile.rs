//! `PERCENTILE(number, percentile)`.

use super::{
    Aggregate, BoundAggregate,
    digest::Digest,
    doubles,
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
use datafusion::{common::Result, logical_expr::Expr, scalar::ScalarValue};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Percentile;

static DOC: Doc = Doc {
    name: "percentile",
    summary: "The value below which that percentage of the values lies, interpolated between neighbours. Exact up to 8192 values \
              of a group, close to it beyond. Null for a percentage outside of 0 to 100.",
    parameters: &[
        Parameter::required("number", "double, integer, long, unsigned_long", "The values."),
        Parameter::required("percentile", "double, integer, long", "The percentage, a constant."),
    ],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 2, 3, 4] | STATS p = PERCENTILE(a, 90)", rows: &["3.7"] }],
};

impl Aggregate for Percentile {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(2, 2)?;
        call.expect(0, Kind::Numeric)?;
        call.expect(1, Kind::Numeric)?;
        let constant = || call.bad_value(1, format!("the percentile of [{}] must be a constant number", call.text));
        let share = match call.constant(1).ok_or_else(constant)?.cast_to(&DataType::Float64) {
            Ok(ScalarValue::Float64(Some(percentage))) => percentage / 100.0,
            _ => return Err(constant()),
        };
        args.truncate(1);
        let statistic: Statistic = match (0.0..=1.0).contains(&share) {
            true => Box::new(move |digest| digest.quantile(share)),
            false => Box::new(|_| None),
        };
        Ok(of_digest("percentile", args, statistic))
    }
}

/// What is read off a group's digest.
pub type Statistic = Box<dyn Fn(&Digest) -> Option<f64> + Send + Sync>;

/// An aggregate over a digest of all values of the first argument.
pub fn of_digest(name: &'static str, args: Vec<Expr>, statistic: Statistic) -> BoundAggregate {
    let part = reducer::aggregate(name, Quantiles { statistic }, DataType::Float64, args);
    BoundAggregate::single(ColumnType::one(Type::Double), part)
}

struct Quantiles {
    statistic: Statistic,
}

impl Reducer for Quantiles {
    type Group = Digest;
    type Prepared = Float64Array;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Float64Array> {
        doubles(&args[0])
    }

    fn add(&self, group: &mut Digest, values: &Float64Array, row: usize) {
        group.add(values.value(row));
    }

    fn merge(&self, group: &mut Digest, other: Digest) {
        group.merge(other);
    }

    fn save(&self, group: &Digest, out: &mut Vec<u8>) {
        group.save(out);
    }

    fn load(&self, bytes: &[u8]) -> Option<Digest> {
        Digest::load(bytes)
    }

    fn finish(&self, groups: Vec<Digest>) -> Result<ArrayRef> {
        Ok(Arc::new(groups.iter().map(&self.statistic).collect::<Float64Array>()))
    }

    fn size(&self, group: &Digest) -> usize {
        group.size()
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn percentiles() {
        check(
            "
            percentile(integer: 1; [2, 3]; null; 4, 90) => 3.7 double
            percentile(long: 5, 0) => 5.0 double
            percentile(double: 1.5; 2.5, 99.5) => 2.495 double
            percentile(integer: 1; 2, 110) => null double
            percentile(integer: null, 50) => null double
            percentile(null: null, 50) => null double
            percentile(keyword: a, 50) => refused
            percentile(integer: 1, \"x\") => refused
            percentile(integer: 1) => refused
            ",
        );
    }

    #[test]
    fn medians() {
        check(
            "
            median(integer: 1; [2, 3]; null; 4) => 2.5 double
            median(unsigned_long: 18446744073709551615) => 1.8446744073709552e19 double
            median(double: null) => null double
            median_absolute_deviation(integer: 1; 3; 4; [7, 11]; 18) => 3.5 double
            median_absolute_deviation(integer: [3, 11, 14, 25]) => 5.5 double
            median_absolute_deviation(long: 5) => 0.0 double
            median_absolute_deviation(long: null) => null double
            ",
        );
    }
}
