//! `MV_DEDUPE(field)`.

use super::reshape::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists, order::distinct_keys};
use ir::Diagnostic;
use rustc_hash::FxHashSet;

pub struct MvDedupe;

static DOC: Doc = Doc {
    name: "mv_dedupe",
    summary: "The values of a field, each once, in the order in which they first appear.",
    parameters: &[Parameter::required("field", "any type", "The values.")],
    returns: "the field's type",
    examples: &[Example { query: r#"ROW x = MV_DEDUPE(["foo", "foo", "bar"])"#, rows: &["[foo, bar]"] }],
};

impl Function for MvDedupe {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let field = call.column(0, Kind::Any)?;
        if !field.many {
            return Ok(Bound::new(field, [Input::One(field.ty)], |args, _| Ok(args[0].clone())));
        }
        bind(call, Vec::new(), |_, list, _, selection, _| {
            let keys = distinct_keys(list.values())?;
            let mut seen = FxHashSet::default();
            for row in lists::rows(list) {
                seen.clear();
                for at in row.into_iter().flatten() {
                    if seen.insert(keys.row(at)) {
                        selection.push(at);
                    }
                }
                selection.end_row();
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_dedupe([1, 2, 2, 3, 1]) => [1, 2, 3]
            mv_dedupe(["b", "a", "b"]) => [b, a]
            mv_dedupe([1.5, 1.5]) => 1.5
            mv_dedupe(true) => true
            mv_dedupe(null) => null
            "##,
        );
    }
}
