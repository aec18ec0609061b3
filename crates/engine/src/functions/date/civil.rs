//! The proleptic Gregorian calendar over days since the Unix epoch, for any year an `i64` of milliseconds reaches.

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

impl Civil {
    /// The day so many days after 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    pub fn of_days(days: i64) -> Civil {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months are counted from March, so that the odd one is the last.
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
        }
    }

    /// Days since 1970-01-01; the day of the month need not be one of its month.
    pub fn days(self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let from_march = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let day_of_year = (153 * from_march + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The first day of a month, counted from January of the year 0.
    pub fn of_months(months: i64) -> Civil {
        Civil { year: months.div_euclid(12), month: months.rem_euclid(12) + 1, day: 1 }
    }

    /// Months since January of the year 0.
    pub fn months(self) -> i64 {
        self.year * 12 + self.month - 1
    }

    pub fn is_valid(self) -> bool {
        (1..=12).contains(&self.month) && (1..=days_in_month(self.year, self.month)).contains(&self.day)
    }

    /// 1 to 366.
    pub fn day_of_year(self) -> i64 {
        self.days() - Civil { month: 1, day: 1, ..self }.days() + 1
    }

    /// The year and number of the ISO 8601 week.
    pub fn iso_week(self) -> (i64, i64) {
        let days = self.days();
        // The week belongs to the year of its Thursday.
        let thursday = days - (weekday(days) - 1) + 3;
        let year = Civil::of_days(thursday).year;
        let first = Civil { year, month: 1, day: 1 }.days();
        (year, (thursday - first) / 7 + 1)
    }
}

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The day of the week, Monday 1 to Sunday 7.
pub fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in [-800_000, -719_529, -1, 0, 59, 60, 11_016, 20_000, 3_000_000, i64::MIN / 86_400_000] {
            assert_eq!(Civil::of_days(days).days(), days);
        }
        assert_eq!(Civil::of_days(-1), Civil { year: 1969, month: 12, day: 31 });
    }

    #[test]
    fn weeks_follow_iso_8601() {
        let week = |year, month, day| Civil { year, month, day }.iso_week();
        assert_eq!(week(2021, 1, 3), (2020, 53));
        assert_eq!(week(2021, 1, 4), (2021, 1));
        assert_eq!(week(2018, 12, 31), (2019, 1));
        assert_eq!(weekday(0), 4);
    }
}
