//! Bytes of a query to tokens, one at a time.
//!
//! The lexer never fails: what it cannot read is a [`TokenKind::Bad`], and becomes an error only if the parser needs it.
//! Words with a hyphen (`project-away`) are put together by the parser, which knows where an operator stands.
//!
//! Facts: `KqlTokens.g4` in microsoft/Kusto-Query-Language.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A bare identifier or a keyword.
    Word,
    /// `in~`, and words with `!` before them: `!has`, `!in~`.
    WordOperator,
    /// A string of any form, its letter and `@` included.
    Text,
    /// Digits, or `0x` and hexadecimal digits.
    Integer,
    Decimal,
    /// A number with a unit of time: `1d`, `2.5hours`.
    Span,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

/// Why bytes are no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    UnclosedText,
    UnclosedLongText,
    Character,
}

/// A token and its byte offsets in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// Longest first where one begins another.
const SYMBOLS: &[&str] = &[
    "=>", "==", "=~", "!=", "!~", "<>", "<=", ">=", "..", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", ":",
    "+", "-", "*", "/", "%", "|", ";", "@",
];

/// Units of time, in any spelling that may follow a number.
const UNITS: &[&str] = &[
    "d",
    "day",
    "days",
    "h",
    "hour",
    "hours",
    "hr",
    "hrs",
    "m",
    "min",
    "minute",
    "minutes",
    "s",
    "sec",
    "second",
    "seconds",
    "ms",
    "milli",
    "millis",
    "millisec",
    "millisecond",
    "milliseconds",
    "micro",
    "micros",
    "microsec",
    "microsecond",
    "microseconds",
    "nano",
    "nanos",
    "nanosec",
    "nanosecond",
    "nanoseconds",
    "tick",
    "ticks",
];

/// The token at or after byte `from` of `text`.
pub(super) fn token(text: &str, from: usize) -> Token {
    let start = skip_trivia(text, from);
    let rest = text.get(start..).unwrap_or("");
    let (kind, length) = match rest.bytes().next() {
        None => (TokenKind::End, 0),
        Some(b'"' | b'\'') => string(rest, 0, false),
        Some(b'`' | b'~') if is_fence(rest) => long_string(rest, 0),
        Some(b'@' | b'h' | b'H') if prefixed_string(rest).is_some() => {
            prefixed_string(rest).unwrap_or((TokenKind::Bad(Bad::Character), 1))
        }
        Some(b'!') if rest.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
            let length = 1 + run(rest, 1, is_body);
            (TokenKind::WordOperator, length + usize::from(rest.as_bytes().get(length) == Some(&b'~')))
        }
        Some(byte) if byte.is_ascii_digit() => number(rest),
        Some(byte) if is_body(byte) || byte == b'$' => {
            let length = word_length(rest);
            if rest.starts_with("in~") { (TokenKind::WordOperator, 3) } else { (TokenKind::Word, length) }
        }
        Some(_) => symbol(rest),
    };
    Token { kind, start, end: start + length }
}

/// The first byte that is neither white space nor comment.
fn skip_trivia(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = text.get(at..).unwrap_or("");
        match rest.chars().next() {
            Some(found) if is_space(found) => at += found.len_utf8(),
            Some('/') if rest.starts_with("//") => at += rest.find('\n').unwrap_or(rest.len()),
            _ => return at,
        }
    }
}

/// White space of all kinds that editors and web pages leave behind, zero-width ones too.
pub(super) fn is_space(found: char) -> bool {
    found.is_ascii_whitespace()
        || matches!(found, '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200b}' | '\u{2028}' | '\u{2029}')
        || matches!(found, '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

fn is_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of a word after its first byte has been found good, that byte included.
fn word_length(rest: &str) -> usize {
    1 + run(rest, 1, is_body)
}

/// The length of the run of such bytes that starts at `from`.
fn run(rest: &str, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    rest.bytes().skip(from).take_while(|&byte| belongs(byte)).count()
}

/// An integer, a decimal number, a span of time, or a name that begins with a digit.
fn number(rest: &str) -> (TokenKind, usize) {
    let digits = |from| run(rest, from, |byte| byte.is_ascii_digit());
    let bytes = rest.as_bytes();
    if let [b'0', b'x' | b'X', next, ..] = bytes
        && next.is_ascii_hexdigit()
    {
        return (TokenKind::Integer, 2 + run(rest, 2, |byte| byte.is_ascii_hexdigit()));
    }
    let whole = digits(0);
    let mut length = whole;
    // `1..2` is a range.
    if bytes.get(length) == Some(&b'.') && bytes.get(length + 1) != Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    let unit = run(rest, length, is_body);
    if unit > 0 && UNITS.contains(&rest.get(length..length + unit).unwrap_or("")) {
        return (TokenKind::Span, length + unit);
    }
    let mut kind = if length > whole { TokenKind::Decimal } else { TokenKind::Integer };
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            kind = TokenKind::Decimal;
            length += 1 + sign + exponent;
        }
    }
    let tail = run(rest, length, is_body);
    if length == whole && tail > 0 { (TokenKind::Word, length + tail) } else { (kind, length) }
}

