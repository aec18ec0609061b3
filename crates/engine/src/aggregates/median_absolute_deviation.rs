//! `MEDIAN_ABSOLUTE_DEVIATION(number)`.

use super::{Aggregate, BoundAggregate, digest::Digest, percentile::of_digest};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;

pub struct MedianAbsoluteDeviation;

static DOC: Doc = Doc {
    name: "median_absolute_deviation",
    summary: "The median of the values' distances from their median: how much values vary, hardly moved by outliers. Exact up \
              to 8192 values of a group, close to it beyond.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example {
        query: "ROW a = [1, 3, 4, 7, 11, 18] | STATS d = MEDIAN_ABSOLUTE_DEVIATION(a)",
        rows: &["3.5"],
    }],
};

impl Aggregate for MedianAbsoluteDeviation {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Numeric)?;
        Ok(of_digest("median_absolute_deviation", args, Box::new(Digest::median_deviation)))
    }
}
