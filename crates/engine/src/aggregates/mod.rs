//! Aggregate functions: one file each, listed in [`ALL`].
//!
//! A function binds a call to one or more DataFusion aggregates and an expression over their results. Where DataFusion's
//! own aggregate means the same on flat columns it is used; the rest implement [`reducer::Reducer`], which takes care of
//! groups, partial states and fields with several values. All states merge, so that a rule's windows can be put together from
//! panes.

mod absent;
mod avg;
mod best;
mod cell;
mod count;
mod count_distinct;
mod digest;
mod edge;
mod extreme;
mod first;
mod last;
mod max;
mod median;
mod median_absolute_deviation;
mod min;
mod percentile;
mod present;
pub mod reducer;
mod sample;
#[cfg(test)]
mod splits;
mod std_dev;
mod sum;
#[cfg(test)]
mod testing;
mod top;
mod total;
mod values;
mod variance;
mod weighted_avg;

use crate::{
    functions::{Call, Doc, Kind},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, AsArray, Float64Array},
    compute::cast,
    datatypes::{DataType, Float64Type},
};
use datafusion::{
    common::Result as DfResult, functions_aggregate::expr_fn::max, logical_expr::Expr, scalar::ScalarValue,
};
use ir::{Diagnostic, codes};

/// Every aggregate function.
pub const ALL: &[&dyn Aggregate] = &[
    &absent::Absent,
    &avg::Avg,
    &count::Count,
    &count_distinct::CountDistinct,
    &first::First,
    &last::Last,
    &max::Max,
    &median::Median,
    &median_absolute_deviation::MedianAbsoluteDeviation,
    &min::Min,
    &percentile::Percentile,
    &present::Present,
    &sample::Sample,
    &std_dev::StdDev,
    &sum::Sum,
    &top::Top,
    &values::Values,
    &variance::Variance,
    &weighted_avg::WeightedAvg,
];

/// The aggregate function of that canonical name.
pub fn find(name: &str) -> Option<&'static dyn Aggregate> {
    ALL.iter().copied().find(|aggregate| aggregate.doc().name == name)
}

/// An aggregate function. A unit struct without state.
pub trait Aggregate: Send + Sync {
    fn doc(&self) -> &'static Doc;

    /// Checks a call's arguments and chooses how to compute it. `args` are the arguments' expressions, of the types that
    /// `call` says: lists for columns of several values. A call that counts rows has the constant `true` as its argument.
    /// Groups that have no result, such as a sum that its type cannot hold, are reported to `warnings`.
    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, warnings: &Warnings) -> Result<BoundAggregate, Diagnostic>;
}

/// A checked aggregate call.
pub struct BoundAggregate {
    pub returns: ColumnType,
    /// The DataFusion aggregates that the result is made from, without the call's filter.
    pub parts: Vec<Expr>,
    /// The result from the parts' results, in the same order.
    pub finish: Box<dyn FnOnce(Vec<Expr>) -> Expr>,
}

impl BoundAggregate {
    /// A call whose result is that of one DataFusion aggregate.
    pub fn single(returns: ColumnType, part: Expr) -> Self {
        BoundAggregate { returns, parts: vec![part], finish: Box::new(|mut parts| parts.remove(0)) }
    }

    /// A call over nulls, which is null.
    fn null(args: Vec<Expr>) -> Self {
        BoundAggregate {
            returns: ColumnType::NULL,
            parts: args.into_iter().map(max).collect(),
            finish: Box::new(|mut parts| parts.remove(0)),
        }
    }

    pub fn new(returns: ColumnType, parts: Vec<Expr>, finish: impl FnOnce(Vec<Expr>) -> Expr + 'static) -> Self {
        BoundAggregate { returns, parts, finish: Box::new(finish) }
    }
}

/// Numbers of any type as doubles.
fn doubles(array: &ArrayRef) -> DfResult<Float64Array> {
    Ok(cast(array, &DataType::Float64)?.as_primitive::<Float64Type>().clone())
}

/// The value of an argument that must be a constant integer above 0.
fn positive(call: &Call<'_>, at: usize) -> Result<usize, Diagnostic> {
    call.expect(at, Kind::Integer)?;
    let Some(value) = call.constant(at) else {
        let message = format!("the limit of [{}] must be a constant", call.text);
        return Err(Diagnostic::refusal(codes::NOT_CONSTANT, message).at(call.span));
    };
    match value {
        ScalarValue::Int32(Some(limit)) if *limit > 0 => Ok(*limit as usize),
        found => Err(call.bad_value(at, format!("limit must be greater than 0 in [{}], found [{found}]", call.text))),
    }
}
