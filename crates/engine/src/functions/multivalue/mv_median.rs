//! `MV_MEDIAN(number)`.

use super::{
    median::{double, integer, long, unsigned_long},
    number::{by_type, reduce},
};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type};
use ir::Diagnostic;

pub struct MvMedian;

static DOC: Doc = Doc {
    name: "mv_median",
    summary: "The middle of the numbers of a field; of an even count, the mean of the two in the middle, rounded down for whole numbers.",
    parameters: &[Parameter::required("number", "numeric", "The numbers.")],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_MEDIAN([3, 7, 1, 6])", rows: &["4"] }],
};

impl Function for MvMedian {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        by_type(
            call,
            reduce::<Int32Type, Int32Type>(|numbers| Ok(integer(numbers.to_vec()))),
            reduce::<Int64Type, Int64Type>(|numbers| Ok(long(numbers.to_vec()))),
            reduce::<UInt64Type, UInt64Type>(|numbers| Ok(unsigned_long(numbers.to_vec()))),
            reduce::<Float64Type, Float64Type>(|numbers| Ok(double(numbers.to_vec()))),
        )
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_median([3, 5, 1]) => 3
            mv_median([3, 7, 1, 6]) => 4
            mv_median([-3, 0]) => -2
            mv_median([2147483647, 2147483645]) => 2147483646
            mv_median([18446744073709551615U, 0U, 1U, 9223372036854775807U, 9223372036854775808U, 2U]) => 4611686018427387904
            mv_median([-6.77, 4.69, 5.05, 12.15]) => 4.87
            mv_median(null) => null
            "##,
        );
    }
}
