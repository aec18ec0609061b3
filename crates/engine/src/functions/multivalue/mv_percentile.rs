//! `MV_PERCENTILE(number, percentile)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kernel, Kind, Parameter, lists},
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray},
    datatypes::{Float64Type, Int32Type, Int64Type},
};
use ir::{Diagnostic, codes};
use schema::Type;
use std::{cmp::Ordering, sync::Arc};

pub struct MvPercentile;

static DOC: Doc = Doc {
    name: "mv_percentile",
    summary: "The value below which so many percent of a field's numbers lie, interpolated between two of them.",
    parameters: &[
        Parameter::required("number", "double, integer, long", "The numbers."),
        Parameter::required("percentile", "double, integer, long", "From 0 to 100."),
    ],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_PERCENTILE([5, 5, 10, 12, 5000], 50)", rows: &["10"] }],
};

impl Function for MvPercentile {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let ty = call.expect(0, Kind::Numeric)?;
        let percent = call.one(1, Kind::Numeric)?.of(Type::Double);
        let kernel = match ty {
            Type::Integer => percentile::<Int32Type>(Ord::cmp, |low, high, share| {
                (f64::from(low) + share * (f64::from(high) - f64::from(low))) as i32
            }),
            Type::Long => percentile::<Int64Type>(Ord::cmp, |low, high, share| {
                let distance = (i128::from(high) - i128::from(low)) as f64;
                (i128::from(low) + (share * distance) as i128) as i64
            }),
            Type::UnsignedLong => {
                let message = format!("first argument of [{}] must be [numeric except unsigned_long]", call.text);
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span));
            }
            _ => percentile::<Float64Type>(f64::total_cmp, |low, high, share| low + share * (high - low)),
        };
        let field = if ty == Type::Null { Input::One(ty) } else { Input::Many(ty) };
        Ok(Bound::of(ColumnType::one(ty), [field, percent], kernel))
    }
}

fn percentile<T: ArrowPrimitiveType>(
    compare: fn(&T::Native, &T::Native) -> Ordering,
    between: fn(T::Native, T::Native, f64) -> T::Native,
) -> Kernel {
    Arc::new(move |args, evaluation| {
        let list = args[0].as_list::<i32>();
        let values = list.values().as_primitive::<T>().values();
        let percents = args[1].as_primitive::<Float64Type>();
        let mut sorted: Vec<T::Native> = Vec::new();
        let results = lists::rows(list).enumerate().map(|(at, row)| {
            let row = row.filter(|_| percents.is_valid(at))?;
            let percent = percents.value(at);
            if !(0.0..=100.0).contains(&percent) {
                let shown = crate::functions::java::double(percent);
                let why = format!("Percentile parameter must be a number between 0 and 100, found [{shown}]");
                evaluation.warn(Reason::Argument(why));
                return None;
            }
            sorted.clear();
            sorted.extend_from_slice(values.get(row)?);
            sorted.sort_unstable_by(compare);
            let place = percent / 100.0 * (sorted.len() - 1) as f64;
            let low = place as usize;
            let (Some(below), Some(above)) = (sorted.get(low), sorted.get(low + 1)) else {
                return sorted.last().copied();
            };
            Some(between(*below, *above, place - low as f64))
        });
        Ok(Arc::new(results.collect::<PrimitiveArray<T>>()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_percentile([5, 5, 10, 12, 5000], 50) => 10
            mv_percentile([10, 5], 50) => 7
            mv_percentile([1.0, 2.0], 25.0) => 1.25
            mv_percentile([3, 1, 2], 0) => 1
            mv_percentile([3, 1, 2], 100) => 3
            mv_percentile([3, 1, 2], 101) => null ! Percentile parameter must be a number between 0 and 100, found [101.0]
            mv_percentile([1L, 9223372036854775807L], 100) => 9223372036854775807
            mv_percentile(null, 50) => null
            "##,
        );
    }
}
