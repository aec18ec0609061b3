//! Text as dates, by a pattern.

use super::{
    civil::{Civil, days_in_month},
    instant,
    pattern::{Item, Pattern},
    texts,
};
use jiff::{
    civil::DateTime,
    tz::{Offset, TimeZone},
};

/// Milliseconds since the epoch; `None` where the text does not fit the pattern as a whole.
pub(super) fn read(pattern: &Pattern, text: &str, zone: &TimeZone) -> Option<i64> {
    pattern.alternatives.iter().find_map(|items| match items.as_slice() {
        [Item::Iso] => instant::parse_millis(text).ok(),
        [Item::EpochMillis] => epoch(text, 1),
        [Item::EpochSecond] => epoch(text, 1_000),
        items => {
            let (found, rest) = Found::default().items(items, text)?;
            if rest.is_empty() { found.millis(zone) } else { None }
        }
    })
}

/// A zone by its IANA name, or by its offset from UTC.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "Z" | "UTC" | "GMT" | "UT" => Some(TimeZone::UTC),
        name if name.starts_with(['+', '-']) => {
            let (seconds, rest) = offset(name)?;
            let offset = rest.is_empty().then(|| Offset::from_seconds(seconds).ok())??;
            Some(TimeZone::fixed(offset))
        }
        name => TimeZone::get(name).ok(),
    }
}

fn epoch(text: &str, unit: i64) -> Option<i64> {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.checked_mul(unit);
    }
    let number: f64 = text.parse().ok()?;
    let millis = number * unit as f64;
    (millis.abs() < 9e18).then_some(millis.floor() as i64)
}

/// What has been read so far.
#[derive(Clone, Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    /// The hour of half a day, 0 to 11.
    half_hour: Option<i64>,
    afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    nano: Option<i64>,
    zone: Option<TimeZone>,
}

