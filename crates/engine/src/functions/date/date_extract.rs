//! `DATE_EXTRACT(datePart, date)`.

use super::parts::Parts;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, Int64Array};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct DateExtract;

static DOC: Doc = Doc {
    name: "date_extract",
    summary: "A part of a date as a number.",
    parameters: &[
        Parameter::required(
            "datePart",
            "keyword, text",
            "The part: a name of Java's `ChronoField`, such as `year`, `month_of_year`, `day_of_week`, `hour_of_day`, `epoch_day`.",
        ),
        Parameter::required("date", "date, date_nanos", "The date."),
    ],
    returns: "long",
    examples: &[Example { query: r#"ROW y = DATE_EXTRACT("year", "2022-05-06")"#, rows: &["2022"] }],
};

impl Function for DateExtract {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let (date, parts) = Parts::input(call, 1)?;
        let inputs = [call.one(0, Kind::String)?, date];
        let constant = match call.constant_str(0) {
            Some(name) => Some(
                field(name)
                    .ok_or_else(|| call.bad_value(0, format!("invalid date field for [{}]: {name}", call.text)))?,
            ),
            None => None,
        };
        Ok(Bound::new(ColumnType::one(Type::Long), inputs, move |args, evaluation| {
            let names = args[0].as_string_view();
            let results = parts(&args[1]).zip(names).map(|(parts, name)| {
                let (parts, name) = (parts?, name?);
                let unknown = || Reason::Argument(format!("No enum constant java.time.temporal.ChronoField.{name}"));
                let field = evaluation.check(constant.or_else(|| field(name)).ok_or_else(unknown))?;
                Some(field(&parts))
            });
            Ok(Arc::new(results.collect::<Int64Array>()))
        }))
    }
}

type Field = fn(&Parts) -> i64;

/// The field of that name, in any case.
fn field(name: &str) -> Option<Field> {
    Some(match name.to_ascii_lowercase().as_str() {
        "nano_of_second" => |parts| parts.nano,
        "nano_of_day" => |parts| parts.nano_of_day(),
        "micro_of_second" => |parts| parts.nano / 1_000,
        "micro_of_day" => |parts| parts.nano_of_day() / 1_000,
        "milli_of_second" => |parts| parts.nano / 1_000_000,
        "milli_of_day" => |parts| parts.nano_of_day() / 1_000_000,
        "second_of_minute" => |parts| parts.second_of_minute(),
        "second_of_day" => |parts| parts.second,
        "minute_of_hour" => |parts| parts.minute(),
        "minute_of_day" => |parts| parts.second / 60,
        "hour_of_ampm" => |parts| parts.hour() % 12,
        "clock_hour_of_ampm" => |parts| (parts.hour() + 11) % 12 + 1,
        "hour_of_day" => |parts| parts.hour(),
        "clock_hour_of_day" => |parts| (parts.hour() + 23) % 24 + 1,
        "ampm_of_day" => |parts| parts.hour() / 12,
        "day_of_week" => |parts| parts.weekday(),
        "aligned_day_of_week_in_month" => |parts| (parts.date.day - 1) % 7 + 1,
        "aligned_day_of_week_in_year" => |parts| (parts.date.day_of_year() - 1) % 7 + 1,
        "day_of_month" => |parts| parts.date.day,
        "day_of_year" => |parts| parts.date.day_of_year(),
        "epoch_day" => |parts| parts.days,
        "aligned_week_of_month" => |parts| (parts.date.day - 1) / 7 + 1,
        "aligned_week_of_year" => |parts| (parts.date.day_of_year() - 1) / 7 + 1,
        "month_of_year" => |parts| parts.date.month,
        "proleptic_month" => |parts| parts.date.months(),
        "year_of_era" => |parts| if parts.date.year > 0 { parts.date.year } else { 1 - parts.date.year },
        "year" => |parts| parts.date.year,
        "era" => |parts| i64::from(parts.date.year > 0),
        "instant_seconds" => |parts| parts.days * 86_400 + parts.second,
        "offset_seconds" => |_| 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            date_extract("year", date"2022-05-06") => 2022
            date_extract("MONTH_OF_YEAR", date"2022-05-06") => 5
            date_extract("day_of_week", date"2024-05-06") => 1
            date_extract("hour_of_day", date"2024-05-06T07:08:09Z") => 7
            date_extract("clock_hour_of_ampm", date"2024-05-06T00:08:09Z") => 12
            date_extract("nano_of_second", nanos"2024-05-06T00:08:09.123456789Z") => 123456789
            date_extract("epoch_day", date"1969-12-31") => -1
            date_extract("aligned_week_of_year", date"2024-01-08") => 2
            date_extract("year", null) => null
            date_extract(null, date"2024-01-08") => null
            "##,
        );
    }
}
