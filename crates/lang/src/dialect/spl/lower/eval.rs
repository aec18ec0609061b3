//! Expressions of `eval` and `where`: three-valued, letter case counts.
//!
//! Facts: "Evaluation functions" in Splunk's Search Reference.

use super::{Rows, call, spanned};
use crate::dialect::spl::ast::{Expr, ExprKind};
use crate::dialect::spl::{functions, parser};
use ir::{
    Anchor, BinaryOp, Case, CompareOp, Diagnostic, Literal, Pattern, PatternKind, RegexSyntax, Span, Spanned, codes,
};

impl Rows<'_, '_> {
    /// An expression; a part that cannot be read is [`ir::ExprKind::Unread`], and a diagnostic says why.
    pub fn eval(&mut self, expr: &Expr) -> ir::Expr {
        let kind = match &expr.kind {
            ExprKind::Literal(literal) => ir::ExprKind::Literal(literal.clone()),
            // A field of that name does not exist, which is how authors write null.
            ExprKind::Field(word) if !word.quoted && word.text.eq_ignore_ascii_case("null") => {
                ir::ExprKind::Literal(Literal::Null)
            }
            ExprKind::Field(word) => ir::ExprKind::Field(word.text.clone()),
            ExprKind::Not(value) => ir::ExprKind::Not(self.boxed(value)),
            ExprKind::Negate(value) => ir::ExprKind::Negate(self.boxed(value)),
            ExprKind::And(operands) => ir::ExprKind::And(self.evals(operands)),
            ExprKind::Or(operands) => ir::ExprKind::Or(self.evals(operands)),
            ExprKind::Xor(operands) => return self.xor(operands, expr.span),
            ExprKind::Arithmetic { op, left, right } => {
                ir::ExprKind::Arithmetic { op: *op, left: self.boxed(left), right: self.boxed(right) }
            }
            ExprKind::Concat(left, right) => {
                let args = vec![self.eval(left), self.eval(right)];
                return call("concat", args, expr.span);
            }
            ExprKind::Compare { op, left, right } => ir::ExprKind::Compare {
                op: *op,
                left: self.boxed(left),
                right: self.boxed(right),
                case: Case::Sensitive,
            },
            ExprKind::Like { value, pattern } => return self.like(value, pattern, expr.span),
            ExprKind::In { value, list } => {
                let (value, list) = (self.boxed(value), self.evals(list));
                ir::ExprKind::In { value, list, case: Case::Sensitive }
            }
            ExprKind::Call { function, args } => return self.call(function, args, expr.span),
            ExprKind::Macro(unknown) => {
                let message = format!("no such macro: `{}`", unknown.text);
                let hint = "macros are read from the `macros` folder of the rule's repository";
                self.say(Diagnostic::refusal(codes::UNKNOWN_MACRO, message).at(unknown.span).hint(hint));
                ir::ExprKind::Unread
            }
        };
        ir::Expr::new(kind, expr.span)
    }

    fn boxed(&mut self, expr: &Expr) -> Box<ir::Expr> {
        Box::new(self.eval(expr))
    }

    fn evals(&mut self, exprs: &[Expr]) -> Vec<ir::Expr> {
        exprs.iter().map(|expr| self.eval(expr)).collect()
    }

    /// `a XOR b` is that one of the two differs from the other.
    fn xor(&mut self, operands: &[Expr], span: Span) -> ir::Expr {
        let operands = self.evals(operands).into_iter();
        let joined = operands.reduce(|left, right| {
            let (left, right) = (Box::new(left), Box::new(right));
            let kind = ir::ExprKind::Compare { op: CompareOp::NotEqual, left, right, case: Case::Sensitive };
            ir::Expr::new(kind, span)
        });
        joined.unwrap_or_else(|| ir::Expr::new(ir::ExprKind::Literal(Literal::Boolean(false)), span))
    }

    fn call(&mut self, function: &Spanned<String>, args: &[Expr], span: Span) -> ir::Expr {
        let canonical = match functions::canonical(function, args.len()) {
            Ok(canonical) => canonical,
            Err(error) => {
                self.say(error);
                // What the arguments look at is still worth knowing.
                let args = self.evals(args);
                let kind = ir::ExprKind::Call { function: function.clone(), args, filter: None };
                return ir::Expr::new(kind, span);
            }
        };
        let kind = match (function.value.as_str(), args) {
            ("true", _) => ir::ExprKind::Literal(Literal::Boolean(true)),
            ("false", _) => ir::ExprKind::Literal(Literal::Boolean(false)),
            ("null", _) => ir::ExprKind::Literal(Literal::Null),
            ("isnull", [value]) => ir::ExprKind::IsNull { value: self.boxed(value), negated: false },
            ("isnotnull", [value]) => ir::ExprKind::IsNull { value: self.boxed(value), negated: true },
            ("in", [value, list @ ..]) => {
                let (value, list) = (self.boxed(value), self.evals(list));
                ir::ExprKind::In { value, list, case: Case::Sensitive }
            }
            ("like", [value, pattern]) => return self.like(value, pattern, span),
            ("match", [value, pattern]) => return self.regex(value, pattern, function, span),
            ("cidrmatch", [network, value]) => return self.cidr(network, value, function, span),
            ("searchmatch", [condition]) => return self.search_match(condition, span),
            ("mvindex", [list, at]) => {
                let (list, at) = (self.eval(list), self.eval(at));
                ir::ExprKind::Call { function: renamed(function, canonical), args: vec![list, at], filter: None }
            }
            // Base 10 and the plain text of a number are what the functions of other languages give.
            ("tonumber", [value]) => return call("to_double", vec![self.eval(value)], span),
            ("tostring", [value]) => return call("to_string", vec![self.eval(value)], span),
            ("trim" | "ltrim" | "rtrim", [value]) => return call(&function.value, vec![self.eval(value)], span),
            ("log", [value]) => return call("log10", vec![self.eval(value)], span),
            ("mvappend", _) => return self.append(args, span),
            _ => ir::ExprKind::Call { function: renamed(function, canonical), args: self.evals(args), filter: None },
        };
        ir::Expr::new(kind, span)
    }

