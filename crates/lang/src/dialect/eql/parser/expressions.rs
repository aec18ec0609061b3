//! Expressions, by precedence climbing.
//!
//! The levels are those of Elastic's grammar, where `in`, `:`, `like` and `regex` take an operand without operators on
//! their left, and comparisons do not chain.

use super::{Parse, Parser};
use crate::dialect::eql::MAX_DEPTH;
use crate::dialect::eql::ast::{Expr, ExprKind, LikeOp};
use crate::dialect::eql::lexer::{Token, TokenKind};
use ir::{BinaryOp, CompareOp, Spanned};

/// Words that name nothing unless they stand in backquotes.
pub(in crate::dialect::eql) const KEYWORDS: &[&str] = &[
    "and", "any", "by", "false", "in", "join", "like", "maxspan", "not", "null", "of", "or", "regex", "sample",
    "sequence", "true", "until", "where", "with",
];

/// Binding strength, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dialect::eql) enum Level {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Unary,
    /// An operand with `in`, `:`, `like` or `regex` after it.
    Predicate,
    Primary,
}

/// An expression while it grows.
struct Tree {
    expr: Expr,
    /// Longest path down, in nodes.
    height: usize,
    level: Level,
    /// Byte offset of its first token, parentheses included.
    start: usize,
}

enum Grown {
    More(Tree),
    Done(Tree),
}

