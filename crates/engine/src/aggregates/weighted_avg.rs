//! `WEIGHTED_AVG(number, weight)`.
//!
//! The sum of the products over the sum of the weights, and as in Elasticsearch: weights of rows without a value count; a row
//! with several values or weights has no product; a constant weight makes it the mean of all values, whose whole-number
//! sum may overflow.

use super::{
    Aggregate, BoundAggregate, avg, count, doubles,
    reducer::{self, Reducer},
    sum,
    total::Total,
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::{Reason, Warning, Warnings},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array},
    datatypes::DataType,
};
use datafusion::{
    common::Result,
    logical_expr::{Expr, cast},
    scalar::ScalarValue,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct WeightedAvg;

static DOC: Doc = Doc {
    name: "weighted_avg",
    summary: "The mean of values that count as much as their weights say. Null where the weights add up to nothing.",
    parameters: &[
        Parameter::required("number", "double, integer, long", "The values."),
        Parameter::required("weight", "double, integer, long", "The weights; a constant one must not be 0 or null."),
    ],
    returns: "double",
    examples: &[Example {
        query: "ROW a = [1, 3] | MV_EXPAND a | EVAL w = a | STATS m = WEIGHTED_AVG(a, w)",
        rows: &["2.5"],
    }],
};

impl Aggregate for WeightedAvg {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, warnings: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(2, 2)?;
        let ty = call.expect(0, Kind::Numeric)?;
        let weight = call.expect(1, Kind::Numeric)?;
        // A string that stands for a number elsewhere is converted by the adapter of scalar functions, which aggregates lack.
        if call.ty(1).ty.is_string() || call.ty(0).ty.is_string() {
            return Err(call.bad_value(1, format!("the arguments of [{}] must be numbers, not strings", call.text)));
        }
        if weight == Type::Null || call.constant(1).is_some_and(is_nothing) {
            let text = call.args.get(1).map_or("", |arg| arg.text.as_str());
            let message = format!("second argument of [{}] cannot be null or 0, received [{text}]", call.text);
            return Err(call.bad_value(1, message));
        }
        let returns = ColumnType::one(Type::Double);
        let equal = call.constant(1).is_some();
        if equal || call.constant(0).is_some() {
            args.truncate(1);
        }
        if equal && matches!(ty, Type::Integer | Type::Long) {
            let parts = vec![sum::whole(call, Type::Long, args.clone(), warnings), count::values(call, args)];
            let mean =
                |parts: Vec<Expr>| parts.into_iter().map(|part| cast(part, DataType::Float64)).reduce(|a, b| a / b);
            return Ok(BoundAggregate::new(returns, parts, move |parts| mean(parts).unwrap_or_default()));
        }
        if args.len() == 1 {
            return Ok(BoundAggregate::single(returns, avg::mean(args)));
        }
        let warning = |reason| Warning { span: call.span, text: call.text.to_string(), treated_as: "null", reason };
        let weigh = Weigh {
            several: warning(Reason::SeveralValues),
            nothing: warning(Reason::Arithmetic("/ by zero".to_string())),
            warnings: warnings.clone(),
        };
        Ok(BoundAggregate::single(returns, reducer::aggregate("weighted_avg", weigh, DataType::Float64, args)))
    }
}

fn is_nothing(weight: &ScalarValue) -> bool {
    weight.is_null() || matches!(weight.cast_to(&DataType::Float64), Ok(ScalarValue::Float64(Some(0.0))))
}

struct Weigh {
    several: Warning,
    nothing: Warning,
    warnings: Warnings,
}

/// Each row's product and its weights.
struct Rows {
    products: Float64Array,
    weights: Vec<Option<f64>>,
}

#[derive(Clone, Copy, Default)]
struct Weighed {
    product: Option<Total>,
    weight: Option<Total>,
}

