//! `AVG(number)`.

use super::{Aggregate, BoundAggregate, per_row};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::datatypes::DataType;
use datafusion::{
    functions_aggregate::expr_fn::{avg, sum},
    logical_expr::{Expr, cast},
};
use ir::Diagnostic;
use schema::Type;

pub struct Avg;

static DOC: Doc = Doc {
    name: "avg",
    summary: "The arithmetic mean of all values.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values.")],
    returns: "double",
    examples: &[Example { query: "ROW a = [1, 2, 6] | STATS m = AVG(a)", rows: &["3.0"] }],
};

impl Aggregate for Avg {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Numeric)?;
        let many = call.ty(0).many;
        let returns = ColumnType::one(Type::Double);
        let values = cast(args.remove(0), ColumnType { ty: Type::Double, many }.physical());
        if !many {
            return Ok(BoundAggregate::single(returns, avg(values)));
        }
        // The values of all rows count alike, however many a row has.
        let total = sum(per_row(call, 0, values.clone(), "mv_sum")?);
        let count = sum(cast(per_row(call, 0, values, "mv_count")?, DataType::Float64));
        Ok(BoundAggregate::new(returns, vec![total, count], |parts| parts[0].clone() / parts[1].clone()))
    }
}