impl Found {
    fn items<'t>(mut self, items: &[Item], mut text: &'t str) -> Option<(Found, &'t str)> {
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Literal(literal) => text = text.strip_prefix(literal.as_str())?,
                Item::Field(letter, count) => {
                    let reserved = reserved(items.get(at + 1..).unwrap_or_default());
                    text = self.field(*letter, *count, text, reserved)?;
                }
                Item::Optional(inner) => {
                    if let Some((found, rest)) = self.clone().items(inner, text) {
                        (self, text) = (found, rest);
                    }
                }
                Item::Iso | Item::EpochMillis | Item::EpochSecond => return None,
            }
        }
        Some((self, text))
    }

    /// Reads one field; returns the text after it.
    fn field<'t>(&mut self, letter: char, count: usize, text: &'t str, reserved: usize) -> Option<&'t str> {
        match letter {
            'M' | 'L' if count >= 3 => {
                let (month, length) = texts::read_month(text, if count == 3 { 3 } else { usize::MAX })?;
                self.month = Some(month);
                return text.get(length..);
            }
            'E' => {
                let (_, length) = texts::read_weekday(text, if count <= 3 { 3 } else { usize::MAX })?;
                return text.get(length..);
            }
            'a' => {
                let half = text.get(..2)?;
                self.afternoon = Some(half.eq_ignore_ascii_case("PM"));
                return (self.afternoon == Some(true) || half.eq_ignore_ascii_case("AM")).then(|| &text[2..]);
            }
            'G' => return text.strip_prefix("AD"),
            'X' | 'x' | 'Z' | 'V' | 'z' | 'v' | 'O' => return self.read_zone(text),
            'S' => {
                let (value, rest) = digits(text, count, count)?;
                let nanos =
                    if count <= 9 { value * 10i64.pow(9 - count as u32) } else { value / 10i64.pow(count as u32 - 9) };
                self.nano = Some(nanos);
                return Some(rest);
            }
            _ => {}
        }
        let (least, most) = match (letter, count) {
            (_, 1) => (1, 19),
            ('u' | 'y' | 'Y', count @ 3..) => (count, 19),
            (_, count) => (count, count),
        };
        let digit_count = text.bytes().take_while(u8::is_ascii_digit).count();
        let most = most.min(digit_count.saturating_sub(reserved).max(least));
        let (mut value, rest) = digits(text, least, most)?;
        let slot = match letter {
            'u' | 'y' | 'Y' => {
                value += if count == 2 { 2_000 } else { 0 };
                &mut self.year
            }
            'M' | 'L' => &mut self.month,
            'd' => &mut self.day,
            'D' => &mut self.day_of_year,
            'H' => &mut self.hour,
            'k' => {
                value %= 24;
                &mut self.hour
            }
            'h' => {
                value = if (1..=12).contains(&value) { value % 12 } else { return None };
                &mut self.half_hour
            }
            'K' => &mut self.half_hour,
            'm' => &mut self.minute,
            's' => &mut self.second,
            'n' => &mut self.nano,
            // Weeks, quarters and the like say nothing that a date needs.
            _ => return Some(rest),
        };
        *slot = Some(value);
        Some(rest)
    }

    fn read_zone<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if text.starts_with(['+', '-']) {
            let (seconds, rest) = offset(text)?;
            self.zone = Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?));
            return Some(rest);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        self.zone = Some(zone(&text[..end])?);
        Some(&text[end..])
    }

    fn millis(&self, zone: &TimeZone) -> Option<i64> {
        let year = self.year.unwrap_or(1970);
        let date = match self.day_of_year {
            Some(day) if self.month.is_none() => {
                let date = Civil::of_days(Civil { year, month: 1, day: 1 }.days() + day - 1);
                if day < 1 || date.year != year {
                    return None;
                }
                date
            }
            _ => Civil { year, month: self.month.unwrap_or(1), day: self.day.unwrap_or(1) },
        };
        let half = |hour: i64| hour + if self.afternoon == Some(true) { 12 } else { 0 };
        let hour = self.hour.or(self.half_hour.filter(|hour| *hour < 12).map(half)).unwrap_or(0);
        let (minute, second) = (self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let nano = self.nano.unwrap_or(0);
        let is_time = hour < 24 && minute < 60 && second < 60 && nano < 1_000_000_000;
        if !(1..=12).contains(&date.month) || !(1..=days_in_month(year, date.month)).contains(&date.day) || !is_time {
            return None;
        }
        let zone = self.zone.as_ref().unwrap_or(zone);
        let seconds = date.days().checked_mul(86_400)?.checked_add(hour * 3_600 + minute * 60 + second)?;
        let local = seconds.checked_mul(1_000)?.checked_add(nano / 1_000_000)?;
        if *zone == TimeZone::UTC {
            return Some(local);
        }
        let short = |value: i64| i8::try_from(value).ok();
        let civil = DateTime::new(
            i16::try_from(date.year).ok()?,
            short(date.month)?,
            short(date.day)?,
            short(hour)?,
            short(minute)?,
            short(second)?,
            i32::try_from(nano).ok()?,
        );
        zone.to_timestamp(civil.ok()?).ok().map(|time| time.as_millisecond())
    }
}

/// How many digits the numbers directly after one take for themselves.
fn reserved(items: &[Item]) -> usize {
    let fixed = items.iter().map_while(|item| match item {
        Item::Field('S', count) => Some(*count),
        Item::Field(letter, 2) if "uyMLdHhkKms".contains(*letter) => Some(2),
        Item::Field('D', 3) => Some(3),
        _ => None,
    });
    fixed.sum()
}

/// A number of so many digits.
fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least || count > 18 {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}

/// Seconds east of Greenwich: `+02`, `+0200`, `+02:00`.
fn offset(text: &str) -> Option<(i32, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = digits(text.get(1..)?, 2, 2)?;
    let (minutes, rest) = match digits(rest.strip_prefix(':').unwrap_or(rest), 2, 2) {
        Some((minutes, rest)) => (minutes, rest),
        None => (0, rest),
    };
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
    (minutes < 60).then_some((sign * seconds, rest))
}
