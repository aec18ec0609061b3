//! Bytes of a query to tokens, one at a time.
//!
//! SPL has no single token grammar: what a bare word may hold depends on the command and on what stands before it, so
//! the parser, which knows, asks for the next token in the mode it wants. The lexer never fails: what it cannot read is a
//! [`TokenKind::Bad`], and becomes an error only if the parser needs it.
//!
//! Facts: "Understanding SPL syntax" and "Quotes and escaping characters" in Splunk's Search Reference and Manual.

/// How a bare word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Terms of a search: up to a blank, bracket, comma, quote, or comparison.
    Search,
    /// The value after a comparison or option: as before, and comparisons belong to it.
    Value,
    /// Names of fields, functions and options.
    Names,
    /// Expressions of `eval` and `where`.
    Eval,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word,
    /// Between double quotes.
    Text,
    /// Between single quotes; only in [`Mode::Names`] and [`Mode::Eval`].
    Quoted,
    /// Only in [`Mode::Eval`].
    Number,
    /// A macro that nobody defines, in backquotes.
    Macro,
    Symbol(&'static str),
    End,
    Bad(Bad),
}

/// Why bytes are no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    UnclosedText,
    UnclosedName,
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
const SEARCH_SYMBOLS: &[&str] = &["!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", "|"];
const NAME_SYMBOLS: &[&str] = &["=", "(", ")", "[", "]", ",", "|"];
const EVAL_SYMBOLS: &[&str] =
    &["==", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", "|", ".", "+", "-", "*", "/", "%"];

/// The token at or after byte `from` of `text`.
pub(crate) fn token(text: &str, from: usize, mode: Mode) -> Token {
    let rest = text.get(from..).unwrap_or("");
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = rest.trim_start();
    let (kind, length) = match rest.bytes().next() {
        None => (TokenKind::End, 0),
        Some(b'"') => quoted(rest, b'"'),
        Some(b'\'') if mode == Mode::Eval => quoted(rest, b'\''),
        Some(b'\'') if mode == Mode::Names && quoted(rest, b'\'').0 == TokenKind::Quoted => quoted(rest, b'\''),
        Some(b'`') => match rest.get(1..).and_then(|inner| inner.find('`')) {
            Some(length) => (TokenKind::Macro, length + 2),
            None => (TokenKind::Bad(Bad::UnclosedName), rest.len()),
        },
        Some(_) => match mode {
            Mode::Eval => eval(rest),
            Mode::Search => {
                symbol(rest, SEARCH_SYMBOLS).unwrap_or_else(|| word(rest, ends_search_word, Calls::InWords))
            }
            Mode::Value => {
                symbol(rest, &["(", ")", "[", "]", ",", "|"]).unwrap_or_else(|| word(rest, ends_value, Calls::InWords))
            }
            Mode::Names => symbol(rest, NAME_SYMBOLS).unwrap_or_else(|| word(rest, ends_name, Calls::OfNames)),
        },
    };
    Token { kind, start, end: start + length }
}

/// What empty parentheses after a word are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Calls {
    InWords,
    OfNames,
}

