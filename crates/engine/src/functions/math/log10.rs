//! `LOG10(number)`.

use super::doubles::one;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Log10;

static DOC: Doc = Doc {
    name: "log10",
    summary: "The logarithm of a number to the base 10.",
    parameters: &[Parameter::required("number", "numeric", "A number above 0.")],
    returns: "double",
    examples: &[Example { query: "ROW l = LOG10(1000.0)", rows: &["3.0"] }],
};

impl Function for Log10 {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        one(call, |number| {
            if number <= 0.0 {
                return Err(Reason::Arithmetic("Log of non-positive number".to_string()));
            }
            Ok(number.log10())
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            log10(1000000000000L) => 12.0
            log10(0) => null ! Log of non-positive number
            log10(-0.0) => null ! Log of non-positive number
            "##,
        );
    }
}
