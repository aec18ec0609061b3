//! Time spans and their addition to dates.

use crate::{
    functions::date::civil::{Civil, days_in_month},
    warning::Reason,
};
use ir::TimeUnit;

/// The last year that Java's dates reach.
const MAX_YEAR: i64 = 999_999_999;

/// Nanoseconds in a day.
const DAY: i64 = 86_400_000_000_000;

/// A time span as text: `3 days`.
pub fn parse_span(text: &str) -> Option<(i64, TimeUnit)> {
    let mut words = text.split_whitespace();
    let (count, unit) = (words.next()?.parse().ok()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    Some((count, unit_of(unit)?))
}

/// The unit of a name or abbreviation (Elastic, "Time spans").
fn unit_of(name: &str) -> Option<TimeUnit> {
    Some(match name.to_ascii_lowercase().as_str() {
        "millisecond" | "milliseconds" | "ms" => TimeUnit::Millisecond,
        "second" | "seconds" | "sec" | "s" => TimeUnit::Second,
        "minute" | "minutes" | "min" | "m" => TimeUnit::Minute,
        "hour" | "hours" | "h" => TimeUnit::Hour,
        "day" | "days" | "d" => TimeUnit::Day,
        "week" | "weeks" | "w" => TimeUnit::Week,
        "month" | "months" | "mo" => TimeUnit::Month,
        "quarter" | "quarters" | "q" => TimeUnit::Quarter,
        "year" | "years" | "yr" | "y" => TimeUnit::Year,
        _ => return None,
    })
}

/// A sum of spans, split into what the calendar decides and what the clock does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shift {
    months: i64,
    days: i64,
    nanos: i64,
}

impl Shift {
    /// The sum of the spans; `None` on overflow.
    pub fn of(spans: &[(i64, TimeUnit)]) -> Option<Shift> {
        spans.iter().try_fold(Shift::default(), |shift, &(count, unit)| {
            let (months, days, nanos) = match unit {
                TimeUnit::Millisecond => (0, 0, 1_000_000),
                TimeUnit::Second => (0, 0, 1_000_000_000),
                TimeUnit::Minute => (0, 0, 60_000_000_000),
                TimeUnit::Hour => (0, 0, 3_600_000_000_000),
                TimeUnit::Day => (0, 1, 0),
                TimeUnit::Week => (0, 7, 0),
                TimeUnit::Month => (1, 0, 0),
                TimeUnit::Quarter => (3, 0, 0),
                TimeUnit::Year => (12, 0, 0),
            };
            Some(Shift {
                months: shift.months.checked_add(count.checked_mul(months)?)?,
                days: shift.days.checked_add(count.checked_mul(days)?)?,
                nanos: shift.nanos.checked_add(count.checked_mul(nanos)?)?,
            })
        })
    }

    pub fn negated(self) -> Option<Shift> {
        Some(Shift {
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            nanos: self.nanos.checked_neg()?,
        })
    }

    /// The time `at`, in units of which `per_second` make a second, moved by this much: months first, to the last day
    /// of a shorter month; then days; then the clock.
    ///
    /// # Errors
    /// The result does not fit, or its year is none that a date may have.
    pub fn apply(self, at: i64, per_second: i64) -> Result<i64, Reason> {
        let day = 86_400 * per_second;
        let (mut days, within) = (at.div_euclid(day), at.rem_euclid(day));
        if self.months != 0 {
            days = add_months(days, self.months)?;
        }
        let moved = || {
            let days = days.checked_add(self.days)?;
            days.checked_mul(day)?.checked_add(within)?.checked_add(self.nanos / (DAY / day))
        };
        moved().ok_or_else(overflow)
    }
}

fn overflow() -> Reason {
    Reason::Arithmetic("long overflow".to_string())
}

/// Days since the epoch, a number of months later.
fn add_months(days: i64, months: i64) -> Result<i64, Reason> {
    let date = Civil::of_days(days);
    let first = Civil::of_months(date.months().checked_add(months).ok_or_else(overflow)?);
    let year = first.year;
    if year.abs() > MAX_YEAR {
        let why = format!("Invalid value for Year (valid values -{MAX_YEAR} - {MAX_YEAR}): {year}");
        return Err(Reason::Date(why));
    }
    Ok(Civil { day: date.day.min(days_in_month(year, first.month)), ..first }.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        // 2024-01-31T00:00:01Z and a month.
        let millis = |month, day| Civil { year: 2024, month, day }.days() * 86_400_000 + 1_000;
        let shifted = Shift::of(&[(1, TimeUnit::Month)]).map(|shift| shift.apply(millis(1, 31), 1_000));
        assert_eq!(shifted, Some(Ok(millis(2, 29))));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(Shift::of(&[(i64::MAX, TimeUnit::Hour)]), None);
        let shifted = |count, unit| Shift::of(&[(count, unit)]).map(|shift| shift.apply(0, 1_000));
        assert_eq!(shifted(i64::MAX, TimeUnit::Day), Some(Err(overflow())));
        assert!(matches!(shifted(i64::from(i32::MAX), TimeUnit::Year), Some(Err(Reason::Date(_)))));
    }
}
