//! Tokens to AST, by recursive descent with a limit to its depth.

use super::ast::{Clause, Conjunction, Fuzzy, Modifier, Operand, Piece, Query, Range};
use super::lexer::{self, Bad, Token, TokenKind};
use super::{MAX_DEPTH, MAX_LENGTH};
use crate::Origin;
use crate::dialect::excerpt::shorten;
use ir::{Diagnostic, Span, Spanned, codes};

type Parse<T> = Result<T, Diagnostic>;

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
    if parser.next.kind == TokenKind::End {
        return Ok(Query { clauses: Vec::new(), span: origin.span(0, text.len()) });
    }
    let query = parser.clauses()?;
    match parser.next.kind {
        TokenKind::End => Ok(query),
        _ => Err(parser.expected("a clause or the end of the query")),
    }
}

impl<'a> Parser<'a> {
    fn take(&mut self) -> Token {
        let token = self.next;
        self.end = token.end;
        self.next = lexer::token(self.text, token.end);
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.next.kind == kind;
        if found {
            self.take();
        }
        found
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

    /// Clauses up to a closing parenthesis or the end.
    fn clauses(&mut self) -> Parse<Query> {
        let start = self.next.start;
        let mut clauses = vec![self.clause(None)?];
        loop {
            let conjunction = match self.next.kind {
                TokenKind::End | TokenKind::Symbol(")") => break,
                TokenKind::And => Some(Conjunction::And),
                TokenKind::Or => Some(Conjunction::Or),
                _ => None,
            };
            if conjunction.is_some() {
                self.take();
            }
            clauses.push(self.clause(conjunction)?);
        }
        Ok(Query { clauses, span: self.span(start) })
    }

    fn clause(&mut self, conjunction: Option<Conjunction>) -> Parse<Clause> {
        let modifier = match self.next.kind {
            TokenKind::Symbol("+") => Some(Modifier::Required),
            TokenKind::Symbol("-" | "!") | TokenKind::Not => Some(Modifier::Prohibited),
            _ => None,
        };
        if modifier.is_some() {
            self.take();
        }
        let start = self.next.start;
        let field = self.field();
        let operand = self.operand()?;
        let boosted = self.next.kind == TokenKind::Boost && self.next.start == self.end;
        let boost = if boosted { Some(self.boost()?) } else { None };
        Ok(Clause { conjunction, modifier, field, operand, boost, span: self.span(start) })
    }

    fn boost(&mut self) -> Parse<Spanned<f64>> {
        let Spanned { value, span } = self.number("the factor of a boost")?;
        match value {
            Some(value) => Ok(Spanned { value, span }),
            None => Err(Diagnostic::refusal(codes::SYNTAX, "a boost has a number after `^`").at(span)),
        }
    }

    /// A word with a colon after it.
    fn field(&mut self) -> Option<Spanned<String>> {
        let token = self.next;
        let colon = lexer::token(self.text, token.end);
        if token.kind != TokenKind::Word || colon.kind != TokenKind::Symbol(":") {
            return None;
        }
        self.take();
        self.take();
        Some(Spanned { value: unescaped(self.text_of(token)), span: self.span_of(token) })
    }

    fn operand(&mut self) -> Parse<Operand> {
        let token = self.next;
        Ok(match token.kind {
            TokenKind::Word => {
                self.take();
                let pieces = pieces(self.text_of(token));
                let fuzzy = self.fuzzy()?;
                Operand::Term { pieces, fuzzy, span: self.span_of(token) }
            }
            TokenKind::Quoted => {
                self.take();
                let text = unescaped(self.slice(token.start + 1, token.end.saturating_sub(1)));
                let text = Spanned { value: text, span: self.span_of(token) };
                Operand::Phrase { text, slop: self.fuzzy()? }
            }
            TokenKind::Regex => {
                self.take();
                let raw = self.slice(token.start + 1, token.end.saturating_sub(1));
                Operand::Regex(Spanned { value: raw.to_owned(), span: self.span_of(token) })
            }
            TokenKind::Symbol("[" | "{") => Operand::Range(self.range()?),
            TokenKind::Symbol("(") => self.group()?,
            _ => return Err(self.expected("a term")),
        })
    }

    fn group(&mut self) -> Parse<Operand> {
        let open = self.next;
        if self.depth >= MAX_DEPTH {
            let message = format!("groups are nested more than {MAX_DEPTH} deep here");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(self.span_of(open)));
        }
        self.depth += 1;
        self.take();
        let query = self.clauses()?;
        self.depth -= 1;
        if self.eat(TokenKind::Symbol(")")) {
            return Ok(Operand::Group(query));
        }
        let error = self.expected("`)`");
        let opened = self.slice(open.start, self.end).lines().next().unwrap_or("");
        Err(error.hint(format!("this bracket is still open: `{}`", shorten(opened))))
    }

