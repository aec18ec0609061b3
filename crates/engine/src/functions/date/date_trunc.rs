//! `DATE_TRUNC(interval, date)`.

use super::rounding::{Rounding, bind_rounding};
use crate::bind::time::parse_span;
use crate::functions::{ArgValue, Bound, Call, Doc, Example, Function, Parameter};
use ir::{Diagnostic, codes};

pub struct DateTrunc;

static DOC: Doc = Doc {
    name: "date_trunc",
    summary: "A date rounded down to the start of an interval. Weeks start on Monday; other spans of days and clock units are counted from 1970, months and years from the year 1.",
    parameters: &[
        Parameter::required("interval", "date_period, time_duration", "The interval, such as `1 hour` or `3 months`."),
        Parameter::required("date", "date, date_nanos", "The date."),
    ],
    returns: "the date's type",
    examples: &[Example {
        query: r#"ROW d = DATE_TRUNC(1 month, "2024-05-06T07:08:09Z")"#,
        rows: &["2024-05-01T00:00:00.000Z"],
    }],
};

impl Function for DateTrunc {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let rounding = match call.args.first().map(|arg| &arg.value) {
            Some(ArgValue::TimeSpan { count, unit }) => {
                Some(Rounding::of(*count, *unit).map_err(|why| call.bad_value(0, why))?)
            }
            Some(ArgValue::Expression { ty, .. }) if ty.ty == schema::Type::Null => None,
            _ => {
                if let Some((count, unit)) = call.constant_str(0).and_then(parse_span) {
                    let rounding = Rounding::of(count, unit).map_err(|why| call.bad_value(0, why))?;
                    return bind_rounding(call, 1, Some(rounding));
                }
                if call.ty(0).ty.is_string() {
                    call.must_be_constant(0)?;
                }
                let message = format!("first argument of [{}] must be [dateperiod or timeduration]", call.text);
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span));
            }
        };
        bind_rounding(call, 1, rounding)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            date_trunc(1 month, date"2024-05-06T07:08:09Z") => 2024-05-01T00:00:00.000Z
            date_trunc(3 months, date"2024-05-06") => 2024-04-01T00:00:00.000Z
            date_trunc(1 quarter, date"2024-05-06") => 2024-04-01T00:00:00.000Z
            date_trunc(5 months, date"1970-01-01T00:00:00.001Z") => 1969-10-01T00:00:00.000Z
            date_trunc(1 year, date"2024-05-06") => 2024-01-01T00:00:00.000Z
            date_trunc(5 years, date"1975-05-06") => 1971-01-01T00:00:00.000Z
            date_trunc(1 week, date"1985-02-24") => 1985-02-18T00:00:00.000Z
            date_trunc(10 days, date"1985-02-24") => 1985-02-21T00:00:00.000Z
            date_trunc(240 hours, date"1985-02-18") => 1985-02-11T00:00:00.000Z
            date_trunc(30 minutes, date"2024-05-06T07:38:09Z") => 2024-05-06T07:30:00.000Z
            date_trunc(1 minute, nanos"2024-05-06T07:38:09.123456789Z") => 2024-05-06T07:38:00.000Z
            date_trunc(1 day, date"1969-12-31T23:59:59Z") => 1969-12-31T00:00:00.000Z
            date_trunc("1 month", date"2024-05-06T07:08:09Z") => 2024-05-01T00:00:00.000Z
            date_trunc("soon", date"2024-05-06T07:08:09Z") => refused
            date_trunc(1 day, null) => null
            date_trunc(null, date"1969-12-31") => null
            date_trunc(0 days, date"1969-12-31") => refused
            date_trunc(-1 hour, date"1969-12-31") => refused
            date_trunc(1 day, 5) => refused
            "##,
        );
    }
}
