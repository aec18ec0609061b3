//! Points in time as text, in the ISO 8601 forms that Elasticsearch calls `strict_date_optional_time`.

use super::civil::Civil;
use crate::warning::Reason;
use std::fmt::Write;

const DAY: i64 = 86_400;

/// Milliseconds since the epoch; what is finer is cut off.
pub fn parse_millis(text: &str) -> Result<i64, Reason> {
    read(text)
        .and_then(|(seconds, nanos)| seconds.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000)))
        .ok_or_else(|| not_a_date(text, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"))
}

/// Nanoseconds since the epoch, which must not lie before it.
pub fn parse_nanos(text: &str) -> Result<i64, Reason> {
    let (seconds, nanos) = read(text).ok_or_else(|| not_a_date(text, "strict_date_optional_time_nanos"))?;
    let total = seconds.checked_mul(1_000_000_000).and_then(|total| total.checked_add(i64::from(nanos)));
    total.filter(|total| *total >= 0).ok_or_else(|| not_nanos(seconds.saturating_mul(1_000)))
}

pub fn not_a_date(text: &str, format: &str) -> Reason {
    Reason::Argument(format!("failed to parse date field [{text}] with format [{format}]"))
}

/// The failure to keep a date, given in milliseconds, in nanoseconds.
pub fn not_nanos(millis: i64) -> Reason {
    let date = print_millis(millis);
    Reason::Argument(match millis {
        ..0 => format!("date[{date}] is before the epoch in 1970 and cannot be stored in nanosecond resolution"),
        _ => {
            format!("date[{date}] is after 2262-04-11T23:47:16.854775807 and cannot be stored in nanosecond resolution")
        }
    })
}

/// Seconds since the epoch and nanoseconds after them. Everything after the year may be missing, from the right; a time
/// without a zone is UTC.
fn read(text: &str) -> Option<(i64, u32)> {
    let mut rest = Reader(text.as_bytes());
    let mut date = Civil { year: rest.digits(4)?, month: 1, day: 1 };
    if rest.eat(b'-') {
        date.month = rest.digits(2)?;
        if rest.eat(b'-') {
            date.day = rest.digits(2)?;
        }
    }
    if !date.is_valid() {
        return None;
    }
    let mut seconds = date.days() * DAY;
    let mut nanos = 0;
    if rest.eat(b'T') && !rest.0.is_empty() {
        let hour = rest.digits(2)?;
        let mut time = hour * 3_600;
        if rest.eat(b':') {
            time += rest.below(60)? * 60;
            if rest.eat(b':') {
                time += rest.below(60)?;
                if rest.eat(b'.') || rest.eat(b',') {
                    nanos = rest.fraction()?;
                }
            }
        }
        // Midnight at the end of a day is that of the next.
        if hour > 24 || (hour == 24 && (time > DAY || nanos > 0)) {
            return None;
        }
        seconds += time - rest.offset()?;
    }
    rest.0.is_empty().then_some((seconds, nanos))
}

struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// A number of exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
    }

    fn below(&mut self, limit: i64) -> Option<i64> {
        self.digits(2).filter(|value| *value < limit)
    }

    /// One to nine digits as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&count) {
            return None;
        }
        let value = self.digits(count)?;
        u32::try_from(value * 10_i64.pow(9 - count as u32)).ok()
    }

    /// The zone's seconds east of Greenwich: `Z`, `+02:00`, `+0200`, `+02`, a named zone at offset zero, or nothing.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0 {
            [] => return Some(0),
            b"Z" | b"UTC" | b"GMT" => {
                self.0 = b"";
                return Some(0);
            }
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        self.0 = self.0.get(1..)?;
        let hours = self.digits(2).filter(|hours| *hours <= 18)?;
        let minutes = if self.eat(b':') || !self.0.is_empty() { self.below(60)? } else { 0 };
        let seconds = if self.eat(b':') { self.below(60)? } else { 0 };
        Some(sign * (hours * 3_600 + minutes * 60 + seconds))
    }
}

/// As Elasticsearch prints dates: `2024-05-06T07:08:09.100Z`.
pub fn print_millis(millis: i64) -> String {
    let (seconds, within) = (millis.div_euclid(1_000), millis.rem_euclid(1_000));
    print(seconds, within, 3)
}

/// As Elasticsearch prints dates of nanosecond resolution: with as many digits as they need, three at least.
pub fn print_nanos(nanos: i64) -> String {
    let (seconds, mut within) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let mut digits = 9;
    while digits > 3 && within % 10 == 0 {
        within /= 10;
        digits -= 1;
    }
    print(seconds, within, digits)
}

fn print(seconds: i64, fraction: i64, digits: usize) -> String {
    let (days, time) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let Civil { year, month, day } = Civil::of_days(days);
    let mut text = year_text(year);
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    // Writing to a string does not fail.
    let _ = write!(text, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:0digits$}Z");
    text
}

/// A year in four digits, or in more with a sign.
pub fn year_text(year: i64) -> String {
    match year {
        0..=9_999 => format!("{year:04}"),
        10_000.. => format!("+{year}"),
        _ => format!("-{:04}", year.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_be_missing_from_the_right() {
        for (text, printed) in [
            ("2023", "2023-01-01T00:00:00.000Z"),
            ("2023-02", "2023-02-01T00:00:00.000Z"),
            ("2023-02-03", "2023-02-03T00:00:00.000Z"),
            ("2023-02-03T04", "2023-02-03T04:00:00.000Z"),
            ("2023-02-03T04:05", "2023-02-03T04:05:00.000Z"),
            ("2023-02-03T04:05Z", "2023-02-03T04:05:00.000Z"),
            ("2023-02-03T04:05:06+0130", "2023-02-03T02:35:06.000Z"),
            ("2023-02-03T04:05:06.7-01:30", "2023-02-03T05:35:06.700Z"),
            ("2023-02-03T24:00:00", "2023-02-04T00:00:00.000Z"),
            ("0001-01-01", "0001-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(parse_millis(text).map(print_millis).as_deref(), Ok(printed), "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "23",
            "2023-2-3",
            "2023-02-30",
            "2023-02-03 04:05",
            "2023-02-03T25",
            "2023-02-03T04:60",
            "2023-02-03T04:05:06.",
            "2023-02-03T04:05:06.1234567890",
            "2023-02-03T04:05:06Zx",
            "2023-02-03Z",
            "２０２３",
        ] {
            assert!(parse_millis(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_long_prints() {
        assert_eq!(print_millis(i64::MAX), "+292278994-08-17T07:12:55.807Z");
        assert_eq!(print_millis(i64::MIN), "-292275055-05-16T16:47:04.192Z");
        assert_eq!(print_nanos(-1), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(print_nanos(0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn nanoseconds_reach_from_1970_to_2262() {
        assert_eq!(parse_nanos("2262-04-11T23:47:16.854775807Z"), Ok(i64::MAX));
        assert!(parse_nanos("2262-04-11T23:47:16.854775808Z").is_err());
        assert!(parse_nanos("1969-12-31T23:59:59Z").is_err());
    }
}
