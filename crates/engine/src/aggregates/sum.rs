//! `SUM(number)`.

use super::{Aggregate, BoundAggregate, per_row};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::datatypes::DataType;
use datafusion::{
    functions_aggregate::expr_fn::sum,
    logical_expr::{Expr, cast, try_cast},
};
use ir::Diagnostic;
use schema::Type;

pub struct Sum;

static DOC: Doc = Doc {
    name: "sum",
    summary: "The sum of all values; null where there are none or a whole-number sum does not fit its type.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values to add up.")],
    returns: "long for integers, otherwise the type of the values",
    examples: &[Example { query: "ROW a = [1, 2, 3] | STATS s = SUM(a)", rows: &["6"] }],
};

impl Aggregate for Sum {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        let returns = match call.expect(0, Kind::Numeric)? {
            Type::Integer | Type::Null => Type::Long,
            ty => ty,
        };
        let values = per_row(call, 0, widened(call, args.remove(0), returns), "mv_sum")?;
        let physical = ColumnType::one(returns).physical();
        if returns == Type::Double {
            return Ok(BoundAggregate::single(ColumnType::one(returns), sum(values)));
        }
        // DataFusion's whole-number sums wrap around; decimal ones have room for any number of rows.
        let total = sum(cast(values, DataType::Decimal128(20, 0)));
        let finish = |mut parts: Vec<Expr>| try_cast(parts.remove(0), physical);
        Ok(BoundAggregate::new(ColumnType::one(returns), vec![total], finish))
    }
}

fn widened(call: &Call<'_>, arg: Expr, ty: Type) -> Expr {
    cast(arg, ColumnType { ty, many: call.ty(0).many }.physical())
}
