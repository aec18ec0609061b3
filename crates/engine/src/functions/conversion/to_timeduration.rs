//! `TO_TIMEDURATION(field)`.

use crate::functions::{Bound, Call, Doc, Example, Function, Parameter};
use ir::{Diagnostic, codes};

pub struct ToTimeDuration;

static DOC: Doc = Doc {
    name: "to_timeduration",
    summary: "Reads a constant string as a duration (milliseconds, seconds, minutes, hours), to be added to dates.",
    parameters: &[Parameter::required("field", "time_duration, keyword, text", "A constant such as `3 hours`.")],
    returns: "time_duration",
    examples: &[Example {
        query: r#"ROW d = TO_DATETIME("2024-01-01") + TO_TIMEDURATION("3 hours")"#,
        rows: &["2024-01-01T03:00:00.000Z"],
    }],
};

impl Function for ToTimeDuration {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        // Durations are no values of columns: the binder reads them where an operator or a function takes one.
        let message = format!("[{}] stands where no duration can be used", call.text);
        Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span))
    }
}
