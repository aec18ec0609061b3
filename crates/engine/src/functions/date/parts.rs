//! A date taken apart, in UTC.

use super::civil::{Civil, weekday};
use crate::functions::{Call, Input, Kind};
use arrow::{
    array::{ArrayRef, AsArray},
    datatypes::{TimestampMillisecondType, TimestampNanosecondType},
};
use ir::Diagnostic;
use schema::Type;

/// The calendar and clock fields of a point in time.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    pub date: Civil,
    /// Days since the epoch.
    pub days: i64,
    /// Seconds since midnight.
    pub second: i64,
    /// Nanoseconds of the second.
    pub nano: i64,
}

/// Takes the dates of a column apart.
pub type TakeApart = fn(&ArrayRef) -> Box<dyn Iterator<Item = Option<Parts>> + '_>;

impl Parts {
    pub fn of_millis(millis: i64) -> Parts {
        Parts::of(millis.div_euclid(1_000), millis.rem_euclid(1_000) * 1_000_000)
    }

    pub fn of_nanos(nanos: i64) -> Parts {
        Parts::of(nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000))
    }

    fn of(seconds: i64, nano: i64) -> Parts {
        let days = seconds.div_euclid(86_400);
        Parts { date: Civil::of_days(days), days, second: seconds.rem_euclid(86_400), nano }
    }

    /// How a date argument reaches a kernel, and how the kernel reads it.
    pub fn input(call: &Call<'_>, at: usize) -> Result<(Input, TakeApart), Diagnostic> {
        let ty = call.expect(at, Kind::Date)?;
        let take_apart: TakeApart = match ty {
            Type::DateNanos => |array| {
                let dates = array.as_primitive::<TimestampNanosecondType>().iter();
                Box::new(dates.map(|date| date.map(Parts::of_nanos)))
            },
            _ => |array| {
                let dates = array.as_primitive::<TimestampMillisecondType>().iter();
                Box::new(dates.map(|date| date.map(Parts::of_millis)))
            },
        };
        Ok((Input::One(ty), take_apart))
    }

    pub fn hour(&self) -> i64 {
        self.second / 3_600
    }

    pub fn minute(&self) -> i64 {
        self.second / 60 % 60
    }

    pub fn second_of_minute(&self) -> i64 {
        self.second % 60
    }

    /// Monday 1 to Sunday 7.
    pub fn weekday(&self) -> i64 {
        weekday(self.days)
    }

    pub fn nano_of_day(&self) -> i64 {
        self.second * 1_000_000_000 + self.nano
    }
}
