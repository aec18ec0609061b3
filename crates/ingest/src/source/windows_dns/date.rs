//! Dates as the locale of a Windows server writes them.
//!
//! The order of day, month and year is not written anywhere. It follows from the separator, from a part that is no
//! month, from leading zeros, or from the lines being in order of time under one reading only; what is still open is
//! taken as the United States write it, and said.

use crate::{
    source::{Head, lines},
    time::days,
};

/// The order of a date's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

/// A date and time as numbers, in the order they are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    parts: [i64; 3],
    separator: u8,
    /// Whether a part below ten has a leading zero, and whether one has not.
    padded: bool,
    bare: bool,
    /// Seconds since midnight.
    clock: i64,
    half_days: bool,
}

/// Lines of a head that are looked at.
const SAMPLE: usize = 20_000;

impl Order {
    /// The order in a log, and what had to be assumed.
    pub fn infer(head: &Head<'_>) -> (Order, Vec<String>) {
        let dates: Vec<Written> =
            lines::head_lines(head).filter_map(|line| Some(written(line)?.0)).take(SAMPLE).collect();
        let Some(first) = dates.first() else { return (Order::MonthDayYear, Vec::new()) };
        if first.parts[0] > 31 {
            return (Order::YearMonthDay, Vec::new());
        }
        let orders = [Order::MonthDayYear, Order::DayMonthYear];
        let possible: Vec<_> =
            orders.into_iter().filter(|order| dates.iter().all(|date| order.seconds(date).is_some())).collect();
        if let &[order] = &possible[..] {
            return (order, Vec::new());
        }
        let ascends = |order: &Order| {
            let times: Vec<_> = dates.iter().filter_map(|date| order.seconds(date)).collect();
            // Threads write side by side, so neighbours may be out of order by seconds, never by days.
            times.is_sorted_by(|one, next| *one <= next + 3600)
        };
        let months_apart = dates.iter().any(|date| date.parts[..2] != first.parts[..2]);
        let ascending: Vec<_> = orders.into_iter().filter(ascends).collect();
        if let &[order] = &ascending[..]
            && months_apart
        {
            return (order, Vec::new());
        }
        match first.separator {
            b'.' | b'-' => (Order::DayMonthYear, Vec::new()),
            _ => {
                let day_first =
                    !dates.iter().any(|date| date.half_days || date.bare) && dates.iter().any(|date| date.padded);
                let (order, name) =
                    if day_first { (Order::DayMonthYear, "day/month") } else { (Order::MonthDayYear, "month/day") };
                (order, vec![format!("its dates may be read in two ways: they are taken as {name}")])
            }
        }
    }

    /// Seconds since the epoch, local time as if it were UTC.
    fn seconds(self, date: &Written) -> Option<i64> {
        let [a, b, c] = date.parts;
        let (year, month, day) = match self {
            Order::MonthDayYear => (c, a, b),
            Order::DayMonthYear => (c, b, a),
            Order::YearMonthDay => (a, b, c),
        };
        let year = if year < 100 { year + 2000 } else { year };
        let day = days(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
        Some(day * 86_400 + date.clock)
    }

    /// The time at the beginning of a line in seconds since the epoch, and what follows it.
    pub fn read(self, line: &[u8]) -> Option<(i64, &[u8])> {
        let (date, rest) = written(line)?;
        Some((self.seconds(&date)?, rest))
    }
}

/// Reads `7/9/2013 9:52:23 AM`, `09.07.2013 09:52:23`, `2013-07-09 09:52:23`.
fn written(line: &[u8]) -> Option<(Written, &[u8])> {
    let mut cursor = Cursor { rest: line, padded: false, bare: false };
    let first = cursor.number()?;
    let separator = *cursor.rest.first().filter(|byte| matches!(byte, b'/' | b'.' | b'-'))?;
    cursor.skip(separator)?;
    let second = cursor.number()?;
    cursor.skip(separator)?;
    let third = cursor.number()?;
    // Some locales end the date with a full stop.
    let _ = cursor.skip(b'.');
    let (padded, bare) = (cursor.padded, cursor.bare);
    cursor.skip(b' ')?;
    let hour = cursor.number()?;
    let divider = *cursor.rest.first().filter(|byte| matches!(byte, b':' | b'.'))?;
    cursor.skip(divider)?;
    let minute = cursor.number()?;
    cursor.skip(divider)?;
    let second_of_minute = cursor.number()?;
    let mut rest = cursor.rest;
    let half = [(&b" AM"[..], 0), (b" PM", 12), (b" am", 0), (b" pm", 12), (b" a.m.", 0), (b" p.m.", 12)]
        .into_iter()
        .find(|(mark, _)| rest.starts_with(mark));
    let hour = match half {
        Some((mark, add)) if (1..=12).contains(&hour) => {
            rest = &rest[mark.len()..];
            hour % 12 + add
        }
        Some(_) => return None,
        None => hour,
    };
    if hour > 23 || minute > 59 || second_of_minute > 60 || rest.first().is_some_and(|byte| *byte != b' ') {
        return None;
    }
    let clock = hour * 3600 + minute * 60 + second_of_minute;
    let parts = [first, second, third];
    Some((Written { parts, separator, padded, bare, clock, half_days: half.is_some() }, rest))
}

struct Cursor<'l> {
    rest: &'l [u8],
    padded: bool,
    bare: bool,
}

