//! Tokens to AST: the cursor, and the query around the conditions.
//!
//! Nesting is counted, in the input and in the tree that is built (a long chain of `+` is a deep tree), and refused past
//! [`MAX_DEPTH`], so that neither this parser nor any walk over, or drop of, its result can overflow the stack.

mod expressions;
mod literals;
mod sequences;

pub(super) use expressions::{KEYWORDS, Level};

use super::ast::{Body, EventFilter, Expr, ExprKind, Pipe, Query};
use super::lexer::{self, Bad, Token, TokenKind};
use super::{MAX_DEPTH, MAX_LENGTH};
use crate::Origin;
use crate::dialect::excerpt::shorten;
use ir::{Diagnostic, Span, Spanned, codes};

type Parse<T> = Result<T, Diagnostic>;

/// Most pipes after a query.
const MAX_PIPES: usize = 100;

struct Parser<'a> {
    text: &'a str,
    origin: &'a Origin,
    /// The next token.
    next: Token,
    /// Where the last token that was taken ended.
    end: usize,
    depth: usize,
}

pub(super) fn query(text: &str, origin: &Origin) -> Parse<Query> {
    if text.len() > MAX_LENGTH {
        let message = format!("the query has {} bytes; at most {MAX_LENGTH} are read", text.len());
        return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(origin.span(0, 0)));
    }
    let mut parser = Parser { text, origin, next: lexer::token(text, 0), end: 0, depth: 0 };
    let start = parser.next.start;
    let body = match parser.word() {
        Some("sequence" | "sample") => Body::Sequence(parser.sequence()?),
        Some("join") => return Err(parser.unsupported("`join` is not supported", "write a `sequence` or a `sample`")),
        _ => Body::Event(parser.event_filter()?),
    };
    let pipes = parser.pipes()?;
    Ok(Query { body, pipes, span: parser.span(start) })
}

impl<'a> Parser<'a> {
    fn take(&mut self) -> Token {
        let token = self.next;
        self.end = token.end;
        self.next = lexer::token(self.text, token.end);
        token
    }

    /// The token after the next one.
    fn second(&self) -> Token {
        lexer::token(self.text, self.next.end)
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn text_of(&self, token: Token) -> &'a str {
        self.slice(token.start, token.end)
    }

    fn span_of(&self, token: Token) -> Span {
        self.origin.span(token.start, token.end)
    }

    /// From a start to the end of the last token.
    fn span(&self, start: usize) -> Span {
        self.origin.span(start, self.end.max(start))
    }

