//! `SUM(number)`.
//!
//! A sum of whole numbers is exact while it grows, so that only a result that does not fit its type overflows; Elasticsearch
//! adds in 64 bits, where the order of the events decides.

use super::{
    Aggregate, BoundAggregate, doubles,
    reducer::{self, Reducer},
    total::Total,
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::{Reason, Warning, Warnings},
};
use arrow::{
    array::{ArrayRef, AsArray, Float64Array, Int64Array, UInt64Array},
    compute::cast,
    datatypes::{DataType, Int64Type, UInt64Type},
};
use datafusion::{common::Result, logical_expr::Expr};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct Sum;

static DOC: Doc = Doc {
    name: "sum",
    summary: "The sum of all values. Null where there are none, and with a warning where a whole number does not fit its type.",
    parameters: &[Parameter::required("number", "double, integer, long, unsigned_long", "The values to add up.")],
    returns: "long for integers, otherwise the type of the values",
    examples: &[
        Example { query: "ROW a = [1, 2, 3] | STATS s = SUM(a)", rows: &["6"] },
        Example { query: "ROW a = [0.25, 0.5] | STATS s = SUM(a)", rows: &["0.75"] },
    ],
};

impl Aggregate for Sum {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, args: Vec<Expr>, warnings: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 1)?;
        let returns = match call.expect(0, Kind::Numeric)? {
            Type::Null => return Ok(BoundAggregate::null(args)),
            Type::Integer => Type::Long,
            ty => ty,
        };
        let part = match returns {
            Type::Double => reducer::aggregate("sum", Doubles, DataType::Float64, args),
            ty => whole(call, ty, args, warnings),
        };
        Ok(BoundAggregate::single(ColumnType::one(returns), part))
    }
}

/// The sum of whole numbers as `ty`, which is long or unsigned long.
pub fn whole(call: &Call<'_>, ty: Type, args: Vec<Expr>, warnings: &Warnings) -> Expr {
    let physical = ColumnType::one(ty).physical();
    let overflow = Warning {
        span: call.span,
        text: call.text.to_string(),
        treated_as: "null",
        reason: Reason::Arithmetic(format!("{} overflow", ty.name())),
    };
    let reducer = Whole { ty: physical.clone(), overflow, warnings: warnings.clone() };
    reducer::aggregate("sum", reducer, physical, args)
}

struct Whole {
    ty: DataType,
    overflow: Warning,
    warnings: Warnings,
}

impl Whole {
    fn fit<T: TryFrom<i128>>(&self, total: Option<i128>) -> Option<T> {
        let fitting = T::try_from(total?).ok();
        if fitting.is_none() {
            self.warnings.push(self.overflow.clone());
        }
        fitting
    }
}

fn plus(group: &mut Option<i128>, value: i128) {
    *group = Some(group.unwrap_or(0).saturating_add(value));
}

impl Reducer for Whole {
    type Group = Option<i128>;
    type Prepared = Vec<i128>;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Vec<i128>> {
        Ok(if *args[0].data_type() == DataType::UInt64 {
            args[0].as_primitive::<UInt64Type>().values().iter().map(|&value| value.into()).collect()
        } else {
            let values = cast(&args[0], &DataType::Int64)?;
            values.as_primitive::<Int64Type>().values().iter().map(|&value| value.into()).collect()
        })
    }

    fn add(&self, group: &mut Option<i128>, values: &Vec<i128>, row: usize) {
        plus(group, values[row]);
    }

    fn merge(&self, group: &mut Option<i128>, other: Option<i128>) {
        if let Some(other) = other {
            plus(group, other);
        }
    }

    fn save(&self, group: &Option<i128>, out: &mut Vec<u8>) {
        if let Some(total) = group {
            out.extend_from_slice(&total.to_le_bytes());
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Option<i128>> {
        if bytes.is_empty() { Some(None) } else { Some(Some(i128::from_le_bytes(bytes.try_into().ok()?))) }
    }

    fn finish(&self, groups: Vec<Option<i128>>) -> Result<ArrayRef> {
        Ok(match self.ty {
            DataType::UInt64 => Arc::new(groups.into_iter().map(|total| self.fit(total)).collect::<UInt64Array>()),
            _ => Arc::new(groups.into_iter().map(|total| self.fit(total)).collect::<Int64Array>()),
        })
    }

    fn size(&self, _: &Option<i128>) -> usize {
        0
    }
}

struct Doubles;

impl Reducer for Doubles {
    type Group = Option<Total>;
    type Prepared = Float64Array;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Float64Array> {
        doubles(&args[0])
    }

    fn add(&self, group: &mut Option<Total>, values: &Float64Array, row: usize) {
        group.get_or_insert_default().add(values.value(row));
    }

    fn merge(&self, group: &mut Option<Total>, other: Option<Total>) {
        if let Some(other) = other {
            group.get_or_insert_default().merge(other);
        }
    }

    fn save(&self, group: &Option<Total>, out: &mut Vec<u8>) {
        if let Some(total) = group {
            total.save(out);
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Option<Total>> {
        if bytes.is_empty() { Some(None) } else { Some(Some(Total::load(bytes.try_into().ok()?))) }
    }

    fn finish(&self, groups: Vec<Option<Total>>) -> Result<ArrayRef> {
        Ok(Arc::new(groups.into_iter().map(|total| total.map(Total::value)).collect::<Float64Array>()))
    }

    fn size(&self, _: &Option<Total>) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn sums() {
        check(
            "
            sum(integer: 1; [2, 3]; null) => 6 long
            sum(integer: 2147483647; 2147483647) => 4294967294 long
            sum(long: 9223372036854775807; [9223372036854775807, -9223372036854775807]; -1) => 9223372036854775806 long
            sum(long: 9223372036854775807; 1) => null long ! long overflow
            sum(unsigned_long: 18446744073709551615; 1) => null unsigned_long ! unsigned_long overflow
            sum(double: 1e16; 1; 1; -1e16) => 2.0 double
            sum(double: null) => null double
            sum(null: null) => null null
            sum(keyword: a) => refused
            ",
        );
    }
}
