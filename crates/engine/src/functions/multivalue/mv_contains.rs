//! `MV_CONTAINS(superset, subset)`.

use super::sets::ask;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvContains;

static DOC: Doc = Doc {
    name: "mv_contains",
    summary: "Whether the first of two fields has every value of the second; never null, a null being a field without values.",
    parameters: &[
        Parameter::required("superset", "any type", "The values to look among."),
        Parameter::required("subset", "the first field's type", "The values to look for."),
    ],
    returns: "boolean",
    examples: &[Example { query: r#"ROW x = MV_CONTAINS(["a", "b", "c"], ["c", "a"])"#, rows: &["true"] }],
};

impl Function for MvContains {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        ask(call, |both, [superset, subset]| {
            let known: FxHashSet<_> = superset.into_iter().flatten().map(|at| both.keys.row(at)).collect();
            subset.into_iter().flatten().all(|at| known.contains(&both.keys.row(at)))
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_contains(["a", "b", "c"], ["c", "a"]) => true
            mv_contains([1, 2], 3) => false
            mv_contains(null, null) => true
            mv_contains(["a"], null) => true
            mv_contains(null, ["a"]) => false
            "##,
        );
    }
}
