//! Tokens to AST: the cursor that every operator's grammar uses.
//!
//! Recursive descent with precedence climbing. Nesting is counted, in the input and in the tree that is built (a long
//! chain of `+` is a deep tree), and refused past [`MAX_DEPTH`], so that neither this parser nor any walk over, or drop
//! of, its result can overflow the stack.

mod expressions;
mod literals;
mod names;
mod pipes;
mod statements;

pub(super) use expressions::Level;
pub(super) use literals::TYPES;
pub(super) use names::{is_bare, is_reserved};
pub(super) use statements::script;

use super::lexer::{self, Bad, Token, TokenKind};
use super::{MAX_DEPTH, MAX_STATEMENTS};
use crate::Origin;
use ir::{Diagnostic, Span, Spanned, codes};

pub(super) type Parse<T> = Result<T, Diagnostic>;

pub(super) struct Parser<'a> {
    text: &'a str,
    origin: &'a Origin,
    /// Where the last token that was taken ended.
    at: usize,
    /// The next token, if it was looked at, and from where.
    peeked: Option<(usize, Token)>,
    depth: usize,
    /// Greatest height of the expressions that were read since somebody last asked.
    tallest: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, origin: &'a Origin) -> Self {
        Parser { text, origin, at: 0, peeked: None, depth: 0, tallest: 0 }
    }

    pub fn peek(&mut self) -> Token {
        match self.peeked {
            Some((at, token)) if at == self.at => token,
            _ => {
                let token = lexer::token(self.text, self.at);
                self.peeked = Some((self.at, token));
                token
            }
        }
    }

    /// The token after the next one.
    pub fn peek_second(&mut self) -> Token {
        let first = self.peek();
        lexer::token(self.text, first.end)
    }

    pub fn next(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        token
    }

    /// A place to return to with [`Self::rewind`].
    pub fn checkpoint(&self) -> usize {
        self.at
    }

    pub fn rewind(&mut self, to: usize) {
        self.at = to;
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

    /// Where the next token starts.
    pub fn start(&mut self) -> usize {
        self.peek().start
    }

    /// Where the last token taken ended.
    pub fn end(&self) -> usize {
        self.at
    }

    /// The span from a place to the end of the last token taken.
    pub fn since(&self, start: usize) -> Span {
        self.span(start, self.at.max(start))
    }

    pub fn spanned(&self, value: impl Into<String>, start: usize) -> Spanned<String> {
        Spanned { value: value.into(), span: self.since(start) }
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

    pub fn expect(&mut self, symbol: &str) -> Parse<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    /// The closing bracket that belongs to the one at `open`, or to the word before it.
    pub fn close(&mut self, symbol: &str, open: usize) -> Parse<()> {
        if self.eat(symbol) {
            return Ok(());
        }
        let error = self.expected(&format!("`{symbol}`"));
        if error.hint.is_some() {
            return Err(error);
        }
        let opened = self.slice(open, self.end()).lines().next().unwrap_or("");
        Err(error.hint(format!("this bracket is still open: `{}`", shorten(opened))))
    }

    /// Keywords are in lower case.
    pub fn at_keyword(&mut self, keyword: &str) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && self.text_of(token) == keyword
    }

    pub fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.next();
        }
        found
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
        let token = self.peek();
        Diagnostic::refusal(codes::TOO_LARGE, format!("nested more than {MAX_DEPTH} levels deep"))
            .at(self.span_of(token))
    }

    pub fn too_many(&mut self, what: &str) -> Diagnostic {
        let token = self.peek();
        Diagnostic::refusal(codes::TOO_LARGE, format!("more than {MAX_STATEMENTS} {what}")).at(self.span_of(token))
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
        match self.hint(token) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn unreadable(&self, token: Token, bad: Bad) -> Diagnostic {
        let first = self.slice(token.start, token.end).chars().next().unwrap_or(' ');
        let (message, hint) = match bad {
            Bad::UnclosedText => (
                "the string is not closed on its line".to_owned(),
                "end it with the quote it begins with; only strings in ``` go over lines",
            ),
            Bad::UnclosedLongText => ("the string is not closed".to_owned(), "end it as it begins"),
            Bad::Character => (format!("`{first}` means nothing here"), character_hint(first)),
        };
        let end = if bad == Bad::UnclosedLongText { token.start + 3 } else { token.end };
        Diagnostic::refusal(codes::SYNTAX, message).at(self.span(token.start, end)).hint(hint)
    }

    /// What a token that nobody expected was probably meant to be.
    fn hint(&mut self, token: Token) -> Option<String> {
        let text = self.text_of(token);
        let hint = match token.kind {
            TokenKind::Symbol("=") => "`==` compares; `=` only names a column",
            TokenKind::Word if super::operators::begins_operator(&text.to_ascii_lowercase()) => {
                return Some(format!("an operator begins with `|`: `| {}`", text.to_ascii_lowercase()));
            }
            TokenKind::Word if matches!(text, "AND" | "OR" | "IN" | "BY" | "ON" | "Between" | "BETWEEN") => {
                return Some(format!("keywords are in lower case: `{}`", text.to_ascii_lowercase()));
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn character_hint(character: char) -> &'static str {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => "strings stand in straight quotes: `\"text\"`",
        '&' => "write `and`",
        '!' => "write `not(...)`, or `!=` between two values",
        '?' => "parameters are declared with `declare query_parameters`",
        _ => "a name with other characters than letters, digits and `_` stands in brackets: `['name']`",
    }
}

/// The beginning of a long piece of text, for a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
