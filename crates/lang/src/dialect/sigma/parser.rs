//! Conditions and keys.
//!
//! ```text
//! condition   := or [ '|' aggregation ]
//! or          := and { 'or' and }            and := not { 'and' not }
//! not         := 'not' not | '(' or ')' | quantifier 'of' (pattern | 'them') | selection
//! quantifier  := 'all' | 'any' | number
//! aggregation := 'near' or | statistic '(' [field] ')' [ 'by' field { ',' field } ] comparison number
//! ```

use super::ast::{Aggregation, Condition, ConditionExpr, ConditionKind, Key, Quantifier, Statistic};
use super::lexer::{Token, TokenKind, tokens};
use super::{MAX_CONDITION, MAX_DEPTH};
use crate::Origin;
use crate::similar::similar;
use ir::{Diagnostic, Literal, Span, Spanned, codes};

const KEYWORDS: [&str; 7] = ["and", "or", "not", "of", "them", "by", "near"];

pub(super) fn condition(text: &str, origin: &Origin) -> Result<Condition, Diagnostic> {
    if text.len() > MAX_CONDITION {
        let message = format!("the condition has {} bytes; at most {MAX_CONDITION} are read", text.len());
        return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(origin.span(0, text.len())));
    }
    let tokens = tokens(text, origin)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expr = parser.or()?;
    let aggregation = if parser.eat(TokenKind::Pipe) { Some(parser.aggregation()?) } else { None };
    let last = parser.peek();
    if last.kind != TokenKind::End {
        return Err(parser.unexpected("`and`, `or`, `|` or the end of the condition"));
    }
    let span = origin.span(text.len() - text.trim_start().len(), text.trim_end().len());
    Ok(Condition { expr, aggregation, span })
}

