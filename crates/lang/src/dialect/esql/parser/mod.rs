//! Tokens to AST: the cursor that every command's grammar uses, and the query around the commands.
//!
//! Recursive descent with precedence climbing. Nesting is counted, in the input and in the tree that is built (a
//! long chain of `+` is a deep tree), and refused past [`MAX_DEPTH`], so that neither this parser nor any walk over,
//! or drop of, its result can overflow the stack.

mod expressions;
mod literals;
mod names;

pub(super) use expressions::Level;
pub(super) use names::is_keyword;

use super::ast::{Node, Query, Setting};
use super::commands::{self, Command, Source};
use super::lexer::{self, Bad, Mode, Token, TokenKind};
use super::{MAX_COMMANDS, MAX_DEPTH, MAX_LENGTH};
use crate::Origin;
use crate::dialect::excerpt::shorten;
use ir::{Diagnostic, Span, Spanned, codes};

pub(super) type Parse<T> = Result<T, Diagnostic>;

/// A place to return to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    at: usize,
    anonymous: usize,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    origin: &'a Origin,
    mode: Mode,
    /// Where the last token that was taken ended.
    at: usize,
    /// The next token, if it was looked at: from where, and in which mode.
    peeked: Option<(usize, Mode, Token)>,
    /// `?` parameters so far.
    anonymous: usize,
    depth: usize,
}

/// Reads a whole query, going on at the next pipe after an error.
pub(super) fn query(text: &str, origin: &Origin) -> Result<Query, Vec<Diagnostic>> {
    if text.len() > MAX_LENGTH {
        let message = format!("the query has {} bytes; at most {MAX_LENGTH} are read", text.len());
        return Err(vec![Diagnostic::refusal(codes::TOO_LARGE, message).at(origin.span(0, 0))]);
    }
    let mut parser = Parser { text, origin, mode: Mode::Expression, at: 0, peeked: None, anonymous: 0, depth: 0 };
    let mut errors = Vec::new();
    let settings = parser.settings().map_err(|error| vec![error])?;
    let source = parser.recover(&mut errors, |parser| parser.node(Source::parse));
    let mut commands = Vec::new();
    for count in 0.. {
        if parser.peek().kind == TokenKind::End {
            break;
        }
        if count >= MAX_COMMANDS {
            errors.push(parser.too_many_commands());
            break;
        }
        parser.next();
        commands.extend(parser.recover(&mut errors, |parser| parser.node(Command::parse)));
    }
    match source {
        Some(source) if errors.is_empty() => Ok(Query { settings, source, commands }),
        _ => Err(errors),
    }
}

