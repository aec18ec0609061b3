//! `PRESENT(field)`: whether a group has any value.

use super::{Aggregate, BoundAggregate};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use datafusion::{
    functions_aggregate::expr_fn::count,
    logical_expr::{Expr, lit},
};
use ir::Diagnostic;
use schema::Type;

pub struct Present;

static DOC: Doc = Doc {
    name: "present",
    summary: "True where the group has a value that is not null, false where it has none.",
    parameters: &[Parameter::required("field", "any type", "The values to look for.")],
    returns: "boolean",
    examples: &[Example {
        query: "ROW a = 1, b = null | STATS x = PRESENT(a), y = PRESENT(b)",
        rows: &["true | false"],
    }],
};

impl Aggregate for Present {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        bind(call, args, |rows| rows.gt(lit(0_i64)))
    }
}

/// A test of how many rows have a value.
pub fn bind(call: &Call<'_>, mut args: Vec<Expr>, test: fn(Expr) -> Expr) -> Result<BoundAggregate, Diagnostic> {
    call.count(1, 1)?;
    call.expect(0, Kind::Any)?;
    let rows = count(args.remove(0));
    Ok(BoundAggregate::new(ColumnType::one(Type::Boolean), vec![rows], move |mut parts| test(parts.remove(0))))
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn presence_and_absence() {
        check(
            "
            present(keyword: null; [a, b]) => true boolean
            present(keyword: null) => false boolean
            present(null: null) => false boolean
            absent(long: 1; null) => false boolean
            absent(long: null; null) => true boolean
            absent(null: null) => true boolean
            ",
        );
    }
}
