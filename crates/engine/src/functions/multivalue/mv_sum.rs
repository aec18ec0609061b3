//! `MV_SUM(number)`.

use super::number::{by_type, reduce, sum};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite},
    warning::Reason,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt64Type};
use ir::Diagnostic;

pub struct MvSum;

static DOC: Doc = Doc {
    name: "mv_sum",
    summary: "The sum of the numbers of a field.",
    parameters: &[Parameter::required("number", "numeric", "The numbers.")],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_SUM([3, 5, 6])", rows: &["14"] }],
};

impl Function for MvSum {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        by_type(
            call,
            reduce::<Int32Type, Int32Type>(|numbers| total(numbers, i32::checked_add, "integer")),
            reduce::<Int64Type, Int64Type>(|numbers| total(numbers, i64::checked_add, "long")),
            reduce::<UInt64Type, UInt64Type>(|numbers| total(numbers, u64::checked_add, "unsigned_long")),
            reduce::<Float64Type, Float64Type>(|numbers| finite(sum(numbers))),
        )
    }
}

fn total<T: Copy + Default>(numbers: &[T], add: fn(T, T) -> Option<T>, ty: &str) -> Result<T, Reason> {
    let sum = numbers.iter().try_fold(T::default(), |sum, number| add(sum, *number));
    sum.ok_or_else(|| Reason::Arithmetic(format!("{ty} overflow")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_sum([3, 5, 6]) => 14
            mv_sum([0.1, 0.2, 0.3]) => 0.6
            mv_sum([1, 2147483647]) => null ! integer overflow
            mv_sum([1L, 9223372036854775807L]) => null ! long overflow
            mv_sum([1U, 18446744073709551615U]) => null ! unsigned_long overflow
            mv_sum(null) => null
            "##,
        );
    }
}