impl<'a> Parser<'a> {
    pub fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }

    pub fn peek(&mut self) -> Token {
        match self.peeked {
            Some((at, mode, token)) if at == self.at && mode == self.mode => token,
            _ => {
                let token = lexer::token(self.text, self.at, self.mode);
                self.peeked = Some((self.at, self.mode, token));
                token
            }
        }
    }

    pub fn next(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        token
    }

    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { at: self.at, anonymous: self.anonymous }
    }

    pub fn rewind(&mut self, to: Checkpoint) {
        self.at = to.at;
        self.anonymous = to.anonymous;
    }

    pub fn text_of(&self, token: Token) -> &'a str {
        self.slice(token.start, token.end)
    }

    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        self.origin.span(start, end)
    }

    pub fn span_of(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }

    /// The span of the next token.
    pub fn here(&mut self) -> Span {
        let token = self.peek();
        self.span_of(token)
    }

    /// Where the next token starts.
    pub fn start(&mut self) -> usize {
        self.peek().start
    }

    /// Where the last token taken ended.
    pub fn end(&self) -> usize {
        self.at
    }

    pub fn at_symbol(&mut self, symbol: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Symbol(found) if found == symbol)
    }

    pub fn eat(&mut self, symbol: &str) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    pub fn expect(&mut self, symbol: &str) -> Parse<Span> {
        if self.at_symbol(symbol) {
            let token = self.next();
            return Ok(self.span_of(token));
        }
        Err(self.expected(&format!("`{symbol}`")))
    }

    pub fn at_keyword(&mut self, keyword: &str) -> bool {
        let token = self.peek();
        matches!(token.kind, TokenKind::Word | TokenKind::Pattern | TokenKind::Source)
            && self.text_of(token).eq_ignore_ascii_case(keyword)
    }

    pub fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.next();
        }
        found
    }

    /// Takes the first of these keywords that comes next; each may be several words.
    pub fn eat_spelling(&mut self, spellings: &[&str]) -> bool {
        let before = self.checkpoint();
        for spelling in spellings {
            if spelling.split(' ').all(|word| self.eat_keyword(word)) {
                return true;
            }
            self.rewind(before);
        }
        false
    }

    pub fn expect_keyword(&mut self, keyword: &str) -> Parse<()> {
        if self.eat_keyword(keyword) { Ok(()) } else { Err(self.expected(&format!("`{keyword}`"))) }
    }

    /// One or more, with commas between them.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Where a byte of the query stands in the file.
    pub fn file_offset(&self, at: usize) -> usize {
        self.origin.span(at, at).start as usize
    }

    /// Runs `parse` one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    pub fn too_deep(&mut self) -> Diagnostic {
        let message = format!("expressions are nested more than {MAX_DEPTH} deep here");
        Diagnostic::refusal(codes::TOO_LARGE, message).at(self.here())
    }

    pub fn node<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Node<T>> {
        let start = self.start();
        let kind = parse(self)?;
        Ok(Node { kind, span: self.span(start, self.end()) })
    }

    /// A string with the place of what was parsed.
    pub fn spanned(&self, value: impl Into<String>, start: usize) -> Spanned<String> {
        Spanned { value: value.into(), span: self.span(start, self.end()) }
    }

    /// Takes tokens up to the next pipe outside parentheses, or the end.
    pub fn skip_command(&mut self) {
        self.mode = Mode::Expression;
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::Symbol("|") if depth == 0 => return,
                TokenKind::Symbol("(" | "[") => depth += 1,
                TokenKind::Symbol(")" | "]") => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
        }
    }

    fn recover<T>(&mut self, errors: &mut Vec<Diagnostic>, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Option<T> {
        self.mode = Mode::Expression;
        self.depth = 0;
        let result = parse(self).and_then(|found| match self.peek().kind {
            TokenKind::End | TokenKind::Symbol("|") => Ok(found),
            _ => Err(self.expected("`|` or the end of the query")),
        });
        match result {
            Ok(found) => {
                self.mode = Mode::Expression;
                Some(found)
            }
            Err(error) => {
                errors.push(error);
                self.skip_command();
                None
            }
        }
    }

    /// `SET name = value, ...;`, any number of times.
    fn settings(&mut self) -> Parse<Vec<Setting>> {
        let mut settings = Vec::new();
        while self.eat_keyword("SET") {
            settings.extend(self.list(|parser| {
                let name = parser.name()?;
                parser.expect("=")?;
                Ok(Setting { name, value: parser.constant()? })
            })?);
            self.expect(";")?;
            if settings.len() > MAX_COMMANDS {
                return Err(self.too_many_commands());
            }
        }
        Ok(settings)
    }

    fn too_many_commands(&mut self) -> Diagnostic {
        let message = format!("the query has more than {MAX_COMMANDS} commands");
        Diagnostic::refusal(codes::TOO_LARGE, message).at(self.here())
    }

    /// What was found instead of `what`.
    pub fn expected(&mut self, what: &str) -> Diagnostic {
        let token = self.peek();
        if let TokenKind::Bad(bad) = token.kind {
            return self.unreadable(token, bad);
        }
        let found = match token.kind {
            TokenKind::End => "the end of the query".to_owned(),
            _ => format!("`{}`", shorten(self.text_of(token))),
        };
        let error =
            Diagnostic::refusal(codes::SYNTAX, format!("found {found}, expected {what}")).at(self.span_of(token));
        match hint(token.kind, self.text_of(token), self.mode) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn unreadable(&self, token: Token, bad: Bad) -> Diagnostic {
        let first = self.slice(token.start, token.end).chars().next().unwrap_or(' ');
        let (message, hint) = match bad {
            Bad::UnclosedText => {
                ("the string is not closed on its line".to_owned(), "end it with `\"`; a line break inside is `\\n`")
            }
            Bad::UnclosedRawText => {
                ("the string is not closed on its line".to_owned(), "end it with `\"\"\"` on the same line")
            }
            Bad::UnclosedName => ("the quoted name is empty or not closed".to_owned(), "end it with a backquote"),
            Bad::UnclosedComment => ("the comment is not closed".to_owned(), "end it with `*/`; block comments nest"),
            Bad::Character => (format!("`{first}` means nothing here"), character_hint(first)),
        };
        let end = match bad {
            Bad::UnclosedComment => token.start + 2,
            _ => token.end,
        };
        Diagnostic::refusal(codes::SYNTAX, message).at(self.span(token.start, end)).hint(hint)
    }
}

fn character_hint(character: char) -> &'static str {
    match character {
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => "strings stand in double quotes: `\"text\"`",
        '&' => "write `AND`",
        '!' => "write `NOT`, or `!=` between two values",
        _ => NEEDS_QUOTES,
    }
}

const NEEDS_QUOTES: &str = "a name with other characters than letters, digits, `_` and `.` stands in backquotes";

/// What a token that nobody expected was probably meant to be.
fn hint(kind: TokenKind, text: &str, mode: Mode) -> Option<String> {
    let hint = match kind {
        TokenKind::Symbol("=~") => "compare with `==`; for any case, compare `TO_LOWER(field)`",
        TokenKind::Symbol("=") => "`==` compares; `=` only names a column",
        TokenKind::Symbol(";") => "a query ends without `;`",
        TokenKind::Symbol("-") if mode == Mode::Names => NEEDS_QUOTES,
        TokenKind::Decimal if text.starts_with('.') => "a part of a name that begins with a digit stands in backquotes",
        TokenKind::Word | TokenKind::Source | TokenKind::Pattern if commands::begins_command(text) => {
            return Some(format!("a command begins with `|`: `| {}`", text.to_ascii_uppercase()));
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
