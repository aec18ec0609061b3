//! `COUNT([field])`: how many values, or rows, there are.

use super::{
    Aggregate, BoundAggregate,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, Int64Array},
    datatypes::DataType,
};
use datafusion::{common::Result, functions_aggregate::expr_fn::count, logical_expr::Expr};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

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

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        call.expect(0, Kind::Any)?;
        Ok(BoundAggregate::single(ColumnType::one(Type::Long), values(call, args)))
    }
}

/// How many values the call's first argument, the only one in `args`, has.
pub fn values(call: &Call<'_>, mut args: Vec<Expr>) -> Expr {
    // DataFusion counts rows, which is as good where a row has one value.
    match call.ty(0).many {
        false => count(args.remove(0)),
        true => reducer::aggregate("count", Values, DataType::Int64, args),
    }
}

struct Values;

impl Reducer for Values {
    type Group = i64;
    type Prepared = ();

    fn prepare(&self, _: &[ArrayRef]) -> Result<()> {
        Ok(())
    }

    fn add(&self, group: &mut i64, (): &(), _: usize) {
        *group += 1;
    }

    fn merge(&self, group: &mut i64, other: i64) {
        *group = group.saturating_add(other);
    }

    fn save(&self, group: &i64, out: &mut Vec<u8>) {
        out.extend_from_slice(&group.to_le_bytes());
    }

    fn load(&self, bytes: &[u8]) -> Option<i64> {
        Some(i64::from_le_bytes(bytes.try_into().ok()?))
    }

    fn finish(&self, groups: Vec<i64>) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(groups)))
    }

    fn size(&self, _: &i64) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn counts() {
        check(
            "
            count(keyword: a; [a, b]; null) => 3 long
            count(boolean: true; false; null) => 2 long
            count(ip: null) => 0 long
            count(null: null; null) => 0 long
            ",
        );
    }
}
