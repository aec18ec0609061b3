//! Time spans and their addition to dates.

use ir::TimeUnit;

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
    /// of a shorter month; then days; then the clock. `None` where the result does not fit.
    pub fn apply(self, at: i64, per_second: i64) -> Option<i64> {
        let day = 86_400 * per_second;
        let (mut days, within) = (at.div_euclid(day), at.rem_euclid(day));
        if self.months != 0 {
            days = add_months(days, self.months)?;
        }
        let days = days.checked_add(self.days)?;
        let unit = DAY / day;
        days.checked_mul(day)?.checked_add(within)?.checked_add(self.nanos / unit)
    }
}

/// Days since the epoch, a number of months later.
fn add_months(days: i64, months: i64) -> Option<i64> {
    let (year, month, day) = civil_from_days(days);
    let total = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    if year.abs() > 300_000_000 {
        return None;
    }
    Some(days_from_civil(year, month, day.min(days_in_month(year, month))))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Year, month and day of a day since the epoch, in the proleptic Gregorian calendar (Hinnant's algorithm).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil_from_days`].
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        // 2024-01-31T00:00:01Z and a month.
        let at = days_from_civil(2024, 1, 31) * 86_400_000 + 1_000;
        let shifted = Shift::of(&[(1, TimeUnit::Month)]).and_then(|shift| shift.apply(at, 1_000));
        assert_eq!(shifted, Some(days_from_civil(2024, 2, 29) * 86_400_000 + 1_000));
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in [-800_000, -1, 0, 59, 60, 11_016, 20_000, 3_000_000] {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        assert_eq!(Shift::of(&[(i64::MAX, TimeUnit::Hour)]), None);
        assert_eq!(Shift::of(&[(i64::MAX, TimeUnit::Day)]).and_then(|shift| shift.apply(0, 1_000)), None);
    }
}
