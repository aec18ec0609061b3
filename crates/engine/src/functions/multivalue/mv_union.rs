//! `MV_UNION(field1, field2)`.

use super::sets::select;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvUnion;

static DOC: Doc = Doc {
    name: "mv_union",
    summary: "The values that either of two fields has, each once; null if neither has any.",
    parameters: &[
        Parameter::required("field1", "any type", "The values of the left."),
        Parameter::required("field2", "the first field's type", "The values of the right."),
    ],
    returns: "the common type of the fields",
    examples: &[Example { query: "ROW x = MV_UNION([1, 2], [2, 3])", rows: &["[1, 2, 3]"] }],
};

impl Function for MvUnion {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        select(call, |both, row, selection| {
            let mut seen = FxHashSet::default();
            for at in row.into_iter().flatten().flatten() {
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
            mv_union([1, 2, 1], [2, 3]) => [1, 2, 3]
            mv_union(null, ["a", "a"]) => a
            mv_union(null, null) => null
            "##,
        );
    }
}
