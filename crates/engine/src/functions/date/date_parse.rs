//! `DATE_PARSE(datePattern, dateString, options)`.

use super::{instant, pattern::Pattern, read::read};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, TimestampMillisecondArray};
use ir::{Diagnostic, Literal};
use jiff::tz::TimeZone;
use schema::Type;
use std::sync::Arc;

pub struct DateParse;

static DOC: Doc = Doc {
    name: "date_parse",
    summary: "The date that a text stands for, read by a pattern of Java's `DateTimeFormatter`, or as ISO 8601 where none is given.",
    parameters: &[
        Parameter::optional("datePattern", "keyword, text", "The pattern, such as `yyyy-MM-dd HH:mm`."),
        Parameter::required("dateString", "keyword, text", "The text."),
        Parameter::optional(
            "options",
            "map",
            "`time_zone`: the zone of times that name none (UTC if left out); `locale`: the language of names, of which English is known.",
        ),
    ],
    returns: "date",
    examples: &[Example {
        query: r#"ROW d = DATE_PARSE("yyyy-MM-dd", "2022-05-06")"#,
        rows: &["2022-05-06T00:00:00.000Z"],
    }],
};

impl Function for DateParse {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        let (options, args) = call.options(&["time_zone", "locale"])?;
        let all = call.args.len();
        call.count(1, 2 + usize::from(args < all))?;
        let zone = zone(call, options)?;
        let mut inputs = (0..args).map(|at| call.one(at, Kind::String)).collect::<Result<Vec<_>, _>>()?;
        inputs.resize(all, Input::Captured);
        if args == 2
            && let Some(Err(Reason::Argument(why))) = call.constant_str(0).map(Pattern::new)
        {
            return Err(call.bad_value(0, why));
        }
        Ok(Bound::new(ColumnType::one(Type::Date), inputs, move |arrays, evaluation| {
            if args == 1 {
                let dates = arrays[0].as_string_view().iter();
                let dates = dates.map(|text| text.and_then(|text| evaluation.check(instant::parse_millis(text))));
                return Ok(Arc::new(dates.collect::<TimestampMillisecondArray>()));
            }
            let pairs = arrays[0].as_string_view().iter().zip(arrays[1].as_string_view());
            // Rows mostly share the pattern: it is read again only where it changes.
            let mut known: Option<(&str, Result<Pattern, Reason>)> = None;
            let dates = pairs.map(|(pattern, text)| {
                let (pattern, text) = (pattern?, text?);
                if known.as_ref().is_none_or(|(known, _)| *known != pattern) {
                    known = Some((pattern, Pattern::new(pattern)));
                }
                let date = match &known {
                    Some((_, Ok(items))) => read(items, text, &zone).ok_or_else(|| instant::not_a_date(text, pattern)),
                    Some((_, Err(why))) => Err(why.clone()),
                    None => return None,
                };
                evaluation.check(date)
            });
            Ok(Arc::new(dates.collect::<TimestampMillisecondArray>()))
        }))
    }
}

fn zone(call: &Call<'_>, options: &[(String, Literal)]) -> Result<TimeZone, Diagnostic> {
    let Some((_, zone)) = options.iter().find(|(name, _)| name == "time_zone") else { return Ok(TimeZone::UTC) };
    let bad = || call.bad_value(call.args.len() - 1, format!("unknown time zone in [{}]", call.text));
    let Literal::String(name) = zone else { return Err(bad()) };
    super::read::zone(name).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            date_parse("yyyy-MM-dd", "2022-05-06") => 2022-05-06T00:00:00.000Z
            date_parse("yyyy-MM-dd HH:mm:ss", "2023-02-01 12:15:55") => 2023-02-01T12:15:55.000Z
            date_parse("yyyyMMddHHmmssSSS", "20230201121555123") => 2023-02-01T12:15:55.123Z
            date_parse("dd/MMM/yyyy:HH:mm:ss Z", "06/May/2024:07:08:09 +0200") => 2024-05-06T05:08:09.000Z
            date_parse("EEE, d MMM yyyy h:mm a", "Mon, 6 May 2024 5:08 PM") => 2024-05-06T17:08:00.000Z
            date_parse("yyyy-MM-dd HH:mm VV", "2024-05-06 07:08 Europe/Paris") => 2024-05-06T05:08:00.000Z
            date_parse("yyyy-MM-dd", "2024-05-06", {"time_zone": "Europe/Paris"}) => 2024-05-05T22:00:00.000Z
            date_parse("yyyy-MM-dd", "2024-05-06", {"time_zone": "+02:00"}) => 2024-05-05T22:00:00.000Z
            date_parse("yyyy[-MM[-dd]]", "2024-05") => 2024-05-01T00:00:00.000Z
            date_parse("yyyy", "2024") => 2024-01-01T00:00:00.000Z
            date_parse("epoch_second", "1.5") => 1970-01-01T00:00:01.500Z
            date_parse("epoch_millis", "1500") => 1970-01-01T00:00:01.500Z
            date_parse("yyyy-MM-dd||epoch_millis", "1500") => 1970-01-01T00:00:01.500Z
            date_parse("2023-02-01T12:15:55.000Z") => 2023-02-01T12:15:55.000Z
            date_parse("yyyy-MM-dd", "2023-02-01 foo") => null ! failed to parse date field [2023-02-01 foo] with format [yyyy-MM-dd]
            date_parse("yyyy-MM", "2023-02-01") => null ! failed to parse date field [2023-02-01] with format [yyyy-MM]
            date_parse("yyyy-MM-dd", "2023-02-30") => null ! failed to parse date field [2023-02-30] with format [yyyy-MM-dd]
            date_parse("yyyy-MM-dd", null) => null
            date_parse(null, "2023-02-01") => null
            date_parse("yyyy-MM-dd", "2024-05-06", {"time_zone": "Nowhere"}) => refused
            "##,
        );
    }
}