/// `h` and `@` before a string, in that order.
fn prefixed_string(rest: &str) -> Option<(TokenKind, usize)> {
    let hidden = usize::from(rest.starts_with(['h', 'H']));
    let verbatim = rest.get(hidden..)?.starts_with('@');
    let from = hidden + usize::from(verbatim);
    match rest.as_bytes().get(from)? {
        b'"' | b'\'' => Some(string(rest, from, verbatim)),
        b'`' | b'~' if !verbatim && is_fence(rest.get(from..)?) => Some(long_string(rest, from)),
        _ => None,
    }
}

fn is_fence(rest: &str) -> bool {
    rest.starts_with("```") || rest.starts_with("~~~")
}

/// Looks no further than the closing quote or the end of the line.
fn string(rest: &str, from: usize, verbatim: bool) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let quote = bytes.get(from).copied().unwrap_or(b'"');
    let mut at = from + 1;
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [] | [b'\r' | b'\n', ..] => return (TokenKind::Bad(Bad::UnclosedText), at),
            [first, second, ..] if verbatim && *first == quote && *second == quote => at += 2,
            [first, ..] if *first == quote => return (TokenKind::Text, at + 1),
            [b'\\', next, ..] if !verbatim && !matches!(next, b'\r' | b'\n') => at += 2,
            _ => at += 1,
        }
    }
}

/// A string between three backquotes or three tildes; it may go over lines and has no escapes.
fn long_string(rest: &str, from: usize) -> (TokenKind, usize) {
    let fence = rest.get(from..from + 3).unwrap_or("```");
    match rest.get(from + 3..).and_then(|inside| inside.find(fence)) {
        Some(length) => (TokenKind::Text, from + 3 + length + 3),
        None => (TokenKind::Bad(Bad::UnclosedLongText), rest.len()),
    }
}

fn symbol(rest: &str) -> (TokenKind, usize) {
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
        None => (TokenKind::Bad(Bad::Character), rest.chars().next().map_or(0, char::len_utf8)),
    }
}

#[cfg(test)]
mod tests {
    use super::TokenKind::*;
    use super::*;

    #[test]
    fn tokens() {
        for (text, kinds) in [
            ("a.b", &[Word, Symbol("."), Word][..]),
            ("$left _x 1abc", &[Word, Word, Word]),
            ("1 1. 1.5 1e3 0xFf 1..2", &[Integer, Decimal, Decimal, Decimal, Integer, Integer, Symbol(".."), Integer]),
            ("1d 2.5hours 500ms 1tick 1dx", &[Span, Span, Span, Span, Word]),
            (r#""a\"b" 'c' @"d\" @'e''f' h"g" h@'h'"#, &[Text, Text, Text, Text, Text, Text]),
            ("```a\nb``` ~~~c~~~ h d", &[Text, Text, Word, Word]),
            (
                "a in~ b !in~ c !has d != e !~ f",
                &[
                    Word,
                    WordOperator,
                    Word,
                    WordOperator,
                    Word,
                    WordOperator,
                    Word,
                    Symbol("!="),
                    Word,
                    Symbol("!~"),
                    Word,
                ],
            ),
            ("a//b\n\u{a0}\u{feff}c", &[Word, Word]),
            ("\"open\nx", &[Bad(super::Bad::UnclosedText), Word]),
            ("```x", &[Bad(super::Bad::UnclosedLongText)]),
            ("é ?", &[Bad(super::Bad::Character), Bad(super::Bad::Character)]),
        ] {
            let (mut found, mut at) = (Vec::new(), 0);
            loop {
                let next = token(text, at);
                if next.kind == End {
                    break;
                }
                assert!(next.end > at, "no progress at {at} in {text:?}");
                at = next.end;
                found.push(next.kind);
            }
            assert_eq!(found, kinds, "{text}");
        }
    }
}
