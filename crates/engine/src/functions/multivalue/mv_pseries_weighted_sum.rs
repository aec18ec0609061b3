//! `MV_PSERIES_WEIGHTED_SUM(number, p)`.

use super::number::sum;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, kernel::finite, lists},
    types::ColumnType,
};
use arrow::{
    array::{Array, AsArray, Float64Array},
    datatypes::Float64Type,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct MvPseriesWeightedSum;

static DOC: Doc = Doc {
    name: "mv_pseries_weighted_sum",
    summary: "The sum of a field's numbers, each divided by its position (from 1) to the power of p.",
    parameters: &[
        Parameter::required("number", "double", "The numbers."),
        Parameter::required("p", "double", "The power."),
    ],
    returns: "double",
    examples: &[Example {
        query: "ROW x = MV_PSERIES_WEIGHTED_SUM([70.0, 45.0, 21.0, 21.0, 21.0], 1.5)",
        rows: &["94.45465156212452"],
    }],
};

impl Function for MvPseriesWeightedSum {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let ty = call.expect(0, Kind::Numeric)?;
        let field = if ty == Type::Null { Input::One(ty) } else { Input::Many(Type::Double) };
        let power = call.one(1, Kind::Numeric)?.of(Type::Double);
        Ok(Bound::new(ColumnType::one(Type::Double), [field, power], |args, evaluation| {
            let list = args[0].as_list::<i32>();
            let values = list.values().as_primitive::<Float64Type>().values();
            let powers = args[1].as_primitive::<Float64Type>();
            let results = lists::rows(list).enumerate().map(|(at, row)| {
                let row = row.filter(|_| powers.is_valid(at))?;
                let numbers = values.get(row)?.iter().enumerate();
                let weighted: Vec<f64> =
                    numbers.map(|(place, number)| number / ((place + 1) as f64).powf(powers.value(at))).collect();
                evaluation.check(finite(sum(&weighted)))
            });
            Ok(Arc::new(results.collect::<Float64Array>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_pseries_weighted_sum([70.0, 45.0, 21.0, 21.0, 21.0], 1.5) => 94.45465156212452
            mv_pseries_weighted_sum(2, 3) => 2.0
            mv_pseries_weighted_sum(null, 1) => null
            "##,
        );
    }
}
