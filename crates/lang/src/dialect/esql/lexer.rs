//! Bytes of a query to tokens, one at a time.
//!
//! ES|QL has no single token grammar: after FROM a bare word is an index pattern, after KEEP `*` belongs to a name,
//! elsewhere it multiplies. Elastic's lexer switches modes; here the parser, which knows where it is, asks for the
//! next token in the mode it wants. So nothing is tokenized twice and no mode stack can get out of step. The lexer
//! never fails: what it cannot read is a [`TokenKind::Bad`], and becomes an error only if the parser needs it.
//!
//! Facts: `EsqlBaseLexer.g4` and its imports in elastic/elasticsearch.

/// How a bare word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Identifiers, literals and operators.
    Expression,
    /// Column names in which `*` is a wildcard.
    Names,
    /// Index patterns and names of tables and policies.
    Sources,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare identifier or a keyword.
    Word,
    /// An identifier in backquotes.
    Quoted,
    /// Bare and quoted pieces of a column name without a gap; only in [`Mode::Names`].
    Pattern,
    /// A bare index pattern; only in [`Mode::Sources`].
    Source,
    /// A string in quotes, with escapes.
    Text,
    /// A string in triple quotes, without escapes.
    RawText,
    Integer,
    Decimal,
    /// `?`, `?name` or `?1`.
    Param,
    /// `??`, `??name` or `??1`.
    NameParam,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

/// Why bytes are no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    UnclosedText,
    UnclosedRawText,
    UnclosedName,
    UnclosedComment,
    Character,
}

/// A token and its byte offsets in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// Longest first where one begins another.
const SYMBOLS: &[&str] = &[
    "::", "==", "=~", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", ":", "+", "-", "*", "/",
    "%", "|", ";",
];

const SOURCE_SYMBOLS: &[&str] = &["::", ":", "=", "|", ",", "[", "]", "(", ")"];

