//! `MV_MIN(field)`.

use super::pick::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, order::comparator};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct MvMin;

static DOC: Doc = Doc {
    name: "mv_min",
    summary: "The smallest of several values.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_MIN([2, 1])", rows: &["1"] }],
};

impl Function for MvMin {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |ty, values| {
            let compare = comparator(ty, values, values)?;
            Ok(Box::new(move |row| {
                row.reduce(|best, next| if compare(next, best) == Ordering::Less { next } else { best })
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_min([3, 5, 1]) => 1
            mv_min([-1.5, 2.0]) => -1.5
            mv_min([date"2024-05-06", date"2023-01-01"]) => 2023-01-01T00:00:00.000Z
            mv_min(7L) => 7
            "##,
        );
    }
}
