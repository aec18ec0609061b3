//! `MEDIAN(number)`.

use super::{Aggregate, BoundAggregate, percentile::of_digest};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;

pub struct Median;

static DOC: Doc = Doc {
    name: "median",
    summary: "The value that half of the values lie below: the 50th percentile. Exact up to 8192 values of a group, close to \
              it beyond.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 2, 3, 10] | STATS m = MEDIAN(a)", rows: &["2.5"] }],
};

impl Aggregate for Median {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Numeric)?;
        Ok(of_digest("median", args, Box::new(|digest| digest.quantile(0.5))))
    }
}
