//! Dates as text, by a pattern.

use super::{
    civil::Civil,
    instant,
    parts::Parts,
    pattern::{Item, Pattern},
    texts,
};
use std::fmt::Write;

/// Appends a date in UTC.
pub(super) fn print(pattern: &Pattern, parts: &Parts, out: &mut String) {
    if let Some(items) = pattern.alternatives.first() {
        print_items(items, parts, out);
    }
}

fn print_items(items: &[Item], parts: &Parts, out: &mut String) {
    for item in items {
        match item {
            Item::Literal(text) => out.push_str(text),
            Item::Field(letter, count) => print_field(*letter, *count, parts, out),
            Item::Optional(items) => print_items(items, parts, out),
            Item::Iso => out.push_str(&instant::print_millis(millis(parts))),
            Item::EpochMillis => number(millis(parts), 1, out),
            Item::EpochSecond => number(parts.days * 86_400 + parts.second, 1, out),
        }
    }
}

fn millis(parts: &Parts) -> i64 {
    (parts.days * 86_400 + parts.second).saturating_mul(1_000).saturating_add(parts.nano / 1_000_000)
}

fn number(value: i64, width: usize, out: &mut String) {
    // Writing to a string does not fail.
    let _ = match value {
        ..0 => write!(out, "-{:0width$}", value.unsigned_abs()),
        _ => write!(out, "{value:0width$}"),
    };
}

fn print_field(letter: char, count: usize, parts: &Parts, out: &mut String) {
    let Civil { year, month, day } = parts.date;
    let year_of_era = if year > 0 { year } else { 1 - year };
    match letter {
        'u' => print_year(year, count, out),
        'y' => print_year(year_of_era, count, out),
        'Y' => print_year(us_week(parts).0, count, out),
        'M' | 'L' if count >= 3 => out.push_str(cut(texts::month(month), count)),
        'E' => out.push_str(cut(texts::weekday(parts.weekday()), count.max(3))),
        'e' | 'c' if count >= 3 => out.push_str(cut(texts::weekday(parts.weekday()), count)),
        'e' | 'c' => number(parts.weekday() % 7 + 1, count, out),
        'G' => out.push_str(if year > 0 { "AD" } else { "BC" }),
        'a' => out.push_str(if parts.hour() < 12 { "AM" } else { "PM" }),
        'Q' | 'q' if count == 3 => drop(write!(out, "Q{}", (month + 2) / 3)),
        'S' => {
            let digits = format!("{:09}", parts.nano);
            let _ = write!(out, "{:0<count$}", &digits[..count.min(9)]);
        }
        'X' | 'V' | 'z' | 'v' => out.push('Z'),
        'x' | 'Z' => out.push_str(match (letter, count) {
            ('Z', 5) => "Z",
            ('Z', 4) => "GMT",
            ('x', 1) => "+00",
            ('x', 3 | 5) => "+00:00",
            _ => "+0000",
        }),
        'O' => out.push_str("GMT"),
        _ => {
            let value = match letter {
                'M' | 'L' => month,
                'd' => day,
                'D' => parts.date.day_of_year(),
                'Q' | 'q' => (month + 2) / 3,
                'w' => us_week(parts).1,
                'W' => (day + (parts.weekday() - day).rem_euclid(7) - 1) / 7 + 1,
                'F' => (day - 1) / 7 + 1,
                'h' => (parts.hour() + 11) % 12 + 1,
                'K' => parts.hour() % 12,
                'k' => (parts.hour() + 23) % 24 + 1,
                'H' => parts.hour(),
                'm' => parts.minute(),
                's' => parts.second_of_minute(),
                'A' => parts.nano_of_day() / 1_000_000,
                'n' => parts.nano,
                _ => parts.nano_of_day(),
            };
            number(value, count, out);
        }
    }
}

fn print_year(year: i64, count: usize, out: &mut String) {
    match count {
        2 => number(year.rem_euclid(100), 2, out),
        4 if year > 9_999 => drop(write!(out, "+{year}")),
        _ => number(year, count, out),
    }
}

/// A name cut to three letters, in full for four, to its first for five.
fn cut(name: &str, count: usize) -> &str {
    let letters = match count {
        3 => 3,
        5 => 1,
        _ => name.len(),
    };
    name.get(..letters).unwrap_or(name)
}

/// The year and number of the week in the United States' calendar, the language of the session: weeks start on Sunday,
/// and the first holds the first of January.
fn us_week(parts: &Parts) -> (i64, i64) {
    let start = |year| {
        let first = Civil { year, month: 1, day: 1 }.days();
        first - super::civil::weekday(first) % 7
    };
    let year = parts.date.year;
    let year = if parts.days >= start(year + 1) { year + 1 } else { year };
    (year, (parts.days - start(year)) / 7 + 1)
}
