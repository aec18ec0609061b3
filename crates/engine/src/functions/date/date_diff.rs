//! `DATE_DIFF(unit, start, end)`.

use super::parts::Parts;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, Int32Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct DateDiff;

static DOC: Doc = Doc {
    name: "date_diff",
    summary: "How many whole units of time lie between two dates; negative where the end comes first.",
    parameters: &[
        Parameter::required(
            "unit",
            "keyword, text",
            "`year`, `quarter`, `month`, `week`, `day`, `hour`, `minute`, `second`, `millisecond`, `microsecond`, `nanosecond`, or an abbreviation of one.",
        ),
        Parameter::required("startTimestamp", "date, date_nanos", "Where the time starts."),
        Parameter::required("endTimestamp", "date, date_nanos", "Where it ends."),
    ],
    returns: "integer",
    examples: &[
        Example {
            query: r#"ROW n = DATE_DIFF("microseconds", "2023-12-02T11:00:00.000Z", "2023-12-02T11:00:00.001Z")"#,
            rows: &["1000"],
        },
        Example { query: r#"ROW n = DATE_DIFF("month", "2023-12-31", "2024-01-30")"#, rows: &["0"] },
    ],
};

impl Function for DateDiff {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(3, 3)?;
        let ((start, starts), (end, ends)) = (Parts::input(call, 1)?, Parts::input(call, 2)?);
        let inputs = [call.one(0, Kind::String)?, start, end];
        let constant = match call.constant_str(0) {
            Some(name) => Some(
                unit(name)
                    .map_err(|why| call.bad_value(0, format!("invalid unit format for [{}]: {why}", call.text)))?,
            ),
            None => None,
        };
        Ok(Bound::new(ColumnType::one(Type::Integer), inputs, move |args, evaluation| {
            let dates = starts(&args[1]).zip(ends(&args[2]));
            let results = dates.zip(args[0].as_string_view()).map(|((start, end), name)| {
                let (start, end, name) = (start?, end?, name?);
                let unit = match constant {
                    Some(unit) => unit,
                    None => evaluation.check(unit(name))?,
                };
                evaluation.check(difference(unit, start, end))
            });
            Ok(Arc::new(results.collect::<Int32Array>()))
        }))
    }
}

/// A unit of a difference, in months or in nanoseconds.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Months(i64),
    Nanos(i64),
}

fn unit(name: &str) -> Result<Unit, Reason> {
    const SECOND: i64 = 1_000_000_000;
    const DAY: i64 = 86_400 * SECOND;
    Ok(match name.to_ascii_lowercase().as_str() {
        "year" | "years" | "yyyy" | "yy" => Unit::Months(12),
        "quarter" | "quarters" | "qq" | "q" => Unit::Months(3),
        "month" | "months" | "mm" | "m" => Unit::Months(1),
        "dayofyear" | "dy" | "y" | "day" | "days" | "dd" | "d" | "weekday" | "weekdays" | "dw" => Unit::Nanos(DAY),
        "week" | "weeks" | "wk" | "ww" => Unit::Nanos(7 * DAY),
        "hour" | "hours" | "hh" => Unit::Nanos(3_600 * SECOND),
        "minute" | "minutes" | "mi" | "n" => Unit::Nanos(60 * SECOND),
        "second" | "seconds" | "ss" | "s" => Unit::Nanos(SECOND),
        "millisecond" | "milliseconds" | "ms" => Unit::Nanos(1_000_000),
        "microsecond" | "microseconds" | "mcs" => Unit::Nanos(1_000),
        "nanosecond" | "nanoseconds" | "ns" => Unit::Nanos(1),
        _ => {
            let why = format!(
                "A value of [YEAR, QUARTER, MONTH, DAYOFYEAR, DAY, WEEK, WEEKDAY, HOUR, MINUTE, SECOND, MILLISECOND, \
                 MICROSECOND, NANOSECOND] or their aliases is required; received [{name}]"
            );
            return Err(Reason::Argument(why));
        }
    })
}

fn difference(unit: Unit, start: Parts, end: Parts) -> Result<i32, Reason> {
    let difference = match unit {
        Unit::Nanos(nanos) => {
            let at = |parts: &Parts| i128::from(parts.days) * 86_400_000_000_000 + i128::from(parts.nano_of_day());
            (at(&end) - at(&start)) / i128::from(nanos)
        }
        Unit::Months(months) => {
            // A month has passed when its day and time have come again.
            let within = |parts: &Parts| (parts.date.day, parts.nano_of_day());
            let mut passed = end.date.months() - start.date.months();
            if passed > 0 && within(&end) < within(&start) {
                passed -= 1;
            } else if passed < 0 && within(&end) > within(&start) {
                passed += 1;
            }
            i128::from(passed / months)
        }
    };
    i32::try_from(difference).map_err(|_| Reason::Range(format!("[{difference}] out of [integer] range")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            date_diff("microseconds", date"2023-12-02T11:00:00.000Z", date"2023-12-02T11:00:00.001Z") => 1000
            date_diff("ww", date"2023-12-02T11:00:00Z", date"2023-12-24T11:00:00Z") => 3
            date_diff("dw", date"2023-12-02T11:00:00Z", date"2023-12-24T11:00:00Z") => 22
            date_diff("month", date"2023-12-31T23:59:59.999Z", date"2024-01-01") => 0
            date_diff("month", date"2023-01-31", date"2023-03-31") => 2
            date_diff("month", date"2023-03-31", date"2023-02-28") => -1
            date_diff("year", date"2023-12-31", date"2021-12-31") => -2
            date_diff("quarters", date"2023-01-01", date"2023-12-31") => 3
            date_diff("hour", date"2023-12-02T11:59:00Z", date"2023-12-02T10:00:00Z") => -1
            date_diff("nanoseconds", date"2023-12-02T11:00:00Z", date"2023-12-23T11:00:00Z") => null ! [1814400000000000] out of [integer] range
            date_diff("ns", nanos"2023-12-02T11:00:00Z", nanos"2023-12-02T11:00:00.000000007Z") => 7
            date_diff("seconds", nanos"2023-12-02T11:00:00Z", date"2023-12-02T11:01:00Z") => 60
            date_diff("day", null, date"2023-12-02") => null
            date_diff("day", 1, date"2023-12-02") => refused
            "##,
        );
    }
}
