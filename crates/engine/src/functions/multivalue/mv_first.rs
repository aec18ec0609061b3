//! `MV_FIRST(field)`.

use super::pick::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::Diagnostic;

pub struct MvFirst;

static DOC: Doc = Doc {
    name: "mv_first",
    summary: "The first of several values, in the order they have.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "the field's type",
    examples: &[Example { query: r#"ROW x = MV_FIRST(SPLIT("foo;bar;baz", ";"))"#, rows: &["foo"] }],
};

impl Function for MvFirst {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |_, _| Ok(Box::new(|row| Some(row.start))))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_first(["b", "a"]) => b
            mv_first(1) => 1
            mv_first(null) => null
            mv_first([ip"1.1.1.1", ip"::1"]) => 1.1.1.1
            "##,
        );
    }
}