pub(super) fn key(text: &str, origin: &Origin) -> Key {
    let mut offset = 0;
    let mut parts = text.split('|').map(|part| {
        let start = offset;
        offset += part.len() + 1;
        Spanned { value: part.to_owned(), span: origin.span(start, start + part.len()) }
    });
    let field = parts.next().filter(|field| !field.value.is_empty());
    Key { field, modifiers: parts.collect(), span: origin.span(0, text.len()) }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn token(&self, at: usize) -> Token<'a> {
        // The last token is the end, and stays.
        self.tokens
            .get(at)
            .or_else(|| self.tokens.last())
            .cloned()
            .unwrap_or(Token { kind: TokenKind::End, span: Span::default() })
    }

    fn peek(&self) -> Token<'a> {
        self.token(self.at)
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn eat(&mut self, kind: TokenKind<'_>) -> bool {
        let found = self.peek().kind == kind;
        self.at += usize::from(found);
        found
    }

    /// Keywords may be written in capitals, as older converters allowed.
    fn is_keyword(&self, ahead: usize, keyword: &str) -> bool {
        matches!(self.token(self.at + ahead).kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(0, keyword);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self, expected: &str) -> Diagnostic {
        let found = self.peek();
        let error = Diagnostic::refusal(codes::SYNTAX, format!("found {}, expected {expected}", found.kind.shown()))
            .at(found.span);
        let TokenKind::Word(word) = found.kind else { return error };
        let statistics = Statistic::ALL.map(Statistic::name);
        match similar(word, KEYWORDS.iter().chain(&statistics).copied()) {
            Some(meant) if !meant.eq_ignore_ascii_case(word) => error.hint(format!("`{meant}` is similar")),
            _ => error,
        }
    }

    fn or(&mut self) -> Result<ConditionExpr, Diagnostic> {
        self.chain("or", Self::and, ConditionKind::Or)
    }

    fn and(&mut self) -> Result<ConditionExpr, Diagnostic> {
        self.chain("and", Self::not, ConditionKind::And)
    }

    fn chain(
        &mut self,
        keyword: &str,
        operand: impl Fn(&mut Self) -> Result<ConditionExpr, Diagnostic>,
        join: impl Fn(Vec<ConditionExpr>) -> ConditionKind,
    ) -> Result<ConditionExpr, Diagnostic> {
        let first = operand(self)?;
        if !self.is_keyword(0, keyword) {
            return Ok(first);
        }
        let mut span = first.span;
        let mut operands = vec![first];
        while self.eat_keyword(keyword) {
            let next = operand(self)?;
            span = span.to(next.span);
            operands.push(next);
        }
        Ok(ConditionExpr { kind: join(operands), span })
    }

    fn not(&mut self) -> Result<ConditionExpr, Diagnostic> {
        let start = self.peek().span;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("brackets and negations are nested more than {MAX_DEPTH} deep");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(start));
        }
        let expr = if self.eat_keyword("not") {
            let operand = self.not()?;
            let span = start.to(operand.span);
            ConditionExpr { kind: ConditionKind::Not(Box::new(operand)), span }
        } else if self.eat(TokenKind::Open) {
            let inner = self.or()?;
            let end = self.peek().span;
            if !self.eat(TokenKind::Close) {
                return Err(self.unexpected("`and`, `or` or `)`").hint("the bracket that is open has no end"));
            }
            ConditionExpr { kind: inner.kind, span: start.to(end) }
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn primary(&mut self) -> Result<ConditionExpr, Diagnostic> {
        let Token { kind: TokenKind::Word(word), span } = self.peek() else {
            return Err(self.unexpected("a selection, `not`, `1 of`, `all of` or `(`"));
        };
        if self.is_keyword(1, "of") {
            let quantifier = quantifier(word).ok_or_else(|| {
                let message = format!("found `{word}` before `of`, expected a number, `all` or `any`");
                Diagnostic::refusal(codes::SYNTAX, message).at(span)
            })?;
            self.at += 2;
            let Token { kind: TokenKind::Word(pattern), span: place } = self.peek() else {
                return Err(self.unexpected("a pattern of selections such as `selection_*`, or `them`"));
            };
            self.at += 1;
            let pattern = if pattern.eq_ignore_ascii_case("them") { "them" } else { pattern };
            let pattern = Spanned { value: pattern.to_owned(), span: place };
            return Ok(ConditionExpr { kind: ConditionKind::Of { quantifier, pattern }, span: span.to(place) });
        }
        let operator = ["and", "or", "of", "by"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
        if operator || word.contains(['*', '?']) {
            let error = self.unexpected("a selection, `not`, `1 of`, `all of` or `(`");
            let hint = format!("`1 of {word}` or `all of {word}` names several selections");
            return Err(if operator { error } else { error.hint(hint) });
        }
        self.at += 1;
        Ok(ConditionExpr { kind: ConditionKind::Selection(word.to_owned()), span })
    }

    fn aggregation(&mut self) -> Result<Aggregation, Diagnostic> {
        if self.eat_keyword("near") {
            return Ok(Aggregation::Near(self.or()?));
        }
        let expected = "`near`, `count`, `min`, `max`, `avg` or `sum`";
        let Token { kind: TokenKind::Word(word), span } = self.peek() else { return Err(self.unexpected(expected)) };
        let function = Statistic::ALL.into_iter().find(|function| word.eq_ignore_ascii_case(function.name()));
        let Some(function) = function else { return Err(self.unexpected(expected)) };
        self.at += 1;
        if !self.eat(TokenKind::Open) {
            return Err(self.unexpected("`(`"));
        }
        let field = if self.eat(TokenKind::Close) {
            None
        } else {
            let field = self.field()?;
            if !self.eat(TokenKind::Close) {
                return Err(self.unexpected("`)`"));
            }
            Some(field)
        };
        if field.is_none() && function != Statistic::Count {
            let message = format!("`{}` needs a field", function.name());
            return Err(Diagnostic::refusal(codes::SYNTAX, message).at(span));
        }
        let mut by = Vec::new();
        if self.eat_keyword("by") {
            by.push(self.field()?);
            while self.eat(TokenKind::Comma) {
                by.push(self.field()?);
            }
        }
        let TokenKind::Compare(op) = self.peek().kind else { return Err(self.unexpected("a comparison such as `>`")) };
        self.at += 1;
        let threshold = self.number()?;
        Ok(Aggregation::Statistic { function: Spanned { value: function, span }, field, by, op, threshold })
    }

    fn field(&mut self) -> Result<Spanned<String>, Diagnostic> {
        match self.next() {
            Token { kind: TokenKind::Word(word), span } => Ok(Spanned { value: word.to_owned(), span }),
            _ => {
                self.at -= 1;
                Err(self.unexpected("a field"))
            }
        }
    }

    fn number(&mut self) -> Result<Spanned<Literal>, Diagnostic> {
        let Token { kind: TokenKind::Word(word), span } = self.peek() else { return Err(self.unexpected("a number")) };
        let literal = match (word.parse::<i64>(), word.parse::<f64>()) {
            (Ok(integer), _) => i32::try_from(integer).map_or(Literal::Long(integer), Literal::Integer),
            (_, Ok(double))
                if double.is_finite() && word.ends_with(|last: char| last.is_ascii_digit() || last == '.') =>
            {
                Literal::Double(double)
            }
            _ => return Err(self.unexpected("a number")),
        };
        self.at += 1;
        Ok(Spanned { value: literal, span })
    }
}

fn quantifier(word: &str) -> Option<Quantifier> {
    if word.eq_ignore_ascii_case("all") {
        Some(Quantifier::All)
    } else if word.eq_ignore_ascii_case("any") {
        Some(Quantifier::Any)
    } else {
        word.parse().ok().filter(|&count| count > 0).map(Quantifier::AtLeast)
    }
}
