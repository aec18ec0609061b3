//! Tokens to AST, by recursive descent with a limit to its depth.

use super::ast::{Node, NodeKind, Piece, Query, Value, ValueKind, Values, ValuesKind};
use super::lexer::{self, Bad, Token, TokenKind};
use super::{MAX_DEPTH, MAX_LENGTH};
use crate::Origin;
use crate::dialect::excerpt::shorten;
use ir::{CompareOp, Diagnostic, Span, codes};

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
    let span = origin.span(0, text.len());
    if parser.next.kind == TokenKind::End {
        return Ok(Query { condition: None, span });
    }
    let condition = parser.disjunction()?;
    match parser.next.kind {
        TokenKind::End => Ok(Query { condition: Some(condition), span }),
        _ => Err(parser.expected("`and`, `or` or the end of the query")),
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

    /// From a start to the end of the last token.
    fn span(&self, start: usize) -> Span {
        self.origin.span(start, self.end.max(start))
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("conditions are nested more than {MAX_DEPTH} deep here");
            let at = self.origin.span(self.next.start, self.next.end);
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(at));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// One or more with a keyword between them; alone it stays what it is.
    fn chain<T>(
        &mut self,
        keyword: TokenKind,
        mut item: impl FnMut(&mut Self) -> Parse<T>,
        join: impl FnOnce(Vec<T>, Span) -> T,
    ) -> Parse<T> {
        let start = self.next.start;
        let first = item(self)?;
        if self.next.kind != keyword {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(keyword) {
            items.push(item(self)?);
        }
        Ok(join(items, self.span(start)))
    }

    fn disjunction(&mut self) -> Parse<Node> {
        let join = |nodes, span| Node { kind: NodeKind::Or(nodes), span };
        self.chain(TokenKind::Or, Self::conjunction, join)
    }

    fn conjunction(&mut self) -> Parse<Node> {
        let join = |nodes, span| Node { kind: NodeKind::And(nodes), span };
        self.chain(TokenKind::And, Self::negation, join)
    }

    fn negation(&mut self) -> Parse<Node> {
        let start = self.next.start;
        if !self.eat(TokenKind::Not) {
            return self.operand();
        }
        let node = self.operand()?;
        Ok(Node { kind: NodeKind::Not(Box::new(node)), span: self.span(start) })
    }

    fn operand(&mut self) -> Parse<Node> {
        let open = self.next.start;
        if self.eat(TokenKind::Symbol("(")) {
            let inner = self.nested(Self::disjunction)?;
            self.close(")", open)?;
            return Ok(inner);
        }
        let start = self.next.start;
        let literal = self.literal("a field or a value")?;
        let kind = match self.next.kind {
            TokenKind::Symbol(":") => self.after_colon(literal)?,
            TokenKind::Symbol(symbol) if comparison(symbol).is_some() => self.range(literal, symbol)?,
            _ => {
                let values = Values { span: literal.span, kind: ValuesKind::One(literal) };
                NodeKind::Test { field: None, values }
            }
        };
        Ok(Node { kind, span: self.span(start) })
    }

    fn range(&mut self, field: Value, symbol: &str) -> Parse<NodeKind> {
        self.take();
        let op = comparison(symbol).unwrap_or(CompareOp::Equal);
        Ok(NodeKind::Range { field, op, value: self.literal("a value")? })
    }

    fn after_colon(&mut self, field: Value) -> Parse<NodeKind> {
        self.take();
        let open = self.next.start;
        if self.eat(TokenKind::Symbol("{")) {
            let condition = Box::new(self.nested(Self::disjunction)?);
            self.close("}", open)?;
            return Ok(NodeKind::Nested { field, condition });
        }
        Ok(NodeKind::Test { field: Some(field), values: self.values()? })
    }

    fn values(&mut self) -> Parse<Values> {
        let open = self.next.start;
        if self.eat(TokenKind::Symbol("(")) {
            let inner = self.nested(Self::any_value)?;
            self.close(")", open)?;
            return Ok(inner);
        }
        let value = self.literal("a value")?;
        Ok(Values { span: value.span, kind: ValuesKind::One(value) })
    }

    fn any_value(&mut self) -> Parse<Values> {
        let join = |values, span| Values { kind: ValuesKind::Or(values), span };
        self.chain(TokenKind::Or, Self::all_values, join)
    }

    fn all_values(&mut self) -> Parse<Values> {
        let join = |values, span| Values { kind: ValuesKind::And(values), span };
        self.chain(TokenKind::And, Self::no_value, join)
    }

    fn no_value(&mut self) -> Parse<Values> {
        let start = self.next.start;
        if !self.eat(TokenKind::Not) {
            return self.values();
        }
        let values = self.values()?;
        Ok(Values { kind: ValuesKind::Not(Box::new(values)), span: self.span(start) })
    }

    /// A quoted text, or words up to the next keyword or special character.
    fn literal(&mut self, what: &str) -> Parse<Value> {
        let start = self.next.start;
        let kind = match self.next.kind {
            TokenKind::Quoted => {
                let token = self.take();
                ValueKind::Quoted(unquoted(self.slice(token.start + 1, token.end.saturating_sub(1))))
            }
            TokenKind::Word => {
                while self.next.kind == TokenKind::Word {
                    self.take();
                }
                ValueKind::Unquoted(pieces(self.slice(start, self.end)))
            }
            _ => return Err(self.expected(what)),
        };
        Ok(Value { kind, span: self.span(start) })
    }

    /// The closing bracket that belongs to the one at `open`.
    fn close(&mut self, symbol: &'static str, open: usize) -> Parse<()> {
        if self.eat(TokenKind::Symbol(symbol)) {
            return Ok(());
        }
        let error = self.expected(&format!("`and`, `or` or `{symbol}`"));
        if error.hint.is_some() {
            return Err(error);
        }
        let opened = self.slice(open, self.end).lines().next().unwrap_or("");
        Err(error.hint(format!("this bracket is still open: `{}`", shorten(opened))))
    }

    /// What was found instead of `what`.
    fn expected(&self, what: &str) -> Diagnostic {
        let token = self.next;
        let written = self.slice(token.start, token.end);
        let span = self.origin.span(token.start, token.end);
        let (message, hint) = match token.kind {
            TokenKind::Bad(Bad::UnclosedQuote) => {
                let span = self.origin.span(token.start, token.start + 1);
                return Diagnostic::refusal(codes::SYNTAX, "the quote is not closed")
                    .at(span)
                    .hint("end the value with `\"`; a quote inside is `\\\"`");
            }
            TokenKind::Bad(Bad::Escape) => {
                (format!("`{written}` is no escape"), Some("a backslash outside quotes is written `\\\\`"))
            }
            TokenKind::End => (format!("found the end of the query, expected {what}"), None),
            kind => (format!("found `{}`, expected {what}", shorten(written)), self.hint(kind)),
        };
        let error = Diagnostic::refusal(codes::SYNTAX, message).at(span);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// What was probably meant.
    fn hint(&self, found: TokenKind) -> Option<&'static str> {
        let before = self.slice(0, self.end);
        let equals = before.ends_with('=') || before.ends_with(":=");
        match found {
            TokenKind::Quoted | TokenKind::Word | TokenKind::Symbol("(") if equals => {
                Some("a field and its value are joined by `:`")
            }
            TokenKind::Symbol("<" | ">") if before.ends_with('!') => Some("unequal is written `not field: value`"),
            TokenKind::Symbol(":") => Some("join conditions with `and` or `or`, and put values with `:` in quotes"),
            TokenKind::Quoted => Some("values of a list are joined by `or`"),
            TokenKind::And | TokenKind::Or | TokenKind::Not => Some("to look for the word itself, put it in quotes"),
            TokenKind::Symbol("{" | "}") => {
                Some("braces hold the condition on a nested field; in a value, put it in quotes")
            }
            _ => None,
        }
    }
}

fn comparison(symbol: &str) -> Option<CompareOp> {
    Some(match symbol {
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterOrEqual,
        _ => return None,
    })
}

/// The text between quotes with its escapes resolved; a backslash before anything else stands for itself.
fn unquoted(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(tail) = raw.get(at..)
        && let Some(character) = tail.chars().next()
    {
        let escaped = if character == '\\' { tail.chars().nth(1) } else { None };
        let (found, length) = match escaped {
            Some('t') => ('\t', 2),
            Some('r') => ('\r', 2),
            Some('n') => ('\n', 2),
            Some(escaped @ ('\\' | '"')) => (escaped, 2),
            Some('u') => lexer::unicode_escape(tail).map_or((character, 1), |found| (found, 6)),
            _ => (character, character.len_utf8()),
        };
        text.push(found);
        at += length;
    }
    text
}

/// Words with their escapes resolved and their wildcards found.
fn pieces(raw: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(tail) = raw.get(at..)
        && let Some(character) = tail.chars().next()
    {
        if character == '*' {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Any);
            at += 1;
            continue;
        }
        let (found, length) = lexer::escape(tail).unwrap_or((character, character.len_utf8()));
        text.push(found);
        at += length;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}
