//! `TO_DATEPERIOD(field)`.

use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::{Diagnostic, codes};

pub struct ToDatePeriod;

static DOC: Doc = Doc {
    name: "to_dateperiod",
    summary: "Reads a constant string as a period of the calendar (days, weeks, months, quarters, years), to be added to dates.",
    parameters: &[Parameter::required("field", "date_period, keyword, text", "A constant such as `3 days`.")],
    returns: "date_period",
    examples: &[Example {
        query: r#"ROW d = TO_DATETIME("2024-01-01") + TO_DATEPERIOD("3 days")"#,
        rows: &["2024-01-04T00:00:00.000Z"],
    }],
};

impl Function for ToDatePeriod {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        // Periods are no values of columns: the binder reads them where an operator or a function takes one.
        let message = format!("[{}] stands where no period of time can be used", call.text);
        Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span))
    }
}
