//! `ABSENT(field)`: whether a group lacks any value.

use super::{Aggregate, BoundAggregate, present};
use crate::{
    functions::{Call, Doc, Example, Parameter},
    warning::Warnings,
};
use datafusion::logical_expr::{Expr, lit};
use ir::Diagnostic;

pub struct Absent;

static DOC: Doc = Doc {
    name: "absent",
    summary: "True where the group has no value but null, false where it has one.",
    parameters: &[Parameter::required("field", "any type", "The values to look for.")],
    returns: "boolean",
    examples: &[Example { query: "ROW a = 1, b = null | STATS x = ABSENT(a), y = ABSENT(b)", rows: &["false | true"] }],
};

impl Aggregate for Absent {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        present::bind(call, args, |rows| rows.eq(lit(0_i64)))
    }
}
