//! `DAY_NAME(date)`.

use super::{parts::Parts, texts};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Parameter},
    types::ColumnType,
};
use arrow::array::StringViewArray;
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct DayName;

static DOC: Doc = Doc {
    name: "day_name",
    summary: "The English name of the day of the week of a date.",
    parameters: &[Parameter::required("date", "date, date_nanos", "The date.")],
    returns: "keyword",
    examples: &[Example { query: r#"ROW n = DAY_NAME("2024-05-06")"#, rows: &["Monday"] }],
};

impl Function for DayName {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 1)?;
        let (input, parts) = Parts::input(call, 0)?;
        Ok(Bound::new(ColumnType::one(Type::Keyword), [input], move |args, _| {
            let names = parts(&args[0]).map(|parts| parts.map(|parts| texts::weekday(parts.weekday())));
            Ok(Arc::new(names.collect::<StringViewArray>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            day_name(date"2024-05-06") => Monday
            day_name(nanos"2024-05-06T23:59:59.999999999Z") => Monday
            day_name(null) => null
            day_name(1) => refused
            "##,
        );
    }
}
