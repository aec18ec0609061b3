//! Tokens to AST: the cursor that every command's grammar uses, and the query around the commands.
//!
//! Recursive descent. Nesting is counted, in the input and in the tree that is built (a long chain of `+` is a deep tree),
//! and refused past [`MAX_DEPTH`], so that neither this parser nor any walk over, or drop of, its result can overflow the
//! stack.

mod aggregates;
mod eval;
mod search;
mod words;

use super::ast::{Node, Query};
use super::commands::{self, Command};
use super::lexer::{self, Bad, Mode, Token, TokenKind};
use super::{MAX_COMMANDS, MAX_DEPTH, MAX_LENGTH};
use crate::Origin;
use ir::{Diagnostic, Span, codes};

pub(super) type Parse<T> = Result<T, Diagnostic>;

/// How many levels of [`MAX_DEPTH`] a subsearch counts for.
const SUBSEARCH_LEVELS: usize = 10;

/// A place to return to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    at: usize,
    depth: usize,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    origin: &'a Origin,
    mode: Mode,
    /// Where the last token that was taken ended.
    at: usize,
    /// The next token, if it was looked at: from where, and in which mode.
    peeked: Option<(usize, Mode, Token)>,
    depth: usize,
    /// Errors of commands that were skipped.
    errors: Vec<Diagnostic>,
}

/// Reads a whole query, going on at the next pipe after an error.
pub(super) fn query(text: &str, origin: &Origin) -> Result<Query, Vec<Diagnostic>> {
    let mut parser = Parser { text, origin, mode: Mode::Search, at: 0, peeked: None, depth: 0, errors: Vec::new() };
    if text.len() > MAX_LENGTH {
        let message = format!("the query has {} bytes; at most {MAX_LENGTH} are read", text.len());
        return Err(vec![Diagnostic::refusal(codes::TOO_LARGE, message).at(origin.span(0, 0))]);
    }
    let query = parser.whole();
    match query {
        Ok(query) if parser.errors.is_empty() => Ok(query),
        Ok(_) => Err(parser.errors),
        Err(error) => {
            parser.errors.push(error);
            Err(parser.errors)
        }
    }
}

