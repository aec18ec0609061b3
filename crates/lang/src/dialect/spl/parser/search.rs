//! Conditions of `search`: OR binds tighter than AND, which is what stands between terms that nothing joins.
//!
//! Facts: "Boolean expressions with logical operators" in Splunk's Search Manual; the operators are words in capitals.

use super::{Parse, Parser, ends_where};
use crate::dialect::spl::ast::{Directive, Search, SearchKind, Word};
use crate::dialect::spl::lexer::{Mode, TokenKind};
use ir::{CompareOp, Span};

const COMPARISONS: &[(&str, CompareOp)] = &[
    ("=", CompareOp::Equal),
    ("!=", CompareOp::NotEqual),
    ("<", CompareOp::Less),
    ("<=", CompareOp::LessOrEqual),
    (">", CompareOp::Greater),
    (">=", CompareOp::GreaterOrEqual),
];

impl Parser<'_> {
    /// A whole condition. In `tstats` it ends at the word BY.
    pub fn search_condition(&mut self, in_tstats: bool) -> Parse<Search> {
        let mode = std::mem::replace(&mut self.mode, Mode::Search);
        let condition = self.conjunction(in_tstats);
        self.mode = mode;
        condition
    }

    fn conjunction(&mut self, in_tstats: bool) -> Parse<Search> {
        self.chain(
            SearchKind::And,
            |parser| {
                let explicit = parser.eat_operator("AND");
                // Commas between terms are blanks.
                while parser.eat(",") {}
                explicit || parser.at_term(in_tstats)
            },
            |parser| parser.disjunction(in_tstats),
        )
    }

    fn disjunction(&mut self, in_tstats: bool) -> Parse<Search> {
        self.chain(SearchKind::Or, |parser| parser.eat_operator("OR"), |parser| parser.negation(in_tstats))
    }

    fn chain(
        &mut self,
        join: fn(Vec<Search>) -> SearchKind,
        mut goes_on: impl FnMut(&mut Self) -> bool,
        mut operand: impl FnMut(&mut Self) -> Parse<Search>,
    ) -> Parse<Search> {
        let first = operand(self)?;
        if !goes_on(self) {
            return Ok(first);
        }
        let mut operands = vec![first];
        loop {
            operands.push(operand(self)?);
            if !goes_on(self) {
                break;
            }
        }
        let span = operands.iter().map(|operand| operand.span).reduce(Span::to).unwrap_or_default();
        Ok(Search { kind: join(operands), span })
    }

    /// Operators count in capitals only; in small letters they are words to look for.
    fn eat_operator(&mut self, operator: &str) -> bool {
        let token = self.peek();
        let found = token.kind == TokenKind::Word && self.text_of(token) == operator && !self.names_a_field();
        if found {
            self.next();
        }
        found
    }

    /// Whether an operator stands where it joins nothing.
    fn at_operator(&mut self) -> bool {
        let token = self.peek();
        let is_operator = token.kind == TokenKind::Word && matches!(self.text_of(token), "AND" | "OR" | "NOT");
        is_operator && !self.names_a_field()
    }

    fn names_a_field(&mut self) -> bool {
        self.followed_by(&["=", "!=", "<", "<=", ">", ">="])
    }

    fn at_term(&mut self, in_tstats: bool) -> bool {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => !(in_tstats && ends_where(self.text_of(token)) && !self.names_a_field()),
            TokenKind::Text | TokenKind::Macro | TokenKind::Symbol("(" | "[") => true,
            _ => false,
        }
    }

    fn negation(&mut self, in_tstats: bool) -> Parse<Search> {
        let start = self.start();
        if !self.eat_operator("NOT") {
            return self.term(in_tstats);
        }
        let operand = self.nested(|parser| parser.negation(in_tstats))?;
        let span = self.span(start, self.end());
        Ok(Search { kind: SearchKind::Not(Box::new(operand)), span })
    }

    fn term(&mut self, in_tstats: bool) -> Parse<Search> {
        let start = self.start();
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::Symbol("(") => {
                self.next();
                let inner = self.nested(|parser| parser.conjunction(in_tstats))?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol("[") => SearchKind::Subsearch(self.subsearch()?),
            TokenKind::Macro => match self.eat_macro() {
                Some(call) => SearchKind::Macro(call),
                None => return Err(self.expected("a term")),
            },
            TokenKind::Word | TokenKind::Text if self.at_term(in_tstats) && !self.at_operator() => {
                let word = self.word("a term")?;
                self.after_word(word)?
            }
            _ => return Err(self.expected("a term")),
        };
        Ok(Search { kind, span: self.span(start, self.end()) })
    }

    /// A comparison, a list, a directive, or the word itself.
    fn after_word(&mut self, word: Word) -> Parse<SearchKind> {
        if let Some(directive) = self.directive(&word) {
            return Ok(SearchKind::Directive { field: None, directive, word: self.in_parentheses()? });
        }
        let operator = match self.peek().kind {
            TokenKind::Symbol(symbol) => COMPARISONS.iter().find(|(spelling, _)| *spelling == symbol),
            _ => None,
        };
        if let Some((_, op)) = operator {
            self.next();
            // Splunk reads `==` as `=`.
            if *op == CompareOp::Equal {
                self.eat("=");
            }
            return self.comparison(word, *op);
        }
        let back = self.checkpoint();
        if self.eat_keyword("in") && self.at_symbol("(") {
            return Ok(SearchKind::In { field: word, list: self.value_list()? });
        }
        self.rewind(back);
        // No part of the documented grammar, but what is meant is plain.
        if self.eat_keyword("not") && self.eat_keyword("in") && self.at_symbol("(") {
            let span = word.span;
            let list = SearchKind::In { field: word, list: self.value_list()? };
            return Ok(SearchKind::Not(Box::new(Search { kind: list, span })));
        }
        self.rewind(back);
        // Bare and before a parenthesis it would be an operator.
        let quoted = word.quoted || word.text.eq_ignore_ascii_case("in");
        Ok(SearchKind::Keyword(Word { quoted, ..word }))
    }

    fn comparison(&mut self, field: Word, op: CompareOp) -> Parse<SearchKind> {
        let mut value = self.value()?;
        if let (CompareOp::Equal, Some(directive)) = (op, self.directive(&value)) {
            return Ok(SearchKind::Directive { field: Some(field), directive, word: self.in_parentheses()? });
        }
        // Times may be computed here, though nothing else may.
        if !value.quoted && value.text == "relative_time" && self.at_symbol("(") {
            value = self.computed_time(&value)?;
        }
        Ok(SearchKind::Compare { field, op, value })
    }

    /// `relative_time(now(), "-1d")`, as it is written.
    fn computed_time(&mut self, name: &Word) -> Parse<Word> {
        let start = self.start();
        self.set_mode(Mode::Eval);
        self.next();
        let time = self.expression().and_then(|_| self.expect(",")).and_then(|_| self.expression());
        let end = time.and_then(|_| self.expect(")"));
        self.set_mode(Mode::Search);
        let span = name.span.to(end?);
        Ok(Word { text: format!("relative_time{}", self.slice(start, self.end())), quoted: true, span })
    }

    fn directive(&mut self, word: &Word) -> Option<Directive> {
        if word.quoted || !self.at_symbol("(") || self.slice(self.end(), self.end() + 1) != "(" {
            return None;
        }
        match word.text.as_str() {
            "CASE" => Some(Directive::Case),
            "TERM" => Some(Directive::Term),
            _ => None,
        }
    }

    fn in_parentheses(&mut self) -> Parse<Word> {
        self.expect("(")?;
        let word = self.value()?;
        self.expect(")")?;
        Ok(word)
    }

    fn value_list(&mut self) -> Parse<Vec<Word>> {
        self.expect("(")?;
        let mut list = Vec::new();
        loop {
            while self.eat(",") {}
            if self.eat(")") {
                return if list.is_empty() { Err(self.expected("a value")) } else { Ok(list) };
            }
            list.push(self.value()?);
        }
    }
}