/// The token at or after byte `from` of `text`.
pub(crate) fn token(text: &str, from: usize, mode: Mode) -> Token {
    let start = match skip_trivia(text, from) {
        Ok(start) => start,
        Err(start) => return Token { kind: TokenKind::Bad(Bad::UnclosedComment), start, end: text.len() },
    };
    let rest = text.get(start..).unwrap_or("");
    let (kind, length) = match rest.bytes().next() {
        None => (TokenKind::End, 0),
        Some(b'"') => string(rest),
        Some(b'?') if mode != Mode::Sources => parameter(rest),
        Some(b'`') if mode == Mode::Expression => quoted_name(rest),
        Some(byte) => match mode {
            Mode::Sources => source(rest),
            Mode::Names if byte == b'`' || byte == b'*' || is_word_start(rest) => pattern(rest),
            Mode::Expression if is_word_start(rest) => (TokenKind::Word, word_length(rest)),
            Mode::Expression if starts_number(rest) => number(rest),
            Mode::Names | Mode::Expression => symbol(rest, SYMBOLS),
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

fn is_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A letter, or `_` or `@` that something follows.
fn is_word_start(rest: &str) -> bool {
    match rest.as_bytes() {
        [byte, ..] if byte.is_ascii_alphabetic() => true,
        [b'_' | b'@', next, ..] => is_body(*next),
        _ => false,
    }
}

fn word_length(rest: &str) -> usize {
    1 + run(rest, 1, is_body)
}

/// The length of the run of such bytes that starts at `from`.
fn run(rest: &str, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    rest.bytes().skip(from).take_while(|&byte| belongs(byte)).count()
}

fn starts_number(rest: &str) -> bool {
    match rest.as_bytes() {
        [byte, ..] if byte.is_ascii_digit() => true,
        [b'.', next, ..] => next.is_ascii_digit(),
        _ => false,
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

/// Looks no further than the closing quote: a search for the end of the line first would make many strings on one
/// long line cost quadratic time.
fn string(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let raw = rest.starts_with("\"\"\"");
    let mut at = if raw { 3 } else { 1 };
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [] | [b'\r' | b'\n', ..] if raw => return (TokenKind::Bad(Bad::UnclosedRawText), at),
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

fn parameter(rest: &str) -> (TokenKind, usize) {
    let marks = if rest.starts_with("??") { 2 } else { 1 };
    let kind = if marks == 2 { TokenKind::NameParam } else { TokenKind::Param };
    let name = match rest.as_bytes().get(marks) {
        Some(byte) if byte.is_ascii_digit() => run(rest, marks, |byte| byte.is_ascii_digit()),
        Some(_) => run(rest, marks, is_body),
        None => 0,
    };
    (kind, marks + name)
}

/// The length of the backquoted name that `rest` begins with; a doubled backquote is one inside the name.
fn quoted_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at..)? {
            [b'`', b'`', ..] => at += 2,
            [b'`', ..] => return Some(at + 1),
            [] => return None,
            _ => at += 1,
        }
    }
}

fn quoted_name(rest: &str) -> (TokenKind, usize) {
    match quoted_length(rest) {
        Some(length) if length > 2 => (TokenKind::Quoted, length),
        Some(length) => (TokenKind::Bad(Bad::UnclosedName), length),
        None => (TokenKind::Bad(Bad::UnclosedName), rest.len()),
    }
}

fn pattern(rest: &str) -> (TokenKind, usize) {
    let mut length = 0;
    while let Some(tail) = rest.get(length..) {
        if tail.starts_with('`') {
            match quoted_name(tail) {
                (TokenKind::Quoted, quoted) => length += quoted,
                (bad, quoted) => return (bad, length + quoted),
            }
        } else {
            let first = usize::from(length == 0 && tail.starts_with(['@', '_']));
            let plain = first + run(tail, first, |byte| is_body(byte) || byte == b'*');
            if plain == 0 {
                break;
            }
            length += plain;
        }
    }
    (TokenKind::Pattern, length)
}

fn source(rest: &str) -> (TokenKind, usize) {
    let ends = |character: char| {
        matches!(character, ':' | '"' | '=' | '|' | ',' | '[' | ']' | '(' | ')' | ' ' | '\t' | '\r' | '\n')
    };
    let mut length = 0;
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        // A single slash belongs to date math such as `<logs-{now/d}>`; two, or one before `*`, begin a comment.
        let inside = |next: &char| !ends(*next) && !matches!(next, '/' | '*');
        if ends(character) || character == '/' && !characters.peek().is_some_and(inside) {
            break;
        }
        length += character.len_utf8();
    }
    if length == 0 { symbol(rest, SOURCE_SYMBOLS) } else { (TokenKind::Source, length) }
}

fn symbol(rest: &str, symbols: &[&'static str]) -> (TokenKind, usize) {
    match symbols.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
        None => (TokenKind::Bad(Bad::Character), rest.chars().next().map_or(0, char::len_utf8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str, mode: Mode) -> Vec<(TokenKind, &str)> {
        let mut tokens = Vec::new();
        let mut at = 0;
        loop {
            let next = token(text, at, mode);
            if next.kind == TokenKind::End {
                return tokens;
            }
            assert!(next.end > at, "no progress at {at} in {text:?}");
            at = next.end;
            tokens.push((next.kind, &text[next.start..next.end]));
        }
    }

    #[test]
    fn expression_tokens() {
        use TokenKind::*;
        for (text, kinds) in [
            ("a.b", &[Word, Symbol("."), Word][..]),
            ("@timestamp _x", &[Word, Word]),
            ("`a``b`", &[Quoted]),
            ("1 1. .5 1e3 1.5E-2 1d 2e", &[Integer, Decimal, Decimal, Decimal, Decimal, Integer, Word, Integer, Word]),
            (r#""a\"b""#, &[Text]),
            (r#""""a"b""""""#, &[RawText]),
            ("? ?a ?1 ?? ??b ?_c", &[Param, Param, Param, NameParam, NameParam, Param]),
            ("a::int", &[Word, Symbol("::"), Word]),
            ("a//c\nb/*x/*y*/z*/c", &[Word, Word, Word]),
            ("/* open", &[Bad(super::Bad::UnclosedComment)]),
            ("\"open\nx", &[Bad(super::Bad::UnclosedText), Word]),
            ("``", &[Bad(super::Bad::UnclosedName)]),
            ("é _", &[Bad(super::Bad::Character), Bad(super::Bad::Character)]),
        ] {
            let found: Vec<_> = lex(text, Mode::Expression).into_iter().map(|(kind, _)| kind).collect();
            assert_eq!(found, kinds, "{text}");
        }
    }

    #[test]
    fn source_tokens() {
        let found: Vec<_> = lex("logs-*-x,-logs-y:<a-{now/d{yyyy.MM}}>//c\n::z", Mode::Sources);
        let texts: Vec<_> = found.into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["logs-*-x", ",", "-logs-y", ":", "<a-{now/d{yyyy.MM}}>", "::", "z"]);
    }

    #[test]
    fn name_tokens() {
        let texts: Vec<_> = lex("a*.`b c`*d, *e*, @t* as _x", Mode::Names).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["a*", ".", "`b c`*d", ",", "*e*", ",", "@t*", "as", "_x"]);
    }
}
