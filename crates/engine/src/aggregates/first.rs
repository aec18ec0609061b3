//! `FIRST(field, sortField)`.

use super::{Aggregate, BoundAggregate, edge};
use crate::{
    functions::{Call, Doc, Example, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::Expr;
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct First;

static DOC: Doc = Doc {
    name: "first",
    summary: "What a field holds in the row with the least sort value, be it one value, several or null. Rows without a sort value \
              count only where no row has one.",
    parameters: &[
        Parameter::required("field", "any type", "The field to take the values of."),
        Parameter::required("sortField", "integer, long, date, date_nanos", "The field to order rows by."),
    ],
    returns: "the type of the field; keyword for text",
    examples: &[Example { query: "ROW a = [1, 2, 3] | MV_EXPAND a | STATS x = FIRST(a, a)", rows: &["1"] }],
};

impl Aggregate for First {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        edge::bind("first", call, args, Ordering::Less)
    }
}
