//! Where a JSON string, number or word ends (RFC 8259).
//!
//! Strings are looked through sixteen bytes at a time. Everything is checked, also in values that nobody wants: escapes,
//! control characters, the grammar of numbers. One thing is let pass: a `\u` escape of half a surrogate pair, which
//! becomes U+FFFD when the string is decoded.

use std::borrow::Cow;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string that stands for itself.
    Plain,
    /// A string with escapes.
    Escaped,
    Number,
    True,
    False,
    Null,
}

/// A value's kind, where it begins and ends (without the quotes of a string), and where the text goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub next: usize,
}

/// The value that begins at `at`. The error is the place that does not fit.
#[inline(always)]
pub fn scalar(bytes: &[u8], at: usize) -> Result<Token, usize> {
    match bytes.get(at) {
        Some(b'"') => string(bytes, at + 1),
        Some(b'-' | b'0'..=b'9') => number(bytes, at),
        Some(b't') => word(bytes, at, b"true", Kind::True),
        Some(b'f') => word(bytes, at, b"false", Kind::False),
        Some(b'n') => word(bytes, at, b"null", Kind::Null),
        _ => Err(at),
    }
}

fn word(bytes: &[u8], start: usize, word: &[u8], kind: Kind) -> Result<Token, usize> {
    let end = start + word.len();
    if bytes.get(start..end) == Some(word) { Ok(Token { kind, start, end, next: end }) } else { Err(start) }
}

/// The string whose text begins at `start`.
#[inline(always)]
pub fn string(bytes: &[u8], start: usize) -> Result<Token, usize> {
    let at = special(bytes, start);
    if bytes.get(at) == Some(&b'"') {
        return Ok(Token { kind: Kind::Plain, start, end: at, next: at + 1 });
    }
    escaped_string(bytes, start, at)
}

/// The string whose first backslash, if that is what ends it so far, is at `at`.
#[inline(never)]
fn escaped_string(bytes: &[u8], start: usize, mut at: usize) -> Result<Token, usize> {
    while bytes.get(at) == Some(&b'\\') {
        at = special(bytes, escape(bytes, at)?);
    }
    if bytes.get(at) != Some(&b'"') {
        return Err(at);
    }
    Ok(Token { kind: Kind::Escaped, start, end: at, next: at + 1 })
}

/// Behind the escape that begins at `at`.
fn escape(bytes: &[u8], at: usize) -> Result<usize, usize> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match bytes.get(at + 2..at + 6) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            _ => Err(at),
        },
        _ => Err(at),
    }
}

/// The first quote, backslash or control character from `at` on, or the end.
#[inline(always)]
fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let found = special_bits(block);
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += 16;
    }
    while bytes.get(at).is_some_and(|byte| !is_special(*byte)) {
        at += 1;
    }
    at
}

fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

/// A bit for each byte that is special.
#[cfg(target_arch = "x86_64")]
#[inline]
fn special_bits(block: &[u8; 16]) -> u32 {
    // SAFETY: every x86_64 processor has SSE2.
    unsafe { special_bits_sse2(block) }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn special_bits_sse2(block: &[u8; 16]) -> u32 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    let whole = u128::from_le_bytes(*block);
    let block = _mm_set_epi64x((whole >> 64) as i64, whole as i64);
    let quote = _mm_cmpeq_epi8(block, _mm_set1_epi8(b'"' as i8));
    let backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8(b'\\' as i8));
    let control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)) as u32
}

#[cfg(not(target_arch = "x86_64"))]
fn special_bits(block: &[u8; 16]) -> u32 {
    block.iter().enumerate().fold(0, |bits, (at, byte)| bits | u32::from(is_special(*byte)) << at)
}

#[inline]
fn number(bytes: &[u8], start: usize) -> Result<Token, usize> {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let first = start + usize::from(bytes.get(start) == Some(&b'-'));
    let mut end = digits(first);
    if end == first || (end > first + 1 && bytes.get(first) == Some(&b'0')) {
        return Err(first);
    }
    if bytes.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = digits(fraction);
        if end == fraction {
            return Err(end);
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(exponent);
        if end == exponent {
            return Err(end);
        }
    }
    Ok(Token { kind: Kind::Number, start, end, next: end })
}

/// What a string with valid escapes stands for.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, escaped)) = rest.split_once('\\') {
        text.push_str(before);
        let mut chars = escaped.chars();
        match chars.next() {
            Some('u') => rest = unescape_unit(&escaped[1..], &mut text),
            Some(letter) => {
                text.push(match letter {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    itself => itself,
                });
                rest = chars.as_str();
            }
            None => rest = "",
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Decodes what stands behind `\u`, and a second escape if the two are a pair. Gives back the rest.
fn unescape_unit<'r>(digits: &'r str, text: &mut String) -> &'r str {
    let unit = |digits: &str| digits.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(first) = unit(digits) else { return digits };
    let rest = &digits[4..];
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = rest.strip_prefix("\\u").and_then(unit)
        && (0xdc00..0xe000).contains(&second)
    {
        let char = char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        text.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
        return &rest[6..];
    }
    text.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        for (text, kind, value) in [
            (r#""abc","#, Kind::Plain, "abc"),
            (
                r#""a long string that has more than sixteen bytes" "#,
                Kind::Plain,
                "a long string that has more than sixteen bytes",
            ),
            (r#""a\"b\u00e4","#, Kind::Escaped, r#"a\"b\u00e4"#),
            ("0}", Kind::Number, "0"),
            ("-1.50e+3]", Kind::Number, "-1.50e+3"),
            ("true,", Kind::True, "true"),
            ("null", Kind::Null, "null"),
        ] {
            let token = scalar(text.as_bytes(), 0).expect(text);
            assert_eq!((token.kind, &text[token.start..token.end]), (kind, value));
        }
        for text in
            ["", "x", "01", "-", "1.", "1e", "1e+", "tru", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "{", "+1", ".5"]
        {
            assert!(scalar(text.as_bytes(), 0).is_err(), "{text}");
        }
    }

    #[test]
    fn escapes_are_decoded() {
        for (raw, text) in [
            ("plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"\u00e4\u20AC", "ä€"),
            (r"x\ud83d\udc26y", "x🐦y"),
            (r"\ud83dx", "\u{fffd}x"),
            (r"\udc26\u0041", "\u{fffd}A"),
            (r"\ud83d\ud83d\udc26", "\u{fffd}🐦"),
        ] {
            assert_eq!(unescape(raw), text);
        }
    }
}
