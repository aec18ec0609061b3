//! `MV_LAST(field)`.

use super::pick::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct MvLast;

static DOC: Doc = Doc {
    name: "mv_last",
    summary: "The last of several values, in the order they have.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "the field's type",
    examples: &[Example { query: r#"ROW x = MV_LAST(SPLIT("foo;bar;baz", ";"))"#, rows: &["baz"] }],
};

impl Function for MvLast {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |_, _| Ok(Box::new(|row| Some(row.end - 1))))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_last(["b", "a"]) => a
            mv_last(1.5) => 1.5
            mv_last(null) => null
            "##,
        );
    }
}