/// Reads a condition of `search` that stands in a string.
pub(super) fn condition(text: &str, place: Span) -> Parse<super::ast::Search> {
    let mut origin = Origin::default();
    origin.add_within(0, place);
    let mut parser =
        Parser { text, origin: &origin, mode: Mode::Search, at: 0, peeked: None, depth: 0, errors: Vec::new() };
    let condition = parser.search_condition(false)?;
    if parser.peek().kind == TokenKind::End { Ok(condition) } else { Err(parser.expected("the end of the condition")) }
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Parse<Query> {
        // A query that begins with terms, not with a pipe, begins with a search.
        let begins_with_terms = !self.at_symbol("|") && !self.at_keyword("search");
        let query = self.commands(begins_with_terms)?;
        if self.peek().kind == TokenKind::End { Ok(query) } else { Err(self.expected("`|` or the end of the query")) }
    }

    /// A query between brackets, the opening one taken.
    pub fn subsearch(&mut self) -> Parse<Query> {
        let mode = self.mode;
        self.expect("[")?;
        // A subsearch takes far more stack than a parenthesis, and nobody nests more than a few.
        for _ in 0..SUBSEARCH_LEVELS {
            self.deepen()?;
        }
        self.mode = Mode::Names;
        let query = self.commands(false)?;
        self.rise(SUBSEARCH_LEVELS);
        self.expect("]")?;
        self.mode = mode;
        Ok(query)
    }

    fn commands(&mut self, begins_with_terms: bool) -> Parse<Query> {
        let mut commands = Vec::new();
        if begins_with_terms {
            commands.extend(self.recover(|parser| parser.node(Command::implicit_search)));
        } else {
            self.mode = Mode::Names;
            self.eat("|");
            commands.extend(self.recover(|parser| parser.node(Command::parse)));
        }
        self.mode = Mode::Names;
        for count in 1.. {
            if !self.eat("|") {
                break;
            }
            if count >= MAX_COMMANDS {
                let message = format!("the query has more than {MAX_COMMANDS} commands");
                return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(self.here()));
            }
            // An empty command (`| |`) does nothing in Splunk either.
            if self.at_symbol("|") || self.peek().kind == TokenKind::End {
                continue;
            }
            commands.extend(self.recover(|parser| parser.node(Command::parse)));
            self.mode = Mode::Names;
        }
        Ok(Query { commands })
    }

    fn node<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Node<T>> {
        let start = self.start();
        let kind = parse(self)?;
        self.mode = Mode::Names;
        if !self.at_end_of_command() {
            return Err(self.expected("`|` or the end of the query"));
        }
        Ok(Node { kind, span: self.span(start, self.at) })
    }

    /// `None` after an error, which is kept; what the command held is skipped. Inside of a subsearch the error ends it.
    fn recover<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Option<T> {
        let depth = self.depth;
        match parse(self) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error);
                self.depth = depth;
                self.skip_command();
                None
            }
        }
    }

    /// Goes to the end of the command: the next pipe, or the bracket that closes the subsearch.
    pub fn skip_command(&mut self) {
        self.mode = Mode::Names;
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::Symbol("|") if depth == 0 => return,
                TokenKind::Symbol("]") if depth == 0 => return,
                TokenKind::Symbol("[") => depth += 1,
                TokenKind::Symbol("]") => depth -= 1,
                _ => {}
            }
            self.next();
        }
    }

    pub fn at_end_of_command(&mut self) -> bool {
        matches!(self.peek().kind, TokenKind::End | TokenKind::Symbol("|" | "]"))
    }

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
        Checkpoint { at: self.at, depth: self.depth }
    }

    pub fn rewind(&mut self, to: Checkpoint) {
        self.at = to.at;
        self.depth = to.depth;
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
        token.kind == TokenKind::Word && self.text_of(token).eq_ignore_ascii_case(keyword)
    }

    pub fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.next();
        }
        found
    }

    /// Whether a symbol follows the next token.
    pub fn followed_by(&mut self, symbols: &[&str]) -> bool {
        let back = self.checkpoint();
        self.next();
        let found = matches!(self.peek().kind, TokenKind::Symbol(found) if symbols.contains(&found));
        self.rewind(back);
        found
    }

    /// Runs `parse` one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.deepen()?;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Counts a level of the tree that is built without recursion.
    pub fn deepen(&mut self) -> Parse<()> {
        if self.depth >= MAX_DEPTH {
            let message = format!("expressions and subsearches are nested more than {MAX_DEPTH} deep");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(self.here()));
        }
        self.depth += 1;
        Ok(())
    }

    pub fn rise(&mut self, levels: usize) {
        self.depth = self.depth.saturating_sub(levels);
    }

    /// What is wrong with the next token, where something else had to stand.
    pub fn expected(&mut self, what: &str) -> Diagnostic {
        let token = self.peek();
        let span = self.span_of(token);
        let message = match token.kind {
            TokenKind::End => format!("the query ends where {what} is expected"),
            TokenKind::Bad(Bad::UnclosedText) => "the string has no end: a double quote is missing".to_owned(),
            TokenKind::Bad(Bad::UnclosedName) => "the name has no end: a quote is missing".to_owned(),
            TokenKind::Macro => {
                let message = format!("no such macro: {}", self.text_of(token));
                let hint = "macros are read from the `macros` folder of the rule's repository";
                return Diagnostic::refusal(codes::UNKNOWN_MACRO, message).at(span).hint(hint);
            }
            _ => {
                let text: String = self.text_of(token).chars().take(40).collect();
                format!("found `{text}` where {what} is expected")
            }
        };
        let span = match token.kind {
            // The rest of the query is no help: the quote that has no partner is.
            TokenKind::Bad(Bad::UnclosedText | Bad::UnclosedName) => self.span(token.start, token.start + 1),
            _ => span,
        };
        Diagnostic::refusal(codes::SYNTAX, message).at(span)
    }

    /// The name of the command that stands here, in lower case.
    pub fn command_name(&mut self) -> Parse<(String, Span)> {
        let token = self.peek();
        if token.kind != TokenKind::Word {
            return Err(self.expected("a command"));
        }
        self.next();
        Ok((self.text_of(token).to_ascii_lowercase(), self.span_of(token)))
    }

    /// A macro that nobody defines, in the place of a command.
    pub fn eat_macro(&mut self) -> Option<super::ast::MacroCall> {
        let token = self.peek();
        (token.kind == TokenKind::Macro).then(|| {
            self.next();
            let text = self.text_of(token).trim_matches('`').to_owned();
            super::ast::MacroCall { text, span: self.span_of(token) }
        })
    }

    /// Reads `by` where it stands, in any case and as `groupby` too.
    pub fn eat_by(&mut self) -> bool {
        self.eat_keyword("by") || self.eat_keyword("groupby")
    }
}

/// Words that end a condition in `tstats`.
pub(super) fn ends_where(word: &str) -> bool {
    commands::CLAUSES.iter().any(|clause| clause.eq_ignore_ascii_case(word))
}