    /// The engine's function takes two lists.
    fn append(&mut self, args: &[Expr], span: Span) -> ir::Expr {
        let args = self.evals(args).into_iter();
        let joined = args.reduce(|left, right| call("mv_append", vec![left, right], span));
        joined.unwrap_or_else(|| ir::Expr::new(ir::ExprKind::Literal(Literal::Null), span))
    }

    /// `%` stands for any run of characters and `_` for one; there is no escape.
    fn like(&mut self, value: &Expr, pattern: &Expr, span: Span) -> ir::Expr {
        let value = self.eval(value);
        let ExprKind::Literal(Literal::String(text)) = &pattern.kind else {
            let pattern = self.eval(pattern);
            return call("spl_like", vec![value, pattern], span);
        };
        let mut wildcard = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '%' => wildcard.push('*'),
                '_' => wildcard.push('?'),
                '*' | '?' | '\\' => wildcard.extend(['\\', character]),
                _ => wildcard.push(character),
            }
        }
        matches(value, PatternKind::Wildcard(wildcard), pattern.span, span)
    }

    fn regex(&mut self, value: &Expr, pattern: &Expr, function: &Spanned<String>, span: Span) -> ir::Expr {
        let value = self.eval(value);
        let ExprKind::Literal(Literal::String(text)) = &pattern.kind else {
            let pattern = self.eval(pattern);
            let kind = ir::ExprKind::Call {
                function: renamed(function, "spl_match"),
                args: vec![value, pattern],
                filter: None,
            };
            return ir::Expr::new(kind, span);
        };
        matches(value, regex(text), pattern.span, span)
    }

    fn cidr(&mut self, network: &Expr, value: &Expr, function: &Spanned<String>, span: Span) -> ir::Expr {
        let value = self.eval(value);
        let ExprKind::Literal(Literal::String(text)) = &network.kind else {
            let network = self.eval(network);
            let args = vec![value, network];
            let kind = ir::ExprKind::Call { function: renamed(function, "cidr_match"), args, filter: None };
            return ir::Expr::new(kind, span);
        };
        matches(value, PatternKind::Cidr(text.clone()), network.span, span)
    }

    /// A condition of `search` in a string.
    fn search_match(&mut self, condition: &Expr, span: Span) -> ir::Expr {
        let read = match &condition.kind {
            ExprKind::Literal(Literal::String(text)) => parser::condition(text, condition.span),
            _ => {
                let message = "`searchmatch` takes a string, written out";
                Err(Diagnostic::refusal(codes::NOT_CONSTANT, message).at(condition.span))
            }
        };
        let kind = match read {
            Ok(condition) => match self.search(&condition) {
                Some(condition) => return ir::Expr { span, ..condition },
                None => ir::ExprKind::Literal(Literal::Boolean(true)),
            },
            Err(error) => {
                self.say(error);
                ir::ExprKind::Unread
            }
        };
        ir::Expr::new(kind, span)
    }
}

fn renamed(function: &Spanned<String>, canonical: &str) -> Spanned<String> {
    Spanned { value: canonical.to_owned(), span: function.span }
}

/// A regular expression that may fit any part of a value.
pub(crate) fn regex(pattern: &str) -> PatternKind {
    PatternKind::Regex { pattern: pattern.to_owned(), syntax: RegexSyntax::Pcre, anchor: Anchor::Anywhere }
}

fn matches(value: ir::Expr, kind: PatternKind, at: Span, span: Span) -> ir::Expr {
    let patterns = vec![Pattern { kind, case: Case::Sensitive, span: at }];
    ir::Expr::new(ir::ExprKind::Matches { value: Box::new(value), patterns }, span)
}

/// The sum of some fields, those that are missing left out.
pub(crate) fn total(fields: &[crate::dialect::spl::ast::Word], span: Span) -> Option<ir::Expr> {
    let field = |word: &crate::dialect::spl::ast::Word| {
        let name = spanned(word);
        let value = ir::Expr::new(ir::ExprKind::Field(name.value), name.span);
        call("coalesce", vec![value, ir::Expr::new(ir::ExprKind::Literal(Literal::Integer(0)), span)], span)
    };
    fields.iter().map(field).reduce(|left, right| {
        let (left, right) = (Box::new(left), Box::new(right));
        ir::Expr::new(ir::ExprKind::Arithmetic { op: BinaryOp::Add, left, right }, span)
    })
}
