//! `LOG(base, number)`.

use super::doubles::{one, two};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    warning::Reason,
};
use ir::Diagnostic;

pub struct Log;

static DOC: Doc = Doc {
    name: "log",
    summary: "The logarithm of a number to a base, or to the base e where no base is given.",
    parameters: &[
        Parameter::optional("base", "numeric", "The base; above 0 and not 1."),
        Parameter::required("number", "numeric", "A number above 0."),
    ],
    returns: "double",
    examples: &[
        Example { query: "ROW l = LOG(2.0, 8.0)", rows: &["3.0"] },
        Example { query: "ROW l = LOG(100)", rows: &["4.605170185988092"] },
    ],
};

impl Function for Log {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 2)?;
        if call.args.len() == 1 { one(call, natural) } else { two(call, to_base) }
    }
}

fn natural(number: f64) -> Result<f64, Reason> {
    if number <= 0.0 {
        return Err(Reason::Arithmetic("Log of non-positive number".to_string()));
    }
    Ok(number.ln())
}

fn to_base(base: f64, number: f64) -> Result<f64, Reason> {
    if base == 1.0 && number > 0.0 {
        return Err(Reason::Arithmetic("Log of base 1".to_string()));
    }
    // The quotient of the logarithms to the base 10 is exact for powers of ten.
    if base <= 0.0 || number <= 0.0 {
        return Err(Reason::Arithmetic("Log of non-positive number".to_string()));
    }
    Ok(number.log10() / base.log10())
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            log(2.0, 8.0) => 3.0
            log(10, 1000000000000L) => 12.0
            log(1000000000000L, 10.0) => 0.08333333333333333
            log(2.0, -2) => null ! Log of non-positive number
            log(-2, 2.0) => null ! Log of non-positive number
            log(1, 2) => null ! Log of base 1
            log(0) => null ! Log of non-positive number
            log(1000000000000000000U) => 41.44653167389282
            log(1, 2, 3) => refused
            "##,
        );
    }
}
