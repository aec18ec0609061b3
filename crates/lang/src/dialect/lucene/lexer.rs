//! Bytes of a query to tokens, one at a time. Inside brackets of a range other characters belong to a word, so the
//! parser asks for those tokens with [`limit`].

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Characters without white space between them, with wildcards and escapes.
    Word,
    /// In double quotes.
    Quoted,
    /// Between slashes.
    Regex,
    And,
    Or,
    Not,
    /// `~` with the number after it.
    Fuzzy,
    /// `^` with the number after it.
    Boost,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    UnclosedQuote,
    UnclosedRegex,
    /// A backslash with nothing after it.
    Escape,
}

/// A token and its byte offsets in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

const SYMBOLS: &[&str] = &["(", ")", "[", "]", "{", "}", ":", "+", "-", "!"];

pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{3000}')
}

/// Characters that end a word unless they are escaped; `+` and `-` only cannot begin one.
pub(super) fn ends_word(character: char) -> bool {
    is_space(character) || "!():^[]\"{}~/".contains(character)
}

/// The operator that a whole word is.
pub(super) fn keyword(word: &str) -> Option<TokenKind> {
    Some(match word {
        "AND" | "&&" => TokenKind::And,
        "OR" | "||" => TokenKind::Or,
        "NOT" => TokenKind::Not,
        _ => return None,
    })
}

fn skip_space(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + (rest.len() - rest.trim_start_matches(is_space).len())
}

/// The token at or after byte `from` of `text`.
pub(super) fn token(text: &str, from: usize) -> Token {
    let start = skip_space(text, from);
    let rest = text.get(start..).unwrap_or("");
    let (kind, length) = match rest.chars().next() {
        None => (TokenKind::End, 0),
        Some('"') => quoted(rest),
        Some('/') => regex(rest),
        Some('~') => (TokenKind::Fuzzy, 1 + number(rest)),
        Some('^') => (TokenKind::Boost, 1 + number(rest)),
        Some(_) => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
            None => word(rest),
        },
    };
    Token { kind, start, end: start + length }
}

/// The end of a range, `TO`, or the closing bracket.
pub(super) fn limit(text: &str, from: usize) -> Token {
    let start = skip_space(text, from);
    let rest = text.get(start..).unwrap_or("");
    let (kind, length) = match rest.chars().next() {
        None => (TokenKind::End, 0),
        Some('"') => quoted(rest),
        Some(']') => (TokenKind::Symbol("]"), 1),
        Some('}') => (TokenKind::Symbol("}"), 1),
        Some(_) => {
            let ends = |character| is_space(character) || character == ']' || character == '}';
            (TokenKind::Word, rest.find(ends).unwrap_or(rest.len()))
        }
    };
    Token { kind, start, end: start + length }
}

fn quoted(rest: &str) -> (TokenKind, usize) {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '"' => return (TokenKind::Quoted, at + 1),
            _ => {}
        }
    }
    (TokenKind::Bad(Bad::UnclosedQuote), rest.len())
}

/// A slash right after a backslash does not end the expression, whatever stands before the two.
fn regex(rest: &str) -> (TokenKind, usize) {
    let closing = |pair: &[u8]| matches!(pair, [before, b'/'] if *before != b'\\');
    match rest.as_bytes().windows(2).position(closing) {
        Some(before) => (TokenKind::Regex, before + 2),
        None => (TokenKind::Bad(Bad::UnclosedRegex), rest.len()),
    }
}

/// The length of the number after the first character.
fn number(rest: &str) -> usize {
    let digits = |from: usize| rest.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(1);
    let fraction = if whole > 0 && rest.as_bytes().get(1 + whole) == Some(&b'.') { digits(2 + whole) } else { 0 };
    if fraction > 0 { whole + 1 + fraction } else { whole }
}

fn word(rest: &str) -> (TokenKind, usize) {
    let mut at = 0;
    while let Some(tail) = rest.get(at..)
        && let Some(character) = tail.chars().next()
        && !ends_word(character)
    {
        at += match (character, tail.chars().nth(1)) {
            ('\\', Some(escaped)) => 1 + escaped.len_utf8(),
            ('\\', None) if at == 0 => return (TokenKind::Bad(Bad::Escape), 1),
            ('\\', None) => break,
            _ => character.len_utf8(),
        };
    }
    (rest.get(..at).and_then(keyword).unwrap_or(TokenKind::Word), at)
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
            ("a.b:c-d+e*", vec![(Word, "a.b"), (Symbol(":"), ":"), (Word, "c-d+e*")]),
            (
                "+a -b !c",
                vec![(Symbol("+"), "+"), (Word, "a"), (Symbol("-"), "-"), (Word, "b"), (Symbol("!"), "!"), (Word, "c")],
            ),
            ("a && b || NOT and", vec![(Word, "a"), (And, "&&"), (Word, "b"), (Or, "||"), (Not, "NOT"), (Word, "and")]),
            ("roam~1.5^2", vec![(Word, "roam"), (Fuzzy, "~1.5"), (Boost, "^2")]),
            (r#"/a\/b/ "c\"d""#, vec![(Regex, r"/a\/b/"), (Quoted, r#""c\"d""#)]),
            (r"kimchy\!\ x", vec![(Word, r"kimchy\!\ x")]),
            ("a\\", vec![(Word, "a"), (Bad(super::Bad::Escape), "\\")]),
            ("/a", vec![(Bad(super::Bad::UnclosedRegex), "/a")]),
        ] {
            assert_eq!(lex(text), expected, "{text}");
        }
    }
}
