//! `TO_VERSION(field)`.

use super::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Parameter, kernel::same};
use ir::Diagnostic;
use schema::Type;

pub struct ToVersion;

static DOC: Doc = Doc {
    name: "to_version",
    summary: "Converts a string to a version, which sorts by its numbers. Every string is one; those that do not follow Semantic Versioning sort last.",
    parameters: &[Parameter::required("field", "keyword, text, version", "The value, or values, to convert.")],
    returns: "version",
    examples: &[Example { query: r#"ROW v = TO_VERSION("1.2.3") < TO_VERSION("1.11.4")"#, rows: &["true"] }],
};

impl Function for ToVersion {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        // A version is kept as its text.
        bind(call, Type::Version, |from| matches!(from, Type::Keyword | Type::Text | Type::Version).then(same))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r#"
            to_version(["1.2.3", "bad"]) => [1.2.3, bad]
            to_version(1) => refused
            "#,
        );
    }
}
