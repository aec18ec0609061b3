//! `MV_APPEND(field1, field2)`.

use super::sets::select;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct MvAppend;

static DOC: Doc = Doc {
    name: "mv_append",
    summary: "The values of two fields, one after the other; null if either has none.",
    parameters: &[
        Parameter::required("field1", "any type", "The values of the left."),
        Parameter::required("field2", "the first field's type", "The values of the right."),
    ],
    returns: "the common type of the fields",
    examples: &[Example { query: "ROW x = MV_APPEND([1, 2], [2, 3])", rows: &["[1, 2, 2, 3]"] }],
};

impl Function for MvAppend {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        select(call, |_, row, selection| {
            if let [Some(left), Some(right)] = row {
                left.chain(right).for_each(|at| selection.push(at));
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
            mv_append([1, 2], [2, 3]) => [1, 2, 2, 3]
            mv_append("a", text"b") => [a, b]
            mv_append(1, null) => null
            mv_append(null, null) => null
            mv_append(1, "a") => refused
            "##,
        );
    }
}