    fn fuzzy(&mut self) -> Parse<Option<Spanned<Fuzzy>>> {
        if self.next.kind != TokenKind::Fuzzy || self.next.start != self.end {
            return Ok(None);
        }
        let number = self.number("a distance")?;
        Ok(Some(Spanned { value: Fuzzy(number.value), span: number.span }))
    }

    /// The number after `~` or `^`, which comes next.
    fn number(&mut self, what: &str) -> Parse<Spanned<Option<f64>>> {
        let token = self.take();
        let span = self.span_of(token);
        let digits = self.slice(token.start + 1, token.end);
        if digits.is_empty() {
            return Ok(Spanned { value: None, span });
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Spanned { value: Some(value), span }),
            _ => Err(Diagnostic::refusal(codes::LITERAL, format!("{what} is out of range")).at(span)),
        }
    }

    /// `[low TO high]`, with braces where the limit itself does not belong to the range.
    fn range(&mut self) -> Parse<Range> {
        let open = self.next;
        let low_included = self.text_of(open) == "[";
        self.next = lexer::limit(self.text, open.end);
        let low = self.limit()?;
        if self.text_of(self.next) != "TO" {
            return Err(self.expected("`TO`").hint("a range is written `[1 TO 5]`, without a limit `[1 TO *]`"));
        }
        self.next = lexer::limit(self.text, self.next.end);
        let high = self.limit()?;
        let close = self.next;
        if !matches!(close.kind, TokenKind::Symbol(_)) {
            return Err(self.expected("`]` or `}`"));
        }
        let high_included = self.text_of(close) == "]";
        self.take();
        Ok(Range { low, low_included, high, high_included, span: self.span(open.start) })
    }

    fn limit(&mut self) -> Parse<Option<Spanned<String>>> {
        let token = self.next;
        let raw = self.text_of(token);
        let value = match token.kind {
            TokenKind::Word if raw == "*" => None,
            TokenKind::Word if raw != "TO" => Some(unescaped(raw)),
            TokenKind::Quoted => Some(unescaped(self.slice(token.start + 1, token.end.saturating_sub(1)))),
            _ => return Err(self.expected("a limit of the range")),
        };
        self.end = token.end;
        self.next = lexer::limit(self.text, token.end);
        Ok(value.map(|value| Spanned { value, span: self.span_of(token) }))
    }

    /// What was found instead of `what`.
    fn expected(&self, what: &str) -> Diagnostic {
        let token = self.next;
        let span = self.span_of(token);
        let opening = self.origin.span(token.start, token.start + 1);
        let error = |message: &str, span| Diagnostic::refusal(codes::SYNTAX, message).at(span);
        match token.kind {
            TokenKind::Bad(Bad::UnclosedQuote) => {
                error("the quote is not closed", opening).hint("end the phrase with `\"`; a quote inside is `\\\"`")
            }
            TokenKind::Bad(Bad::UnclosedRegex) => error("the regular expression is not closed", opening)
                .hint("end it with `/`; a slash outside of expressions is `\\/`, or put the value in quotes"),
            TokenKind::Bad(Bad::Escape) => error("a backslash at the end escapes nothing", span).hint("write `\\\\`"),
            TokenKind::End => error(&format!("found the end of the query, expected {what}"), span),
            kind => {
                let message = format!("found `{}`, expected {what}", shorten(self.text_of(token)));
                match kind {
                    TokenKind::Symbol(":") => {
                        error(&message, span).hint("a colon in a value is `\\:`, or put the value in quotes")
                    }
                    TokenKind::And | TokenKind::Or | TokenKind::Not => {
                        error(&message, span).hint("to look for the word itself, put it in quotes")
                    }
                    _ => error(&message, span),
                }
            }
        }
    }
}

/// A backslash makes any character after it an ordinary one.
fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

fn pieces(raw: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        let piece = match character {
            '*' => Piece::Any,
            '?' => Piece::One,
            '\\' => {
                text.extend(characters.next());
                continue;
            }
            _ => {
                text.push(character);
                continue;
            }
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(piece);
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}
