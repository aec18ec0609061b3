//! Functions of dates.

mod bucket;
pub mod civil;
mod date_diff;
mod date_extract;
mod date_format;
mod date_parse;
mod date_trunc;
mod day_name;
pub mod instant;
mod month_name;
mod now;
mod parts;
mod pattern;
mod print;
mod read;
mod rounding;
mod texts;

use super::Function;

pub const ALL: &[&dyn Function] = &[
    &bucket::Bucket,
    &date_diff::DateDiff,
    &date_extract::DateExtract,
    &date_format::DateFormat,
    &date_parse::DateParse,
    &date_trunc::DateTrunc,
    &day_name::DayName,
    &month_name::MonthName,
    &now::Now,
];
