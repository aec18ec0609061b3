//! One value of a Zeek record, from either encoding.

use super::header::Header;
use crate::source::raw;
use std::borrow::Cow;

/// What kind of value a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Boolean,
    Integer,
    Decimal,
    Time,
    Text,
}

/// A value as the record has it.
#[derive(Clone, Copy, Debug, Default)]
pub enum Cell<'a> {
    #[default]
    Missing,
    /// What stands between two separators.
    Tsv(&'a str),
    /// A JSON value.
    Json(&'a str),
}

/// A value that is there, with the header that tells how to read it.
#[derive(Clone, Copy, Debug)]
pub struct Value<'h, 'a> {
    cell: Cell<'a>,
    header: &'h Header,
}

impl<'h, 'a> Value<'h, 'a> {
    /// None if the value is absent or unset.
    pub fn of(cell: Cell<'a>, header: &'h Header) -> Option<Self> {
        let unset = match cell {
            Cell::Missing => true,
            Cell::Tsv(text) => text == header.unset_field,
            Cell::Json(json) => json == "null",
        };
        (!unset).then_some(Value { cell, header })
    }

    /// The value as text. Zeek's escapes are undone as far as the result is UTF-8.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.cell {
            Cell::Tsv(text) if text == self.header.empty_field => Some(Cow::Borrowed("")),
            Cell::Tsv(text) => Some(unescaped(text)),
            Cell::Json(json) => raw::text(json),
            Cell::Missing => None,
        }
    }

    /// A number without sign.
    pub fn number(self) -> Option<u64> {
        match self.cell {
            Cell::Tsv(text) => decimal(text.as_bytes()),
            Cell::Json(json) => raw::unsigned(json),
            Cell::Missing => None,
        }
    }

    /// A time, or an interval in seconds, as nanoseconds.
    pub fn nanos(self) -> Option<i64> {
        match self.cell {
            Cell::Tsv(text) => time_or_seconds(text),
            Cell::Json(json) => time_or_seconds(&raw::text(json)?),
            Cell::Missing => None,
        }
    }

    pub fn decimal(self) -> Option<f64> {
        self.text()?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    pub fn boolean(self) -> Option<bool> {
        match self.cell {
            Cell::Tsv("T") | Cell::Json("\"T\"") => Some(true),
            Cell::Tsv("F") | Cell::Json("\"F\"") => Some(false),
            Cell::Json(json) => raw::boolean(json),
            _ => None,
        }
    }

    /// The elements of a set or vector that are set.
    pub fn elements(self) -> Vec<Value<'h, 'a>> {
        let value = |cell| Value::of(cell, self.header);
        match self.cell {
            Cell::Tsv(text) if text == self.header.empty_field => Vec::new(),
            Cell::Tsv(text) => text.split(&self.header.set_separator).map(Cell::Tsv).filter_map(value).collect(),
            Cell::Json(json) => raw::elements(json).into_iter().map(Cell::Json).filter_map(value).collect(),
            Cell::Missing => Vec::new(),
        }
    }
}

/// Undoes `\xNN` and `\\`. Bytes that are not UTF-8 keep reading `\xNN`, as Zeek's JSON writer has them.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'\\', [b'x', high, low, behind @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                plain.push(hex(*high) << 4 | hex(*low));
                rest = behind;
            }
            (b'\\', [b'\\', behind @ ..]) => {
                plain.push(b'\\');
                rest = behind;
            }
            _ => plain.push(byte),
        }
    }
    match String::from_utf8(plain) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(escaped(error.as_bytes()).into_owned()),
    }
}

