//! `DATE_FORMAT(dateFormat, date)`.

use super::{parts::Parts, pattern::Pattern, print::print};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, conversion},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, StringViewBuilder};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct DateFormat;

static DOC: Doc = Doc {
    name: "date_format",
    summary: "A date as text, in a pattern of Java's `DateTimeFormatter`, or in ISO 8601 where none is given.",
    parameters: &[
        Parameter::optional("dateFormat", "keyword, text", "The pattern, such as `yyyy-MM-dd HH:mm`."),
        Parameter::required("date", "date, date_nanos", "The date."),
    ],
    returns: "keyword",
    examples: &[
        Example { query: r#"ROW s = DATE_FORMAT("dd.MM.yyyy", "2024-05-06")"#, rows: &["06.05.2024"] },
        Example { query: r#"ROW s = DATE_FORMAT("2024-05-06")"#, rows: &["2024-05-06T00:00:00.000Z"] },
    ],
};

impl Function for DateFormat {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 2)?;
        if call.args.len() == 1 {
            let ty = call.expect(0, Kind::Date)?;
            let kernel = conversion::text_of_dates(ty);
            return Ok(Bound::new(ColumnType::one(Type::Keyword), [Input::One(ty)], move |args, evaluation| {
                kernel(&args[0], evaluation)
            }));
        }
        let (date, parts) = Parts::input(call, 1)?;
        let inputs = [call.one(0, Kind::String)?, date];
        if let Some(Err(Reason::Argument(why))) = call.constant_str(0).map(Pattern::new) {
            return Err(call.bad_value(0, why));
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, move |args, evaluation| {
            let patterns = args[0].as_string_view();
            let mut results = StringViewBuilder::with_capacity(evaluation.rows);
            // Rows mostly share the pattern: it is read again only where it changes.
            let mut known: Option<(&str, Result<Pattern, Reason>)> = None;
            let mut text = String::new();
            for (parts, pattern) in parts(&args[1]).zip(patterns) {
                let (Some(parts), Some(pattern)) = (parts, pattern) else {
                    results.append_null();
                    continue;
                };
                if known.as_ref().is_none_or(|(known, _)| *known != pattern) {
                    known = Some((pattern, Pattern::new(pattern)));
                }
                let read = known.as_ref().map(|(_, read)| read.as_ref().map_err(Clone::clone));
                text.clear();
                let printed = read.map(|read| read.map(|pattern| print(pattern, &parts, &mut text)));
                results.append_option(printed.and_then(|printed| evaluation.check(printed)).map(|()| &text));
            }
            Ok(Arc::new(results.finish()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            date_format("yyyy-MM-dd", date"2024-05-06T07:08:09.1Z") => 2024-05-06
            date_format("EEE, d MMM uuuu h:mm a", date"2024-05-06T17:08:09Z") => Mon, 6 May 2024 5:08 PM
            date_format("EEEE d MMMM yy", date"2024-05-06") => Monday 6 May 24
            date_format("HH:mm:ss.SSSSSS'Z'", nanos"2024-05-06T07:08:09.123456789Z") => 07:08:09.123456Z
            date_format("yyyy-MM-dd'T'HH:mm:ssXXX", date"2024-05-06") => 2024-05-06T00:00:00Z
            date_format("yyyy-MM-dd'T'HH:mm:ssxxx Z", date"2024-05-06") => 2024-05-06T00:00:00+00:00 +0000
            date_format("YYYY 'Q'Q D", date"2024-05-06") => 2024 Q2 127
            date_format("epoch_millis", date"1970-01-01T00:00:01.5Z") => 1500
            date_format("epoch_second", date"1970-01-01T00:00:01.5Z") => 1
            date_format("strict_date_optional_time", date"2024-05-06") => 2024-05-06T00:00:00.000Z
            date_format(date"2024-05-06") => 2024-05-06T00:00:00.000Z
            date_format("''yy''", date"2024-05-06") => '24'
            date_format(null, date"2024-05-06") => null
            date_format("yyyy", null) => null
            "##,
        );
    }
}
