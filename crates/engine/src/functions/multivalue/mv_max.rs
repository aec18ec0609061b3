//! `MV_MAX(field)`.

use super::pick::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, order::comparator};
use ir::Diagnostic;
use std::cmp::Ordering;

pub struct MvMax;

static DOC: Doc = Doc {
    name: "mv_max",
    summary: "The largest of several values.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "the field's type",
    examples: &[Example { query: "ROW x = MV_MAX([3, 5, 1])", rows: &["5"] }],
};

impl Function for MvMax {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        bind(call, |ty, values| {
            let compare = comparator(ty, values, values)?;
            Ok(Box::new(move |row| {
                row.reduce(|best, next| if compare(next, best) == Ordering::Greater { next } else { best })
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
            mv_max([3, 5, 1]) => 5
            mv_max(["a", "zoo"]) => zoo
            mv_max([false, true]) => true
            mv_max([ip"9.1.1.1", ip"10.1.1.1"]) => 10.1.1.1
            mv_max([version"1.2", version"1.11"]) => 1.11
            mv_max(null) => null
            mv_max([18446744073709551615U, 0U]) => 18446744073709551615
            "##,
        );
    }
}
