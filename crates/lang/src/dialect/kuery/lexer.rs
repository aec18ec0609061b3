//! Bytes of a query to tokens, one at a time.
//!
//! The lexer never fails: what it cannot read is a [`TokenKind::Bad`] and becomes an error when the parser meets it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Characters without white space between them; `*` and escapes belong to it.
    Word,
    /// In double quotes.
    Quoted,
    And,
    Or,
    Not,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    UnclosedQuote,
    /// A backslash before something that needs none.
    Escape,
}

/// A token and its byte offsets in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// Longest first where one begins another.
const SYMBOLS: &[&str] = &["<=", ">=", "<", ">", "(", ")", "{", "}", ":"];

/// Characters that end a word unless they are escaped.
const SPECIAL: &[char] = &['(', ')', ':', '<', '>', '"', '{', '}'];

pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{3000}')
}

/// The keyword that a whole word is, in any case.
pub(super) fn keyword(word: &str) -> Option<TokenKind> {
    [("and", TokenKind::And), ("or", TokenKind::Or), ("not", TokenKind::Not)]
        .into_iter()
        .find(|(keyword, _)| word.eq_ignore_ascii_case(keyword))
        .map(|(_, kind)| kind)
}

/// The token at or after byte `from` of `text`.
pub(super) fn token(text: &str, from: usize) -> Token {
    let rest = text.get(from..).unwrap_or("");
    let start = from + (rest.len() - rest.trim_start_matches(is_space).len());
    let rest = text.get(start..).unwrap_or("");
    let (kind, length) = match rest.chars().next() {
        None => (TokenKind::End, 0),
        Some('"') => quoted(rest),
        Some(_) => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
            None => word(rest),
        },
    };
    Token { kind, start, end: start + length }
}

fn quoted(rest: &str) -> (TokenKind, usize) {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (TokenKind::Quoted, at + 1),
            '\\' => drop(characters.next()),
            _ => {}
        }
    }
    (TokenKind::Bad(Bad::UnclosedQuote), rest.len())
}

fn word(rest: &str) -> (TokenKind, usize) {
    let mut at = 0;
    while let Some(tail) = rest.get(at..)
        && let Some(character) = tail.chars().next()
        && !is_space(character)
        && !SPECIAL.contains(&character)
    {
        at += match character {
            '\\' => match escape(tail) {
                Some((_, length)) => length,
                // What stands before it is a word of its own, so that the error points at the backslash.
                None if at > 0 => break,
                None => {
                    let escaped = tail.chars().nth(1).map_or(0, char::len_utf8);
                    return (TokenKind::Bad(Bad::Escape), 1 + escaped);
                }
            },
            _ => character.len_utf8(),
        };
    }
    (rest.get(..at).and_then(keyword).unwrap_or(TokenKind::Word), at)
}

/// The character that the escape at the beginning of `tail` stands for outside quotes, and the escape's length in bytes.
pub(super) fn escape(tail: &str) -> Option<(char, usize)> {
    let after = tail.strip_prefix('\\')?;
    let character = after.chars().next()?;
    // Before the escapes of white space, or `\not` would be a line break and `ot`.
    if word_end(after).and_then(keyword).is_some() {
        return Some((character, 2));
    }
    match character {
        't' => Some(('\t', 2)),
        'r' => Some(('\r', 2)),
        'n' => Some(('\n', 2)),
        '\\' | '*' | ' ' => Some((character, 2)),
        _ if SPECIAL.contains(&character) => Some((character, 2)),
        _ => unicode_escape(tail).map(|found| (found, 6)),
    }
}

/// The first three letters at most, where a word ends after them.
fn word_end(text: &str) -> Option<&str> {
    let ends = |character: char| is_space(character) || SPECIAL.contains(&character);
    let end = text.char_indices().take(4).find(|&(_, character)| ends(character)).map(|(at, _)| at);
    end.or((text.len() <= 3).then_some(text.len())).and_then(|end| text.get(..end))
}

/// The character of `\uXXXX`, which may stand inside quotes and outside.
pub(super) fn unicode_escape(tail: &str) -> Option<char> {
    let digits = tail.strip_prefix("\\u")?.get(..4)?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<(TokenKind, &str)> {
        let mut tokens = Vec::new();
        let mut at = 0;
        loop {
            let next = token(text, at);
            if next.kind == TokenKind::End {
                return tokens;
            }
            assert!(next.end > at, "no progress at {at} in {text:?}");
            at = next.end;
            tokens.push((next.kind, &text[next.start..next.end]));
        }
    }

    #[test]
    fn tokens() {
        use TokenKind::*;
        for (text, expected) in [
            ("a.b:c*", vec![(Word, "a.b"), (Symbol(":"), ":"), (Word, "c*")]),
            ("a>=1", vec![(Word, "a"), (Symbol(">="), ">="), (Word, "1")]),
            ("NOT a or\u{a0}b", vec![(Not, "NOT"), (Word, "a"), (Or, "or"), (Word, "b")]),
            ("cannot android", vec![(Word, "cannot"), (Word, "android")]),
            (r#"\and \: "a\"b""#, vec![(Word, r"\and"), (Word, r"\:"), (Quoted, r#""a\"b""#)]),
            (r"C:\\Windows", vec![(Word, "C"), (Symbol(":"), ":"), (Word, r"\\Windows")]),
            (r"a\x", vec![(Word, "a"), (Bad(super::Bad::Escape), r"\x")]),
            ("\"a", vec![(Bad(super::Bad::UnclosedQuote), "\"a")]),
            (r"a\u00e9", vec![(Word, r"a\u00e9")]),
        ] {
            assert_eq!(lex(text), expected, "{text}");
        }
    }
}
