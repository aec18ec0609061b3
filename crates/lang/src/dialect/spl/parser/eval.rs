//! Expressions of `eval` and `where`: OR and XOR bind loosest, then AND, NOT, comparisons, `+ - .`, `* / %`.
//!
//! Facts: "Predicate expressions" and "eval" in Splunk's Search Reference. Operators may be written in small letters.

use super::{Parse, Parser};
use crate::dialect::spl::ast::{Assignment, Expr, ExprKind, MacroCall, Word};
use crate::dialect::spl::lexer::{Mode, TokenKind};
use ir::{BinaryOp, CompareOp, Diagnostic, Literal, Span, Spanned, codes};

const COMPARISONS: &[(&str, CompareOp)] = &[
    ("==", CompareOp::Equal),
    ("=", CompareOp::Equal),
    ("!=", CompareOp::NotEqual),
    ("<", CompareOp::Less),
    ("<=", CompareOp::LessOrEqual),
    (">", CompareOp::Greater),
    (">=", CompareOp::GreaterOrEqual),
];

/// What joins two values to a test.
enum Comparison {
    Op(CompareOp),
    Like,
    In,
}

impl Parser<'_> {
    /// A whole expression.
    pub fn expression(&mut self) -> Parse<Expr> {
        let mode = std::mem::replace(&mut self.mode, Mode::Eval);
        let expr = self.nested(Self::xor);
        self.mode = mode;
        expr
    }

    /// `name = expr, name = expr`
    pub fn assignments(&mut self) -> Parse<Vec<Assignment>> {
        let mut list = Vec::new();
        loop {
            let mode = std::mem::replace(&mut self.mode, Mode::Names);
            let name = self.word("the name of a field");
            let equals = if name.is_ok() { self.expect("=").map(|_| ()) } else { Ok(()) };
            self.mode = mode;
            let (name, ()) = (name?, equals?);
            list.push(Assignment { name, expr: self.expression()? });
            if !self.eat(",") || self.at_end_of_command() {
                return Ok(list);
            }
        }
    }

    fn xor(&mut self) -> Parse<Expr> {
        self.logic("XOR", ExprKind::Xor, Self::or)
    }

    fn or(&mut self) -> Parse<Expr> {
        self.logic("OR", ExprKind::Or, Self::and)
    }

    fn and(&mut self) -> Parse<Expr> {
        self.logic("AND", ExprKind::And, Self::not)
    }

    fn logic(
        &mut self,
        operator: &str,
        join: fn(Vec<Expr>) -> ExprKind,
        operand: fn(&mut Self) -> Parse<Expr>,
    ) -> Parse<Expr> {
        let first = operand(self)?;
        if !self.at_keyword(operator) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.eat_keyword(operator) {
            operands.push(operand(self)?);
        }
        let span = operands.iter().map(|operand| operand.span).reduce(Span::to).unwrap_or_default();
        Ok(Expr { kind: join(operands), span })
    }

    fn not(&mut self) -> Parse<Expr> {
        let start = self.start();
        if !self.at_keyword("not") {
            return self.comparison_of_values();
        }
        self.next();
        let operand = self.nested(Self::not)?;
        Ok(Expr { kind: ExprKind::Not(Box::new(operand)), span: self.span(start, self.end()) })
    }

    fn comparison_of_values(&mut self) -> Parse<Expr> {
        let mut left = self.sum()?;
        let mut levels = 0;
        while let Some(operator) = self.comparison_operator() {
            self.deepen()?;
            levels += 1;
            let (start, value) = (left.span, Box::new(left));
            let kind = match operator {
                Comparison::Op(op) => ExprKind::Compare { op, left: value, right: Box::new(self.sum()?) },
                Comparison::Like => ExprKind::Like { value, pattern: Box::new(self.sum()?) },
                Comparison::In => {
                    self.expect("(")?;
                    ExprKind::In { value, list: self.arguments()? }
                }
            };
            left = Expr { kind, span: start.to(self.span(self.end().saturating_sub(1), self.end())) };
        }
        self.rise(levels);
        Ok(left)
    }

    fn comparison_operator(&mut self) -> Option<Comparison> {
        if let TokenKind::Symbol(symbol) = self.peek().kind {
            let (_, op) = COMPARISONS.iter().find(|(spelling, _)| *spelling == symbol)?;
            self.next();
            return Some(Comparison::Op(*op));
        }
        if self.eat_keyword("like") {
            return Some(Comparison::Like);
        }
        self.eat_keyword("in").then_some(Comparison::In)
    }

    fn sum(&mut self) -> Parse<Expr> {
        let operators: &[(&str, Option<BinaryOp>)] =
            &[("+", Some(BinaryOp::Add)), ("-", Some(BinaryOp::Subtract)), (".", None)];
        self.arithmetic(operators, Self::product)
    }

    fn product(&mut self) -> Parse<Expr> {
        let operators: &[(&str, Option<BinaryOp>)] =
            &[("*", Some(BinaryOp::Multiply)), ("/", Some(BinaryOp::Divide)), ("%", Some(BinaryOp::Remainder))];
        self.arithmetic(operators, Self::unary)
    }

    /// A chain that groups to the left; no operation of `ir` is what the dot does.
    fn arithmetic(
        &mut self,
        operators: &[(&str, Option<BinaryOp>)],
        operand: fn(&mut Self) -> Parse<Expr>,
    ) -> Parse<Expr> {
        let mut left = operand(self)?;
        let mut levels = 0;
        while let TokenKind::Symbol(symbol) = self.peek().kind
            && let Some((_, op)) = operators.iter().find(|(spelling, _)| *spelling == symbol)
        {
            self.next();
            self.deepen()?;
            levels += 1;
            let right = operand(self)?;
            let span = left.span.to(right.span);
            let (left_side, right) = (Box::new(left), Box::new(right));
            let kind = match *op {
                Some(op) => ExprKind::Arithmetic { op, left: left_side, right },
                None => ExprKind::Concat(left_side, right),
            };
            left = Expr { kind, span };
        }
        self.rise(levels);
        Ok(left)
    }

    fn unary(&mut self) -> Parse<Expr> {
        let start = self.start();
        if self.eat("+") {
            return self.nested(Self::unary);
        }
        if !self.eat("-") {
            return self.primary();
        }
        let operand = self.nested(Self::unary)?;
        Ok(Expr { kind: ExprKind::Negate(Box::new(operand)), span: self.span(start, self.end()) })
    }

    fn primary(&mut self) -> Parse<Expr> {
        let token = self.peek();
        let start = token.start;
        let kind = match token.kind {
            TokenKind::Symbol("(") => {
                self.next();
                let inner = self.nested(Self::xor)?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Text => {
                self.next();
                ExprKind::Literal(Literal::String(self.word_of(token, Mode::Eval).text))
            }
            TokenKind::Number => {
                self.next();
                ExprKind::Literal(number(self.text_of(token), self.span_of(token))?)
            }
            TokenKind::Quoted => {
                self.next();
                ExprKind::Field(self.word_of(token, Mode::Eval))
            }
            TokenKind::Word if !is_operator(self.text_of(token)) => {
                self.next();
                let word = self.word_of(token, Mode::Eval);
                if self.eat("(") { self.call(word)? } else { ExprKind::Field(word) }
            }
            TokenKind::Macro => {
                self.next();
                let text = self.text_of(token).trim_matches('`').to_owned();
                ExprKind::Macro(MacroCall { text, span: self.span_of(token) })
            }
            _ => return Err(self.expected("an expression")),
        };
        Ok(Expr { kind, span: self.span(start, self.end()) })
    }

    fn call(&mut self, name: Word) -> Parse<ExprKind> {
        let function = Spanned { value: name.text.to_ascii_lowercase(), span: name.span };
        Ok(ExprKind::Call { function, args: self.arguments()? })
    }

    /// Expressions up to the closing parenthesis, which is taken.
    fn arguments(&mut self) -> Parse<Vec<Expr>> {
        let mut args = Vec::new();
        if self.eat(")") {
            return Ok(args);
        }
        loop {
            args.push(self.nested(Self::xor)?);
            if self.eat(")") {
                return Ok(args);
            }
            self.expect(",").map_err(|_| self.expected("`,` or `)`"))?;
        }
    }
}

fn is_operator(word: &str) -> bool {
    // `like(...)` and `in(...)` are functions where an operand stands.
    ["and", "or", "xor", "not"].iter().any(|operator| word.eq_ignore_ascii_case(operator))
}

fn number(text: &str, span: Span) -> Parse<Literal> {
    if let Ok(value) = text.parse::<i32>() {
        return Ok(Literal::Integer(value));
    }
    if let Ok(value) = text.parse::<i64>() {
        return Ok(Literal::Long(value));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Literal::Double(value)),
        _ => Err(Diagnostic::refusal(codes::LITERAL, format!("`{text}` is no number")).at(span)),
    }
}