impl Parser<'_> {
    pub fn expression(&mut self) -> Parse<Expr> {
        Ok(self.tree(Level::Or)?.expr)
    }

    fn tree(&mut self, floor: Level) -> Parse<Tree> {
        self.nested(|parser| {
            let mut left = parser.prefix(floor)?;
            loop {
                left = match parser.infix(floor, left)? {
                    Grown::More(tree) => tree,
                    Grown::Done(tree) => return Ok(tree),
                }
            }
        })
    }

    fn grown(&self, kind: ExprKind, level: Level, start: usize, below: usize) -> Parse<Tree> {
        if below >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Tree { expr: Expr { kind, span: self.span(start) }, height: below + 1, level, start })
    }

    fn prefix(&mut self, floor: Level) -> Parse<Tree> {
        let start = self.next.start;
        if floor <= Level::Not && self.eat_keyword("not") {
            let operand = self.tree(Level::Not)?;
            return self.grown(ExprKind::Not(Box::new(operand.expr)), Level::Not, start, operand.height);
        }
        if floor <= Level::Unary && (self.at("-") || self.at("+")) {
            let negate = self.take().kind == TokenKind::Symbol("-");
            let operand = self.tree(Level::Unary)?;
            // A plus sign has no meaning of its own.
            let kind = if negate { ExprKind::Negate(Box::new(operand.expr)) } else { operand.expr.kind };
            return self.grown(kind, Level::Unary, start, operand.height);
        }
        self.primary(start)
    }

    fn primary(&mut self, start: usize) -> Parse<Tree> {
        if let Some(literal) = self.literal_expr()? {
            return self.grown(literal.kind, Level::Primary, start, 0);
        }
        if self.eat("(") {
            let inner = self.tree(Level::Or)?;
            self.close(")", start, "`and`, `or` or ")?;
            return Ok(Tree { level: Level::Primary, start, ..inner });
        }
        let token = self.next;
        match token.kind {
            TokenKind::Word | TokenKind::TildeWord if self.second().kind == TokenKind::Symbol("(") => {
                if KEYWORDS.contains(&self.text_of(token).trim_end_matches('~')) {
                    return Err(self.expected("a condition"));
                }
                self.call(token)
            }
            TokenKind::Word | TokenKind::Quoted | TokenKind::Symbol("?") => {
                if token.kind == TokenKind::Word && self.text_of(self.second()) == "of" {
                    return Err(self.unsupported(
                        "relations between processes are not supported",
                        "write a `sequence` by the process ids",
                    ));
                }
                let kind = self.field()?;
                self.grown(kind, Level::Primary, start, 0)
            }
            _ => Err(self.expected("a condition")),
        }
    }

    fn field(&mut self) -> Parse<ExprKind> {
        let optional = self.eat("?");
        let mut parts = vec![self.identifier()?];
        while self.eat(".") {
            parts.push(self.identifier()?);
        }
        if self.at("[") && self.second().kind == TokenKind::Integer {
            return Err(self.unsupported("one element of a list cannot be chosen", "test the whole field"));
        }
        Ok(ExprKind::Field { parts, optional })
    }

    fn identifier(&mut self) -> Parse<String> {
        let token = self.next;
        let text = self.text_of(token);
        let name = match token.kind {
            TokenKind::Word if !KEYWORDS.contains(&text) => text.to_owned(),
            TokenKind::Quoted => text.get(1..text.len().saturating_sub(1)).unwrap_or("").replace("``", "`"),
            _ => return Err(self.expected("the name of a field")),
        };
        self.take();
        Ok(name)
    }

    fn call(&mut self, name: Token) -> Parse<Tree> {
        let start = name.start;
        self.take();
        let insensitive = name.kind == TokenKind::TildeWord;
        let value = self.text_of(name).trim_end_matches('~').to_owned();
        let function = Spanned { value, span: self.span_of(name) };
        self.expect("(")?;
        let mut height = 0;
        let mut args = Vec::new();
        if !self.at(")") {
            args = self.list(|parser| {
                let arg = parser.tree(Level::Or)?;
                height = height.max(arg.height);
                Ok(arg.expr)
            })?;
        }
        self.close(")", start, "`,` or ")?;
        self.grown(ExprKind::Call { function, insensitive, args }, Level::Primary, start, height)
    }

    fn infix(&mut self, floor: Level, left: Tree) -> Parse<Grown> {
        let token = self.next;
        match token.kind {
            TokenKind::Symbol(":") => self.like(floor, left, LikeOp::Colon),
            TokenKind::Symbol(symbol) => {
                if let Some((op, level)) = arithmetic(symbol) {
                    return self.arithmetic(floor, left, op, level);
                }
                match comparison(symbol) {
                    Some(op) => self.comparison(floor, left, op),
                    None => Ok(Grown::Done(left)),
                }
            }
            TokenKind::Word | TokenKind::TildeWord => match self.text_of(token) {
                "and" => self.logical(floor, left, Level::And),
                "or" => self.logical(floor, left, Level::Or),
                "not" | "in" | "in~" => self.membership(floor, left),
                "like" => self.like(floor, left, LikeOp::Like),
                "like~" => self.like(floor, left, LikeOp::LikeInsensitive),
                "regex" => self.like(floor, left, LikeOp::Regex),
                "regex~" => self.like(floor, left, LikeOp::RegexInsensitive),
                _ => Ok(Grown::Done(left)),
            },
            _ => Ok(Grown::Done(left)),
        }
    }

    fn arithmetic(&mut self, floor: Level, left: Tree, op: BinaryOp, level: Level) -> Parse<Grown> {
        if floor > level || left.level < level {
            return Ok(Grown::Done(left));
        }
        self.take();
        let right = self.tree(if level == Level::Sum { Level::Product } else { Level::Unary })?;
        let below = left.height.max(right.height);
        let kind = ExprKind::Arithmetic { op, left: Box::new(left.expr), right: Box::new(right.expr) };
        Ok(Grown::More(self.grown(kind, level, left.start, below)?))
    }

    fn comparison(&mut self, floor: Level, left: Tree, op: CompareOp) -> Parse<Grown> {
        if floor > Level::Comparison {
            return Ok(Grown::Done(left));
        }
        if left.level <= Level::Comparison {
            let hint = "comparisons do not chain: join them with `and`, or put the left one in parentheses";
            return Err(self.expected("`and`, `or` or the end of the condition").hint(hint));
        }
        self.take();
        let right = self.tree(Level::Sum)?;
        let below = left.height.max(right.height);
        let kind = ExprKind::Compare { op, left: Box::new(left.expr), right: Box::new(right.expr) };
        Ok(Grown::More(self.grown(kind, Level::Comparison, left.start, below)?))
    }

    fn logical(&mut self, floor: Level, left: Tree, level: Level) -> Parse<Grown> {
        if floor > level || left.level <= level {
            return Ok(Grown::Done(left));
        }
        let (keyword, operand) = if level == Level::And { ("and", Level::Not) } else { ("or", Level::And) };
        let mut below = left.height;
        let mut operands = vec![left.expr];
        while self.eat_keyword(keyword) {
            let next = self.tree(operand)?;
            below = below.max(next.height);
            operands.push(next.expr);
        }
        let kind = if level == Level::And { ExprKind::And(operands) } else { ExprKind::Or(operands) };
        Ok(Grown::More(self.grown(kind, level, left.start, below)?))
    }

    /// `in (...)`, `in~ (...)`, `not in (...)`
    fn membership(&mut self, floor: Level, left: Tree) -> Parse<Grown> {
        if floor > Level::Predicate || left.level <= Level::Predicate {
            return Ok(Grown::Done(left));
        }
        let negated = self.eat_keyword("not");
        let token = self.next;
        let insensitive = match self.text_of(token) {
            "in" => false,
            "in~" => true,
            _ => {
                return Err(self
                    .expected("`in` or `in~`")
                    .hint("other tests are negated in front: `not field : value`"));
            }
        };
        self.take();
        let open = self.next.start;
        self.expect("(")?;
        let mut below = left.height;
        let list = self.list(|parser| {
            let item = parser.tree(Level::Or)?;
            below = below.max(item.height);
            Ok(item.expr)
        })?;
        self.close(")", open, "`,` or ")?;
        let kind = ExprKind::In { value: Box::new(left.expr), list, negated, insensitive };
        Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, below)?))
    }

    fn like(&mut self, floor: Level, left: Tree, op: LikeOp) -> Parse<Grown> {
        if floor > Level::Predicate || left.level <= Level::Predicate {
            return Ok(Grown::Done(left));
        }
        self.take();
        let open = self.next.start;
        let list = self.eat("(");
        let patterns = if list { self.list(Self::constant)? } else { vec![self.constant()?] };
        if list {
            self.close(")", open, "`,` or ")?;
        }
        let kind = ExprKind::Like { value: Box::new(left.expr), op, patterns, list };
        Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, left.height)?))
    }
}

fn arithmetic(symbol: &str) -> Option<(BinaryOp, Level)> {
    Some(match symbol {
        "+" => (BinaryOp::Add, Level::Sum),
        "-" => (BinaryOp::Subtract, Level::Sum),
        "*" => (BinaryOp::Multiply, Level::Product),
        "/" => (BinaryOp::Divide, Level::Product),
        "%" => (BinaryOp::Remainder, Level::Product),
        _ => return None,
    })
}

fn comparison(symbol: &str) -> Option<CompareOp> {
    Some(match symbol {
        "==" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterOrEqual,
        _ => return None,
    })
}
