//! `MV_DIFFERENCE(field1, field2)`.

use super::sets::select;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvDifference;

static DOC: Doc = Doc {
    name: "mv_difference",
    summary: "The values that the first of two fields has and the second has not, each once; null if there are none.",
    parameters: &[
        Parameter::required("field1", "any type", "The values of the left."),
        Parameter::required("field2", "the first field's type", "The values of the right."),
    ],
    returns: "the common type of the fields",
    examples: &[Example { query: "ROW x = MV_DIFFERENCE([1, 2, 3], [2])", rows: &["[1, 3]"] }],
};

impl Function for MvDifference {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        select(call, |both, [left, right], selection| {
            let mut seen: FxHashSet<_> = right.into_iter().flatten().map(|at| both.keys.row(at)).collect();
            for at in left.into_iter().flatten() {
                if seen.insert(both.keys.row(at)) {
                    selection.push(at);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_difference([1, 2, 3, 1], [2]) => [1, 3]
            mv_difference(["a"], ["a"]) => null
            mv_difference(["a"], null) => a
            mv_difference(null, ["a"]) => null
            "##,
        );
    }
}
