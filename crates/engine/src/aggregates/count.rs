//! `COUNT([field])`: how many values, or rows, there are.

use super::{Aggregate, BoundAggregate, per_row};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::datatypes::DataType;
use datafusion::{
    functions::core::expr_fn::nvl,
    functions_aggregate::expr_fn::{count, sum},
    logical_expr::{Expr, cast, lit},
};
use ir::Diagnostic;
use schema::Type;

pub struct Count;

static DOC: Doc = Doc {
    name: "count",
    summary: "The number of values; of rows for `COUNT(*)` and `COUNT()`.",
    parameters: &[Parameter::optional("field", "any type", "The values to count; all rows where absent.")],
    returns: "long",
    examples: &[Example { query: "ROW a = [1, 2, 3] | STATS n = COUNT(a)", rows: &["3"] }],
};

impl Aggregate for Count {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Any)?;
        let returns = ColumnType::one(Type::Long);
        if !call.ty(0).many {
            return Ok(BoundAggregate::single(returns, count(args.remove(0))));
        }
        let values = per_row(call, 0, args.remove(0), "mv_count")?;
        // A sum over no values is null; a count of them is 0.
        let total = sum(cast(values, DataType::Int64));
        Ok(BoundAggregate::new(returns, vec![total], |mut parts| nvl(parts.remove(0), lit(0_i64))))
    }
}