    /// The next token, if it is a bare word. Keywords are in lower case.
    fn word(&self) -> Option<&'a str> {
        (self.next.kind == TokenKind::Word).then(|| self.text_of(self.next))
    }

    fn at_keyword(&self, keyword: &str) -> bool {
        self.word() == Some(keyword)
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.take();
        }
        found
    }

    fn expect_keyword(&mut self, keyword: &str) -> Parse<()> {
        if self.eat_keyword(keyword) { Ok(()) } else { Err(self.expected(&format!("`{keyword}`"))) }
    }

    fn at(&self, symbol: &str) -> bool {
        matches!(self.next.kind, TokenKind::Symbol(found) if found == symbol)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.at(symbol);
        if found {
            self.take();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Parse<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    /// The closing bracket that belongs to what began at `open`.
    fn close(&mut self, symbol: &str, open: usize, also: &str) -> Parse<()> {
        if self.eat(symbol) {
            return Ok(());
        }
        let error = self.expected(&format!("{also}`{symbol}`"));
        if error.hint.is_some() {
            return Err(error);
        }
        let opened = self.slice(open, self.end).lines().next().unwrap_or("");
        Err(error.hint(format!("this bracket is still open: `{}`", shorten(opened))))
    }

    /// One or more, with commas between them.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Diagnostic {
        let message = format!("expressions are nested more than {MAX_DEPTH} deep here");
        Diagnostic::refusal(codes::TOO_LARGE, message).at(self.span_of(self.next))
    }

    fn event_filter(&mut self) -> Parse<EventFilter> {
        let token = self.next;
        let category = match token.kind {
            TokenKind::Word if self.text_of(token) == "any" => {
                self.take();
                None
            }
            TokenKind::Text | TokenKind::RawText => Some(self.string()?),
            TokenKind::Word if !KEYWORDS.contains(&self.text_of(token)) => {
                self.take();
                Some(Spanned { value: self.text_of(token).to_owned(), span: self.span_of(token) })
            }
            TokenKind::Quoted => {
                let error = self.expected("an event category");
                return Err(error.hint("an event category stands in double quotes"));
            }
            _ => return Err(self.expected("an event category or `any`")),
        };
        if !self.eat_keyword("where") {
            let error = self.expected("`where`");
            let hint = "a query is `category where condition`; `any` stands for every category";
            return Err(if error.hint.is_some() { error } else { error.hint(hint) });
        }
        Ok(EventFilter { category, condition: self.expression()? })
    }

    fn pipes(&mut self) -> Parse<Vec<Pipe>> {
        let mut pipes = Vec::new();
        while self.eat("|") {
            if pipes.len() >= MAX_PIPES {
                let message = format!("the query has more than {MAX_PIPES} pipes");
                return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(self.span_of(self.next)));
            }
            let token = self.next;
            if token.kind != TokenKind::Word {
                return Err(self.expected("the name of a pipe"));
            }
            self.take();
            let name = Spanned { value: self.text_of(token).to_owned(), span: self.span_of(token) };
            let last = self.at("|") || self.next.kind == TokenKind::End;
            let args = if last { Vec::new() } else { self.list(Self::expression)? };
            pipes.push(Pipe { name, args, span: self.span(token.start) });
        }
        match self.next.kind {
            TokenKind::End => Ok(pipes),
            _ => Err(self.expected("`and`, `or` or the end of the query")),
        }
    }

    /// What is part of the language and not read further.
    fn unsupported(&self, message: &str, hint: &str) -> Diagnostic {
        Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(self.span_of(self.next)).hint(hint)
    }

    /// What was found instead of `what`.
    fn expected(&self, what: &str) -> Diagnostic {
        let token = self.next;
        if let TokenKind::Bad(bad) = token.kind {
            return self.unreadable(token, bad);
        }
        let found = match token.kind {
            TokenKind::End => "the end of the query".to_owned(),
            _ => format!("`{}`", shorten(self.text_of(token))),
        };
        let message = format!("found {found}, expected {what}");
        let error = Diagnostic::refusal(codes::SYNTAX, message).at(self.span_of(token));
        match self.hint(token) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn unreadable(&self, token: Token, bad: Bad) -> Diagnostic {
        let first = self.text_of(token).chars().next().unwrap_or(' ');
        let (message, hint) = match bad {
            Bad::UnclosedText => ("the string is not closed on its line", "end it with the quotes it began with"),
            Bad::SingleQuotes => ("strings in single quotes are not part of the language", "use double quotes"),
            Bad::OldRawText => {
                ("strings with `?` are not part of the language", "write a raw string as `\"\"\"text\"\"\"`")
            }
            Bad::UnclosedName => ("the quoted name is empty or not closed", "end it with a backquote"),
            Bad::UnclosedComment => ("the comment is not closed", "end it with `*/`; block comments nest"),
            Bad::Character => {
                let error = Diagnostic::refusal(codes::SYNTAX, format!("`{first}` means nothing here"));
                return error.at(self.span_of(token)).hint(match first {
                    '&' => "write `and`",
                    '!' => "write `not`, or `!=` between two values",
                    '~' => "`~` stands right after the operator or function: `like~`, `endsWith~(...)`",
                    _ => "a name with other characters than letters, digits, `_` and `.` stands in backquotes",
                });
            }
        };
        let end = if bad == Bad::UnclosedComment { token.start + 2 } else { token.end };
        Diagnostic::refusal(codes::SYNTAX, message).at(self.origin.span(token.start, end)).hint(hint)
    }

    /// What a token that nobody expected was probably meant to be.
    fn hint(&self, token: Token) -> Option<String> {
        let text = self.text_of(token);
        let lower = text.to_ascii_lowercase();
        let hint = match token.kind {
            TokenKind::Word if text != lower && KEYWORDS.contains(&lower.as_str()) => {
                return Some(format!("keywords are written in lower case: `{lower}`"));
            }
            TokenKind::Symbol("=") => "`==` compares, case-sensitive; `:` compares in any case",
            TokenKind::Symbol("|") if self.slice(0, token.start).ends_with('|') => "write `or`",
            TokenKind::Word if self.text_of(token) == "or" || self.text_of(token) == "and" => return None,
            TokenKind::Word if KEYWORDS.contains(&text) => "a field with the name of a keyword stands in backquotes",
            TokenKind::Symbol("-") => "a name with `-` stands in backquotes",
            _ => return None,
        };
        Some(hint.to_owned())
    }

    fn literal_expr(&mut self) -> Parse<Option<Expr>> {
        let start = self.next.start;
        let literal = self.literal()?;
        Ok(literal.map(|literal| Expr { kind: ExprKind::Literal(literal), span: self.span(start) }))
    }
}
