//! `MV_INTERSECTS(field1, field2)`.

use super::sets::ask;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvIntersects;

static DOC: Doc = Doc {
    name: "mv_intersects",
    summary: "Whether two fields have a value in common; never null.",
    parameters: &[
        Parameter::required("field1", "any type", "The values of the left."),
        Parameter::required("field2", "the first field's type", "The values of the right."),
    ],
    returns: "boolean",
    examples: &[Example { query: "ROW x = MV_INTERSECTS([1, 2], [2, 3])", rows: &["true"] }],
};

impl Function for MvIntersects {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        ask(call, |both, [left, right]| {
            let known: FxHashSet<_> = left.into_iter().flatten().map(|at| both.keys.row(at)).collect();
            right.into_iter().flatten().any(|at| known.contains(&both.keys.row(at)))
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_intersects([1, 2], [2, 3]) => true
            mv_intersects("a", ["b", "c"]) => false
            mv_intersects(null, "a") => false
            mv_intersects(null, null) => false
            "##,
        );
    }
}
