//! `MIN(field)`.

use super::{Aggregate, BoundAggregate, extreme};
use crate::{
    functions::{Call, Doc, Example, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct Min;

static DOC: Doc = Doc {
    name: "min",
    summary: "The smallest value.",
    parameters: &[Parameter::required("field", "any type that has an order", "The values to compare.")],
    returns: "the type of the values; keyword for text",
    examples: &[Example { query: "ROW a = [1, 2, 3] | STATS x = MIN(a)", rows: &["1"] }],
};

impl Aggregate for Min {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        extreme::bind(call, args, Ordering::Less)
    }
}
