//! Spans of time as Sigma writes them: `15s`, `90m`, `7d`.

/// Seconds in each unit. Months and years are those of pySigma, a twelfth of a year and a year of the Gregorian calendar.
const UNITS: &[(char, u64)] =
    &[('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800), ('M', 2_629_746), ('y', 31_556_952)];

/// In seconds; `None` for what is no span of time, and for none.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let unit = text.chars().next_back()?;
    let (_, length) = UNITS.iter().find(|(letter, _)| *letter == unit)?;
    let digits = text.strip_suffix(unit)?.trim_end();
    let count: u64 = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    count.checked_mul(*length).filter(|&seconds| seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn spans_of_time() {
        for (text, expected) in [
            ("15s", Some(15)),
            ("90m", Some(5_400)),
            ("7d", Some(604_800)),
            ("1M", Some(2_629_746)),
            ("", None),
            ("m", None),
            ("0s", None),
            ("+5s", None),
            ("5", None),
            ("5x", None),
            ("99999999999999999999d", None),
            ("9999999999999999d", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
