//! Look-backs and intervals as Elastic writes them: `now-9m`, `now-1d/d`, `5m`.
//!
//! Date math rounds *down*, so `now-1d/d` looks back at least one day and at most two. A rule here has one fixed
//! look-back; it gets the longest, since missing an event is worse than seeing it twice, and the rule says so.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A look-back, and whether it is longer than the rule's own at some times of the day or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LookBack {
    pub length: Duration,
    pub widened: bool,
}

/// Seconds of a unit, and whether all such units are that long. Case counts: `m` is minutes, `M` months.
fn unit(letter: char) -> Option<(u64, bool)> {
    Some(match letter {
        's' => (1, true),
        'm' => (MINUTE, true),
        'h' | 'H' => (HOUR, true),
        'd' => (DAY, true),
        'w' => (7 * DAY, true),
        'M' => (31 * DAY, false),
        'y' => (366 * DAY, false),
        _ => return None,
    })
}

/// How far before now a date-math expression lies; `None` if it is no such expression or not in the past.
pub(super) fn look_back(text: &str) -> Option<LookBack> {
    let mut rest = text.trim().strip_prefix("now")?;
    let mut seconds: i64 = 0;
    let mut widened = false;
    while let Some(sign) = rest.chars().next().filter(|sign| matches!(sign, '+' | '-')) {
        let (count, letter, tail) = amount(rest.get(1..)?)?;
        let (length, exact) = unit(letter)?;
        let change = i64::try_from(count.checked_mul(length)?).ok()?;
        seconds = if sign == '-' { seconds.checked_add(change)? } else { seconds.checked_sub(change)? };
        widened |= !exact;
        rest = tail;
    }
    if let Some(rounding) = rest.strip_prefix('/') {
        let mut letters = rounding.chars();
        let (length, _) = unit(letters.next()?)?;
        rest = letters.as_str();
        seconds = seconds.checked_add(i64::try_from(length).ok()?)?;
        widened = true;
    }
    let seconds = u64::try_from(seconds).ok().filter(|&seconds| seconds > 0 && rest.is_empty())?;
    Some(LookBack { length: Duration::from_secs(seconds), widened })
}

/// A length such as `5m`, in seconds, minutes, hours or days; `None` for others and for zero.
pub(super) fn interval(text: &str) -> Option<Duration> {
    let (count, letter, rest) = amount(text.trim())?;
    let (length, _) = unit(letter).filter(|_| matches!(letter, 's' | 'm' | 'h' | 'd'))?;
    let seconds = count.checked_mul(length).filter(|&seconds| seconds > 0 && rest.is_empty())?;
    Some(Duration::from_secs(seconds))
}

/// A number (1 where there is none), a letter, and what follows.
fn amount(text: &str) -> Option<(u64, char, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    let count = if number.is_empty() { 1 } else { number.parse().ok()? };
    let mut letters = rest.chars();
    Some((count, letters.next()?, letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_backs() {
        for (text, seconds, widened) in [
            ("now-9m", 540, false),
            ("now-24h", 86_400, false),
            ("now-7205m", 432_300, false),
            ("now-1d/d", 172_800, true),
            ("now-1h-30m", 5_400, false),
            ("now-2h+30m", 5_400, false),
            ("now/d", 86_400, true),
            ("now-1M", 2_678_400, true),
            ("now-d", 86_400, false),
        ] {
            let expected = LookBack { length: Duration::from_secs(seconds), widened };
            assert_eq!(look_back(text), Some(expected), "{text}");
        }
        for text in ["", "now", "now+5m", "now-5x", "now-5m5", "9m", "now-99999999999999999999d", "now-5", "now-5m/"] {
            assert_eq!(look_back(text), None, "{text}");
        }
    }

    #[test]
    fn intervals() {
        assert_eq!(interval("5m"), Some(Duration::from_secs(300)));
        assert_eq!(interval("1h"), Some(Duration::from_secs(3600)));
        for text in ["", "0m", "5", "5M", "5m ago", "-5m"] {
            assert_eq!(interval(text), None, "{text}");
        }
    }
}
