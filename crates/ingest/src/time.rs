//! Dates as text, in the forms that Elasticsearch reads by default.
//!
//! `strict_date_optional_time||epoch_millis` (Elasticsearch, "format" mapping parameter): a date of year, month and day
//! from the left, optionally a time, a fraction of 1 to 9 digits and a zone; or a number of milliseconds. A space in
//! the place of the `T` is taken too, for the many logs that write it so.

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Since the Unix epoch.
    pub seconds: i64,
    /// Within the second.
    pub nanos: u32,
}

impl Moment {
    pub fn millis(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanos / 1_000_000)
    }

    /// `None` before 1677 and after 2262.
    pub fn nanos(self) -> Option<i64> {
        self.seconds.checked_mul(1_000_000_000)?.checked_add(i64::from(self.nanos))
    }

    pub fn from_millis(millis: i64) -> Moment {
        Moment { seconds: millis.div_euclid(1000), nanos: (millis.rem_euclid(1000) * 1_000_000) as u32 }
    }
}

/// Days from the epoch to a day of the proleptic Gregorian calendar, counted in eras of 400 years that begin in March.
pub fn days(year: i64, month: u32, day: u32) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > length {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let year_of_era = year.rem_euclid(400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + i64::from(day_of_year);
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Reads a date. `None` if the text is in none of the forms.
pub fn parse(text: &str) -> Option<Moment> {
    iso(text.as_bytes()).or_else(|| epoch_millis(text))
}

/// Reads dates of which most share the minute with the one before.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// `2024-02-29T12:30:`
    minute: [u8; 17],
    /// When that minute began; `None` while there is none.
    begin: Option<i64>,
}

impl Clock {
    /// As [`parse`].
    #[inline]
    pub fn parse(&mut self, text: &str) -> Option<Moment> {
        self.in_minute(text.as_bytes()).or_else(|| self.learn(text))
    }

    #[inline]
    fn in_minute(&self, text: &[u8]) -> Option<Moment> {
        let (minute, rest) = text.split_first_chunk::<17>()?;
        let begin = self.begin.filter(|_| *minute == self.minute)?;
        let (seconds, nanos) = match rest {
            [tens, ones, b'Z'] => (two_digits(*tens, *ones)?, 0),
            [tens, ones, b'.', fraction @ .., b'Z'] if matches!(fraction.len(), 1..=9) => {
                let mut nanos = 0;
                for digit in fraction {
                    nanos = nanos * 10 + u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
                }
                (two_digits(*tens, *ones)?, nanos * 10u32.pow(9 - fraction.len() as u32))
            }
            _ => return None,
        };
        // Leap seconds and nonsense are left to the general way.
        (seconds < 60).then_some(Moment { seconds: begin + seconds, nanos })
    }

    #[cold]
    fn learn(&mut self, text: &str) -> Option<Moment> {
        let moment = parse(text)?;
        if let Some((minute, rest)) = text.as_bytes().split_first_chunk::<17>()
            && minute[10] == b'T'
            && minute[16] == b':'
            && rest.last() == Some(&b'Z')
            && let [tens, ones, ..] = rest
            && let Some(seconds) = two_digits(*tens, *ones)
        {
            (self.minute, self.begin) = (*minute, Some(moment.seconds - seconds));
        }
        Some(moment)
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

fn epoch_millis(text: &str) -> Option<Moment> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let moment = Moment::from_millis(whole.parse().ok()?);
    if fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: u32 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some(Moment { nanos: moment.nanos + nanos * 10u32.pow(6 - fraction.len() as u32), ..moment })
}

fn iso(text: &[u8]) -> Option<Moment> {
    let mut cursor = Cursor { rest: text };
    let year = cursor.number(4)?;
    let month = if cursor.skip(b"-") { cursor.number(2)? } else { 1 };
    let day = if text.len() > 7 && cursor.skip(b"-") { cursor.number(2)? } else { 1 };
    let days = days(i64::from(year), month, day)?;
    let mut time = Moment { seconds: days * 86_400, nanos: 0 };
    if cursor.skip(b"Tt ") && !cursor.rest.is_empty() {
        let (hour, mut minute, mut second) = (cursor.number(2)?, 0, 0);
        if cursor.skip(b":") {
            minute = cursor.number(2)?;
            if cursor.skip(b":") {
                second = cursor.number(2)?;
                if cursor.skip(b".,") {
                    time.nanos = cursor.fraction()?;
                }
            }
        }
        // A leap second is the one after.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        time.seconds += i64::from(hour * 3600 + minute * 60 + second) - cursor.zone()?;
    }
    cursor.rest.is_empty().then_some(time)
}

struct Cursor<'t> {
    rest: &'t [u8],
}

impl Cursor<'_> {
    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.rest.first().is_some_and(|byte| any.contains(byte));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    }

    /// Nanoseconds of up to nine digits.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 9 {
            return None;
        }
        Some(self.number(digits)? * 10u32.pow(9 - digits as u32))
    }

    /// Seconds east of UTC: nothing, `Z`, `+01`, `+0100` or `+01:00`.
    fn zone(&mut self) -> Option<i64> {
        if self.rest.is_empty() || self.skip(b"Zz") {
            return Some(0);
        }
        let west = self.rest.first() == Some(&b'-');
        if !self.skip(b"+-") {
            return None;
        }
        let hour = self.number(2)?;
        let minute = if self.skip(b":") || !self.rest.is_empty() { self.number(2)? } else { 0 };
        if hour > 18 || minute > 59 {
            return None;
        }
        let seconds = i64::from(hour * 3600 + minute * 60);
        Some(if west { -seconds } else { seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_form() {
        for (text, seconds, nanos) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2024", 1_704_067_200, 0),
            ("2024-02", 1_706_745_600, 0),
            ("2024-02-29", 1_709_164_800, 0),
            ("2024-02-29T", 1_709_164_800, 0),
            ("2024-02-29T12", 1_709_208_000, 0),
            ("2024-02-29T12:30", 1_709_209_800, 0),
            ("2024-02-29T12:30:15.5+02:00", 1_709_202_615, 500_000_000),
            ("2024-02-29T12:30:15,123456789-0530", 1_709_229_615, 123_456_789),
            ("2024-02-29 12:30:15.000001Z", 1_709_209_815, 1_000),
            ("1969-12-31T23:59:59.999Z", -1, 999_000_000),
            ("1709209815123", 1_709_209_815, 123_000_000),
            ("1709209815123.25", 1_709_209_815, 123_250_000),
            ("-1", -1, 999_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ] {
            assert_eq!(parse(text), Some(Moment { seconds, nanos }), "{text}");
        }
    }

    #[test]
    fn a_clock_reads_what_parsing_reads() {
        let mut clock = Clock::default();
        let minutes = ["2024-02-29T12:30:", "2024-02-29T12:31:", "1969-12-31T23:59:", "2024-02-29 12:31:"];
        let seconds = [
            "00Z",
            "59.1Z",
            "07.123456789Z",
            "60Z",
            "61Z",
            "5Z",
            "0x.1Z",
            "07.",
            "07.Z",
            "07.1234567890Z",
            "07+02:00",
            "",
        ];
        for text in minutes.iter().flat_map(|minute| seconds.map(|second| format!("{minute}{second}"))) {
            assert_eq!(clock.parse(&text), parse(&text), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "x",
            "2024-13-01",
            "2023-02-29",
            "2024-1-1",
            "2024-01-01T25:00",
            "2024-01-01T10:00:00.",
            "2024-01-01TZ",
            "2024-01-01T10:00:00 UTC",
            "2024-01-01T10:00:00.1234567890Z",
            "20240101T",
            "2024-01-01Z",
            "12.1234567",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
