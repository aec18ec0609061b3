//! `MV_AVG(number)`.

use super::number::{doubles, sum};
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::finite};
use ir::Diagnostic;

pub struct MvAvg;

static DOC: Doc = Doc {
    name: "mv_avg",
    summary: "The mean of the numbers of a field.",
    parameters: &[Parameter::required("number", "numeric", "The numbers.")],
    returns: "double",
    examples: &[Example { query: "ROW x = MV_AVG([3, 5, 1, 6])", rows: &["3.75"] }],
};

impl Function for MvAvg {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        doubles(call, |numbers| finite(sum(numbers) / numbers.len() as f64))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_avg([3, 5, 1, 6]) => 3.75
            mv_avg([0L, 1L, 9223372036854775807L]) => 3.0744573456182584E18
            mv_avg(7) => 7.0
            mv_avg(null) => null
            mv_avg([1e308, 1e308]) => null ! not a finite double number: Infinity
            "##,
        );
    }
}
