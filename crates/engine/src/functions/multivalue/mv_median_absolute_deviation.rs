//! `MV_MEDIAN_ABSOLUTE_DEVIATION(number)`.

use super::{
    median::{double, integer, long, unsigned_long},
    number::{by_type, reduce},
};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite},
    warning::Reason,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type};
use ir::Diagnostic;

pub struct MvMedianAbsoluteDeviation;

static DOC: Doc = Doc {
    name: "mv_median_absolute_deviation",
    summary: "The median of the distances of a field's numbers from their median.",
    parameters: &[Parameter::required("number", "numeric", "The numbers.")],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_MEDIAN_ABSOLUTE_DEVIATION([0, 2, 5, 6])", rows: &["2"] }],
};

impl Function for MvMedianAbsoluteDeviation {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        by_type(
            call,
            reduce::<Int32Type, Int32Type>(|numbers| {
                let median = integer(numbers.to_vec());
                let distances = numbers.iter().map(|number| number.abs_diff(median));
                let middle = unsigned_long(distances.map(u64::from).collect());
                i32::try_from(middle).map_err(|_| overflow("integer"))
            }),
            reduce::<Int64Type, Int64Type>(|numbers| {
                let median = long(numbers.to_vec());
                let distances = numbers.iter().map(|number| number.abs_diff(median)).collect();
                i64::try_from(unsigned_long(distances)).map_err(|_| overflow("long"))
            }),
            reduce::<UInt64Type, UInt64Type>(|numbers| {
                let median = unsigned_long(numbers.to_vec());
                Ok(unsigned_long(numbers.iter().map(|number| number.abs_diff(median)).collect()))
            }),
            reduce::<Float64Type, Float64Type>(|numbers| {
                let median = double(numbers.to_vec());
                finite(double(numbers.iter().map(|number| (number - median).abs()).collect()))
            }),
        )
    }
}

fn overflow(ty: &str) -> Reason {
    Reason::Arithmetic(format!("{ty} overflow"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_median_absolute_deviation([0, 2, 5, 6]) => 2
            mv_median_absolute_deviation([0.0, 2.0, 5.0, 6.0]) => 2.0
            mv_median_absolute_deviation(7) => 0
            mv_median_absolute_deviation(null) => null
            "##,
        );
    }
}
