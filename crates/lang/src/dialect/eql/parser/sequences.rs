//! `sequence` and `sample`, and the events in brackets they are made of.

use super::{Parse, Parser};
use crate::dialect::eql::MAX_STEPS;
use crate::dialect::eql::ast::{Expr, Sequence, Step, TimeSpan, TimeUnit};
use crate::dialect::eql::lexer::TokenKind;
use ir::{Diagnostic, Spanned, codes};

impl Parser<'_> {
    pub fn sequence(&mut self) -> Parse<Sequence> {
        let keyword = self.take();
        let sample = self.text_of(keyword) == "sample";
        let by = self.join_keys()?;
        let max_span = if self.at_keyword("with") { Some(self.max_span(sample)?) } else { None };
        if self.at_keyword("by") {
            return Err(self.expected("`[`").hint("`by` stands before `with maxspan`"));
        }
        let mut steps = Vec::new();
        while self.at("[") || self.at("![") {
            if steps.len() >= MAX_STEPS {
                let message = format!("the sequence has more than {MAX_STEPS} events");
                return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(self.span_of(self.next)));
            }
            steps.push(self.step(sample)?);
        }
        if steps.is_empty() {
            return Err(self.expected("`[`"));
        }
        let until = if !sample && self.eat_keyword("until") { Some(Box::new(self.step(sample)?)) } else { None };
        if sample && self.at_keyword("until") {
            return Err(self.expected("the end of the query").hint("a sample has no `until`"));
        }
        Ok(Sequence { sample, by, max_span, steps, until })
    }

    fn join_keys(&mut self) -> Parse<Vec<Expr>> {
        if self.eat_keyword("by") { self.list(Self::expression) } else { Ok(Vec::new()) }
    }

    fn step(&mut self, sample: bool) -> Parse<Step> {
        let start = self.next.start;
        let missing = !sample && self.eat("![");
        if !missing && !self.eat("[") {
            return Err(self.expected("`[`"));
        }
        let filter = self.event_filter()?;
        self.close("]", start, "`and`, `or` or ")?;
        let by = self.join_keys()?;
        let runs = if !sample && self.at_keyword("with") { Some(self.runs()?) } else { None };
        if runs.is_some() && self.at_keyword("by") {
            return Err(self.expected("`[`").hint("`by` stands before `with runs`"));
        }
        Ok(Step { missing, filter, by, runs, span: self.span(start) })
    }

    /// `with runs=5`
    fn runs(&mut self) -> Parse<Spanned<u32>> {
        self.expect_keyword("with")?;
        self.expect_keyword("runs")?;
        self.expect("=")?;
        let token = self.next;
        if token.kind != TokenKind::Integer {
            return Err(self.expected("a number of runs"));
        }
        self.take();
        match self.text_of(token).parse() {
            Ok(value @ 1..=100) => Ok(Spanned { value, span: self.span_of(token) }),
            _ => Err(Diagnostic::refusal(codes::LITERAL, "`runs` is a number from 1 to 100").at(self.span_of(token))),
        }
    }

    /// `with maxspan=5m`
    fn max_span(&mut self, sample: bool) -> Parse<Spanned<TimeSpan>> {
        if sample {
            return Err(self.expected("`[`").hint("a sample has no `maxspan`"));
        }
        self.expect_keyword("with")?;
        self.expect_keyword("maxspan")?;
        self.expect("=")?;
        let token = self.next;
        if token.kind != TokenKind::Integer {
            return Err(self.expected("a time such as `5m`"));
        }
        self.take();
        let word = self.next;
        let unit = match self.word().filter(|_| word.start == token.end) {
            Some("ms") => TimeUnit::Millisecond,
            Some("s") => TimeUnit::Second,
            Some("m") => TimeUnit::Minute,
            Some("h") => TimeUnit::Hour,
            Some("d") => TimeUnit::Day,
            _ => return Err(self.expected("a unit of time: `ms`, `s`, `m`, `h` or `d`")),
        };
        self.take();
        let span = self.origin.span(token.start, word.end);
        match self.text_of(token).parse() {
            Ok(count @ 1..) => Ok(Spanned { value: TimeSpan { count, unit }, span }),
            _ => Err(Diagnostic::refusal(codes::LITERAL, "`maxspan` is zero or too long").at(span)),
        }
    }
}