/// Bytes as text; those that are not UTF-8 read `\xNN`.
pub fn escaped(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for part in bytes.utf8_chunks() {
        text.push_str(part.valid());
        part.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    Cow::Owned(text)
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// A number of digits only.
fn decimal(digits: &[u8]) -> Option<u64> {
    // So many digits cannot overflow.
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    let (words, tail) = digits.as_chunks::<8>();
    let mut number = 0;
    for word in words {
        number = number * 100_000_000 + eight_digits(u64::from_le_bytes(*word))?;
    }
    for byte in tail {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u64::from(digit);
    }
    Some(number)
}

/// The number of eight digits, the first in the lowest byte: pairs are put together, then pairs of those, and again.
fn eight_digits(word: u64) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let digits = word.wrapping_sub(0x30 * ONES);
    // A byte that is no digit is beyond nine, or makes its neighbours so.
    if (digits | digits.wrapping_add(0x76 * ONES)) & (0x80 * ONES) != 0 {
        return None;
    }
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// Seconds since the epoch or of an interval, or an ISO 8601 time, in nanoseconds.
fn time_or_seconds(text: &str) -> Option<i64> {
    seconds(text.as_bytes()).or_else(|| crate::time::parse(text)?.nanos())
}

/// `1547188415.857497` without the detour over a float, which would lose the last digits; digits behind the ninth are
/// cut off.
fn seconds(bytes: &[u8]) -> Option<i64> {
    let (negative, bytes) = match bytes {
        [b'-', bytes @ ..] => (true, bytes),
        _ => (false, bytes),
    };
    let nanos = plain_seconds(bytes).or_else(|| scientific(bytes))?;
    Some(if negative { -nanos } else { nanos })
}

fn plain_seconds(bytes: &[u8]) -> Option<i64> {
    let point = bytes.iter().position(|byte| *byte == b'.').unwrap_or(bytes.len());
    let (whole, fraction) = (bytes.get(..point)?, bytes.get(point + 1..).unwrap_or_default());
    let (kept, cut) = fraction.split_at(fraction.len().min(9));
    let nanos = if kept.is_empty() { 0 } else { decimal(kept)? } as i64 * 10i64.pow(9 - kept.len() as u32);
    let whole = i64::try_from(decimal(whole)?).ok()?.checked_mul(1_000_000_000)?.checked_add(nanos)?;
    cut.iter().all(u8::is_ascii_digit).then_some(whole)
}

/// `1.5e9`, as some JSON writers print numbers.
fn scientific(bytes: &[u8]) -> Option<i64> {
    let exponent = memchr::memchr2(b'e', b'E', bytes)?;
    let (digits, _) = (bytes.get(..exponent)?, bytes.get(exponent + 1)?);
    digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.').then_some(())?;
    let seconds: f64 = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    (seconds < 9.2e9).then_some((seconds * 1e9).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_make_a_number() {
        for number in [0, 7, 99_999_999, 12_345_678, 100_000_000, 1_234_567_890_123_456_789] {
            assert_eq!(decimal(number.to_string().as_bytes()), Some(number));
        }
        for at in 0..17 {
            for byte in 0..=255_u8 {
                let mut digits = *b"12345678901234567";
                digits[at] = byte;
                let expected =
                    std::str::from_utf8(&digits).ok().filter(|_| byte != b'+').and_then(|text| text.parse().ok());
                assert_eq!(decimal(&digits), expected, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn seconds_are_exact() {
        for (text, nanos) in [
            ("1547188415.857497", Some(1_547_188_415_857_497_000)),
            ("0.076967", Some(76_967_000)),
            ("60", Some(60_000_000_000)),
            ("-1.5", Some(-1_500_000_000)),
            ("1.1234567899", Some(1_123_456_789)),
            ("1.5e9", Some(1_500_000_000_000_000_000)),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("nan", None),
            ("99999999999999999999", None),
            ("2019-01-11T06:33:35.857497Z", Some(1_547_188_415_857_497_000)),
        ] {
            assert_eq!(time_or_seconds(text), nanos, "{text}");
        }
    }

    #[test]
    fn escapes_are_undone_where_that_gives_text() {
        for (raw, expected) in [
            (&b"plain.example"[..], "plain.example"),
            (b"\\x2d", "-"),
            (b"a\\x09b", "a\tb"),
            (b"back\\\\slash", "back\\slash"),
            (b"caf\\xc3\\xa9", "café"),
            (b"\\xbe\\xeF.t.example", "\\xbe\\xef.t.example"),
            (b"\xff", "\\xff"),
            (b"\\x2", "\\x2"),
        ] {
            assert_eq!(unescaped(&escaped(raw)), expected);
        }
    }

    #[test]
    fn unset_and_empty_differ() {
        let header = Header::default();
        assert!(Value::of(Cell::Tsv("-"), &header).is_none());
        let empty = Value { cell: Cell::Tsv("(empty)"), header: &header };
        assert_eq!(empty.text().as_deref(), Some(""));
        assert!(empty.elements().is_empty());
        let list = Value { cell: Cell::Tsv("a,-,c\\x2cd"), header: &header };
        let elements: Vec<_> = list.elements().into_iter().filter_map(Value::text).collect();
        assert_eq!(elements, ["a", "c,d"]);
    }
}
