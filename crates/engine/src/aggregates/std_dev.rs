//! `STD_DEV(number)`.

use super::{Aggregate, BoundAggregate, variance};
use crate::{
    functions::{Call, Doc, Example, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;

pub struct StdDev;

static DOC: Doc = Doc {
    name: "std_dev",
    summary: "The population standard deviation: the square root of the variance.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 3] | STATS d = STD_DEV(a)", rows: &["1.0"] }],
};

impl Aggregate for StdDev {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        variance::bind("std_dev", call, args, f64::sqrt)
    }
}
