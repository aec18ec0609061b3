//! `MV_INTERSECTION(field1, field2)`.

use super::sets::select;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvIntersection;

static DOC: Doc = Doc {
    name: "mv_intersection",
    summary: "The values that both of two fields have, each once; null if there are none.",
    parameters: &[
        Parameter::required("field1", "any type", "The values of the left."),
        Parameter::required("field2", "the first field's type", "The values of the right."),
    ],
    returns: "the common type of the fields",
    examples: &[Example { query: "ROW x = MV_INTERSECTION([1, 2, 3], [3, 2, 5])", rows: &["[2, 3]"] }],
};

impl Function for MvIntersection {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        select(call, |both, [left, right], selection| {
            let mut common: FxHashSet<_> = right.into_iter().flatten().map(|at| both.keys.row(at)).collect();
            for at in left.into_iter().flatten() {
                if common.remove(&both.keys.row(at)) {
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
            mv_intersection([1, 2, 3, 2], [3, 2, 5]) => [2, 3]
            mv_intersection(["a"], ["b"]) => null
            mv_intersection([1], null) => null
            "##,
        );
    }
}