fn symbol(rest: &str, symbols: &[&'static str]) -> Option<(TokenKind, usize)> {
    let found = symbols.iter().find(|symbol| rest.starts_with(**symbol))?;
    Some((TokenKind::Symbol(found), found.len()))
}

/// A run up to the first character that ends it, at least one character long. A backslash takes a quote, bar or other
/// backslash with it, and empty parentheses belong to a word that they follow: `*GetCurrent()*`.
fn word(rest: &str, ends: fn(&str) -> bool, calls: Calls) -> (TokenKind, usize) {
    let mut at = 0;
    while let Some(next) = rest.get(at..).and_then(|rest| rest.chars().next()) {
        let here = rest.get(at..).unwrap_or("");
        if at > 0 && here.starts_with("()") && calls == Calls::InWords {
            at += 2;
            continue;
        }
        if at > 0 && ends(here) {
            break;
        }
        let escapes = next == '\\' && matches!(here.as_bytes().get(1), Some(b'"' | b'\\' | b'|'));
        at += if escapes { 2 } else { next.len_utf8() };
    }
    (TokenKind::Word, at)
}

fn ends_value(rest: &str) -> bool {
    rest.starts_with(|next: char| next.is_whitespace() || matches!(next, '"' | '(' | ')' | '[' | ']' | '|' | ',' | '`'))
}

fn ends_search_word(rest: &str) -> bool {
    ends_value(rest) || rest.starts_with(['=', '<', '>']) || rest.starts_with("!=")
}

fn ends_name(rest: &str) -> bool {
    ends_value(rest) || rest.starts_with('=')
}

fn quoted(rest: &str, quote: u8) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at) {
            None if quote == b'"' => return (TokenKind::Bad(Bad::UnclosedText), rest.len()),
            None => return (TokenKind::Bad(Bad::UnclosedName), rest.len()),
            Some(b'\\') => at += 2,
            Some(&byte) if byte == quote => {
                let kind = if quote == b'"' { TokenKind::Text } else { TokenKind::Quoted };
                return (kind, at + 1);
            }
            Some(_) => at += 1,
        }
    }
}

fn eval(rest: &str) -> (TokenKind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let second_is_digit = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if first.is_ascii_digit() || (first == '.' && second_is_digit) {
        return (TokenKind::Number, number(rest));
    }
    if begins_name(first) {
        return (TokenKind::Word, name(rest));
    }
    symbol(rest, EVAL_SYMBOLS).unwrap_or((TokenKind::Bad(Bad::Character), first.len_utf8()))
}

fn begins_name(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | '$' | '{')
}

/// A name with the dots inside of it: `a.b` is read as a field although Splunk's `.` also joins strings, since that is what
/// every author who writes it without blanks means. A dot before a function's name joins.
fn name(rest: &str) -> usize {
    let part = |from: usize| {
        let inside = |next: char| next.is_alphanumeric() || matches!(next, '_' | '$' | '{' | '}' | ':' | '@');
        let tail = rest.get(from..).unwrap_or("");
        from + (tail.len() - tail.trim_start_matches(inside).len())
    };
    let mut end = part(0);
    while let Some(tail) = rest.get(end..).and_then(|tail| tail.strip_prefix('.')) {
        let next = part(end + 1);
        let is_call = rest.get(next..).unwrap_or("").trim_start().starts_with('(');
        if !tail.starts_with(begins_name) || is_call {
            break;
        }
        end = next;
    }
    end
}

fn number(rest: &str) -> usize {
    let digits = |from: usize| rest.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let bytes = rest.as_bytes();
    let mut length = digits(0);
    // A dot that no digit follows joins strings.
    if bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
        length += 1 + digits(length + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// The characters of a word or of what stands between quotes. Only `\"`, `\\` (and `\'` between single quotes, `\|` outside
/// of quotes) are escapes; a backslash before anything else is one.
pub(crate) fn unescape(text: &str, also: char) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes =
            character == '\\' && characters.peek().is_some_and(|&next| next == '\\' || next == '"' || next == also);
        match characters.next_if(|_| escapes) {
            Some(next) => value.push(next),
            None => value.push(character),
        }
    }
    value
}

/// The text between double quotes that stands for these characters.
pub(crate) fn escape(value: &str, quote: char) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push(quote);
    for character in value.chars() {
        if character == '\\' || character == quote || character == '"' {
            text.push('\\');
        }
        text.push(character);
    }
    text.push(quote);
    text
}

/// Whether the characters, written bare, are one word in that mode.
pub(crate) fn is_bare(value: &str, mode: Mode) -> bool {
    let token = token(value, 0, mode);
    token.kind == TokenKind::Word && token.start == 0 && token.end == value.len() && !value.contains('\\')
}