impl Weigh {
    /// The one value of each row; null, with a warning, where there are several.
    fn single(&self, column: &ArrayRef) -> Result<Float64Array> {
        let Some(list) = column.as_list_opt::<i32>() else { return doubles(column) };
        let values = doubles(list.values())?;
        let mut several = false;
        let rows = list.offsets().windows(2).enumerate().map(|(row, ends)| match ends[1] - ends[0] {
            1 if list.is_valid(row) => Some(values.value(ends[0] as usize)),
            length => {
                several |= length > 1 && list.is_valid(row);
                None
            }
        });
        let singles = rows.collect();
        if several {
            self.warnings.push(self.several.clone());
        }
        Ok(singles)
    }
}

impl Reducer for Weigh {
    type Group = Weighed;
    type Prepared = Rows;

    const WHOLE_ROWS: bool = true;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Rows> {
        let (values, weights) = (self.single(&args[0])?, self.single(&args[1])?);
        let products = values.iter().zip(&weights).map(|(value, weight)| Some(value? * weight?)).collect();
        let Some(list) = args[1].as_list_opt::<i32>() else {
            return Ok(Rows { products, weights: weights.iter().collect() });
        };
        let all = doubles(list.values())?;
        let sum = |ends: &[i32]| all.values()[ends[0] as usize..ends[1] as usize].iter().sum();
        let rows = list.offsets().windows(2).enumerate();
        let weights = rows.map(|(row, ends)| list.is_valid(row).then(|| sum(ends))).collect();
        Ok(Rows { products, weights })
    }

    fn add(&self, group: &mut Weighed, rows: &Rows, row: usize) {
        if rows.products.is_valid(row) {
            group.product.get_or_insert_default().add(rows.products.value(row));
        }
        if let Some(weight) = rows.weights[row] {
            group.weight.get_or_insert_default().add(weight);
        }
    }

    fn merge(&self, group: &mut Weighed, other: Weighed) {
        for (total, other) in [(&mut group.product, other.product), (&mut group.weight, other.weight)] {
            if let Some(other) = other {
                total.get_or_insert_default().merge(other);
            }
        }
    }

    fn save(&self, group: &Weighed, out: &mut Vec<u8>) {
        for total in [group.product, group.weight] {
            out.push(total.is_some().into());
            total.unwrap_or_default().save(out);
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Weighed> {
        let (parts, []) = bytes.as_chunks::<17>() else { return None };
        let part = |[there, total @ ..]: &[u8; 17]| (*there == 1).then(|| Total::load(total));
        let [product, weight] = parts else { return None };
        Some(Weighed { product: part(product), weight: part(weight) })
    }

    fn finish(&self, groups: Vec<Weighed>) -> Result<ArrayRef> {
        let mean = |group: &Weighed| {
            let (product, weight) = (group.product?.value(), group.weight?.value());
            if weight == 0.0 {
                self.warnings.push(self.nothing.clone());
                return None;
            }
            Some(product / weight)
        };
        Ok(Arc::new(groups.iter().map(mean).collect::<Float64Array>()))
    }

    fn size(&self, _: &Weighed) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::aggregates::testing::check;

    #[test]
    fn weighted_means() {
        check(
            "
            weighted_avg(integer: 1; 3; null, integer: 1; 3; null) => 2.5 double
            weighted_avg(double: 1.0; null, long: 1; 1) => 0.5 double
            weighted_avg(integer: 1; [2, 3], 5) => 2.0 double
            weighted_avg(long: 9223372036854775807; 1, 1) => null double ! long overflow
            weighted_avg(double: 1.5; 2.5, 0.5) => 2.0 double
            weighted_avg(integer: 1; [2, 3], integer: 1; 1) => 0.5 double ! single-value function encountered multi-value
            weighted_avg(integer: 1; 2, integer: [1, 2]; 1) => 0.5 double ! single-value function encountered multi-value
            weighted_avg(integer: 1; 2, integer: 1; -1) => null double ! / by zero
            weighted_avg(integer: null, integer: 2) => null double
            weighted_avg(integer: 1, 0) => refused
            weighted_avg(integer: 1, null) => refused
            weighted_avg(integer: 1, \"x\") => refused
            ",
        );
    }
}
