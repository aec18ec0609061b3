//! Bytes of a query to tokens, one at a time.
//!
//! The lexer never fails: what it cannot read is a [`TokenKind::Bad`] and becomes an error when the parser meets it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A bare identifier or a keyword.
    Word,
    /// A word with `~` at its end.
    TildeWord,
    /// An identifier in backquotes.
    Quoted,
    /// A string in quotes, with escapes.
    Text,
    /// A string in triple quotes, without escapes.
    RawText,
    Integer,
    Decimal,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

/// Why bytes are no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    UnclosedText,
    SingleQuotes,
    OldRawText,
    UnclosedName,
    UnclosedComment,
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
    "![", "==", "!=", "<=", ">=", "=", "<", ">", ":", "+", "-", "*", "/", "%", ".", ",", "[", "]", "(", ")", "|", "?",
];

/// The token at or after byte `from` of `text`.
pub(super) fn token(text: &str, from: usize) -> Token {
    let start = match skip_trivia(text, from) {
        Ok(start) => start,
        Err(start) => return Token { kind: TokenKind::Bad(Bad::UnclosedComment), start, end: text.len() },
    };
    let rest = text.get(start..).unwrap_or("");
    let bytes = rest.as_bytes();
    let (kind, length) = match bytes {
        [] => (TokenKind::End, 0),
        [b'"', ..] => string(rest),
        [b'\'', ..] => (TokenKind::Bad(Bad::SingleQuotes), line_end(rest, b'\'')),
        [b'?', quote @ (b'"' | b'\''), ..] => {
            (TokenKind::Bad(Bad::OldRawText), 1 + line_end(rest.get(1..).unwrap_or(""), *quote))
        }
        [b'`', ..] => quoted_name(rest),
        [byte, ..] if is_word_start(*byte) => word(rest),
        [byte, ..] if byte.is_ascii_digit() => number(rest),
        [b'.', next, ..] if next.is_ascii_digit() => number(rest),
        _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
            None => (TokenKind::Bad(Bad::Character), rest.chars().next().map_or(0, char::len_utf8)),
        },
    };
    Token { kind, start, end: start + length }
}

/// The first byte that is neither white space nor comment; `Err` with the start of a comment that never ends.
fn skip_trivia(text: &str, from: usize) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => at += 1,
            [b'/', b'/', rest @ ..] => {
                at += 2 + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            }
            [b'/', b'*', ..] => at = skip_block_comment(bytes, at).ok_or(at)?,
            _ => return Ok(at),
        }
    }
}

/// Block comments nest.
fn skip_block_comment(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0usize;
    loop {
        match bytes.get(at..)? {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            [] => return None,
            _ => at += 1,
        }
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'@'
}

/// The length of the run of such bytes that starts at `from`.
fn run(rest: &str, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    rest.bytes().skip(from).take_while(|&byte| belongs(byte)).count()
}

fn word(rest: &str) -> (TokenKind, usize) {
    let length = 1 + run(rest, 1, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match rest.as_bytes().get(length) {
        Some(b'~') => (TokenKind::TildeWord, length + 1),
        _ => (TokenKind::Word, length),
    }
}

fn number(rest: &str) -> (TokenKind, usize) {
    let digits = |from| run(rest, from, |byte| byte.is_ascii_digit());
    let bytes = rest.as_bytes();
    let mut length = digits(0);
    let mut kind = TokenKind::Integer;
    if bytes.get(length) == Some(&b'.') {
        kind = TokenKind::Decimal;
        length += 1 + digits(length + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            kind = TokenKind::Decimal;
            length += 1 + sign + exponent;
        }
    }
    (kind, length)
}

/// Looks no further than the closing quote or the end of the line.
fn string(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let raw = rest.starts_with("\"\"\"");
    let mut at = if raw { 3 } else { 1 };
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [] | [b'\r' | b'\n', ..] => return (TokenKind::Bad(Bad::UnclosedText), at),
            // Up to two quotes before the closing three belong to the string.
            [b'"', b'"', b'"', ..] if raw => {
                return (TokenKind::RawText, at + 3 + run(rest, at + 3, |byte| byte == b'"').min(2));
            }
            [b'"', ..] if !raw => return (TokenKind::Text, at + 1),
            [b'\\', next, ..] if !raw && !matches!(next, b'\r' | b'\n') => at += 2,
            _ => at += 1,
        }
    }
}

/// The length up to and with the next such quote on the line.
fn line_end(rest: &str, quote: u8) -> usize {
    let inner = run(rest, 1, |byte| byte != quote && byte != b'\r' && byte != b'\n');
    1 + inner + usize::from(rest.as_bytes().get(1 + inner) == Some(&quote))
}

/// A doubled backquote is one inside the name.
fn quoted_name(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [b'`', b'`', ..] => at += 2,
            [b'`', ..] if at > 1 => return (TokenKind::Quoted, at + 1),
            [b'`', ..] => return (TokenKind::Bad(Bad::UnclosedName), at + 1),
            [] => return (TokenKind::Bad(Bad::UnclosedName), at),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<TokenKind> {
        let mut tokens = Vec::new();
        let mut at = 0;
        loop {
            let next = token(text, at);
            if next.kind == TokenKind::End {
                return tokens;
            }
            assert!(next.end > at, "no progress at {at} in {text:?}");
            at = next.end;
            tokens.push(next.kind);
        }
    }

    #[test]
    fn tokens() {
        use TokenKind::*;
        for (text, expected) in [
            ("?a.b", vec![Symbol("?"), Word, Symbol("."), Word]),
            (
                "in~ (1, .5, 1e3)",
                vec![TildeWord, Symbol("("), Integer, Symbol(","), Decimal, Symbol(","), Decimal, Symbol(")")],
            ),
            (r#""a\"" """b\""""#, vec![Text, RawText]),
            (r#""""a"""""#, vec![RawText]),
            ("![a]", vec![Symbol("!["), Word, Symbol("]")]),
            ("`a``b` // c\n /* d /* e */ */ f", vec![Quoted, Word]),
            ("'a' b", vec![Bad(super::Bad::SingleQuotes), Word]),
            ("?\"a\" b", vec![Bad(super::Bad::OldRawText), Word]),
            ("\"a\nb", vec![Bad(super::Bad::UnclosedText), Word]),
            ("``", vec![Bad(super::Bad::UnclosedName)]),
            ("/* a", vec![Bad(super::Bad::UnclosedComment)]),
            ("é$", vec![Bad(super::Bad::Character), Bad(super::Bad::Character)]),
        ] {
            assert_eq!(lex(text), expected, "{text}");
        }
    }
}