impl Cursor<'_> {
    fn skip(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    /// Up to four digits.
    fn number(&mut self) -> Option<i64> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=4).contains(&length) {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.padded |= length == 2 && digits[0] == b'0';
        self.bare |= length == 1;
        self.rest = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn infer(lines: &[&str]) -> (Order, usize) {
        let text = lines.join("\r\n");
        let head = Head { bytes: text.as_bytes(), whole: true, path: Path::new("dns.log") };
        let (order, notes) = Order::infer(&head);
        (order, notes.len())
    }

    #[test]
    fn the_order_follows_from_the_head() {
        for (lines, order, notes) in [
            (&["7/19/2013 9:52:23 AM 0E54 PACKET"][..], Order::MonthDayYear, 0),
            (&["19/7/2013 9:52:23 AM 0E54 PACKET"], Order::DayMonthYear, 0),
            (&["7/9/2013 9:52:23 AM x", "7/13/2013 9:52:23 AM x"], Order::MonthDayYear, 0),
            (&["07.09.2013 09:52:23 x"], Order::DayMonthYear, 0),
            (&["07-09-2013 09:52:23 x"], Order::DayMonthYear, 0),
            (&["2013-09-07 09:52:23 x"], Order::YearMonthDay, 0),
            (&["2013/09/07 9:52:23 x"], Order::YearMonthDay, 0),
            // The first of February comes after the last of January.
            (&["1/12/2013 9:52:23 AM x", "2/1/2013 9:52:23 AM x"], Order::MonthDayYear, 0),
            (&["12/01/2013 09:52:23 x", "01/02/2013 09:52:23 x"], Order::DayMonthYear, 0),
            // Nothing tells.
            (&["7/9/2013 9:52:23 AM x"], Order::MonthDayYear, 1),
            (&["07/09/2013 09:52:23 x"], Order::DayMonthYear, 1),
            (&["no date at all"], Order::MonthDayYear, 0),
        ] {
            assert_eq!(infer(lines), (order, notes), "{lines:?}");
        }
    }

    #[test]
    fn times_are_read_in_every_form() {
        // 2013-07-09T21:52:23Z
        let time = 1_373_406_743;
        for (line, order) in [
            ("7/9/2013 9:52:23 PM 0E54", Order::MonthDayYear),
            ("09/07/2013 21:52:23 0E54", Order::DayMonthYear),
            ("09.07.2013 21:52:23 0E54", Order::DayMonthYear),
            ("9. 7. 2013 21:52:23 0E54", Order::DayMonthYear),
            ("2013-07-09 21:52:23 0E54", Order::YearMonthDay),
            ("9/07/2013 9:52:23 p.m. 0E54", Order::DayMonthYear),
            ("20130709 21:52:23 0E54", Order::YearMonthDay),
        ] {
            let found = order.read(line.as_bytes());
            if line.starts_with("9. 7") || line.starts_with("2013070") {
                assert_eq!(found, None, "{line}");
            } else {
                assert_eq!(found, Some((time, &b" 0E54"[..])), "{line}");
            }
        }
        assert_eq!(Order::MonthDayYear.read(b"7/9/2013 12:00:00 AM x"), Some((1_373_328_000, &b" x"[..])));
        for line in ["", "7/9", "7/9/2013", "7/9/2013 25:00:00 x", "7/9/2013 13:00:00 PM x", "13/13/2013 1:00:00 x"] {
            assert_eq!(Order::MonthDayYear.read(line.as_bytes()), None, "{line}");
        }
    }
}
