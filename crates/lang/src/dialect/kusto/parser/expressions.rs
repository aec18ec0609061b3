//! Expressions, by precedence climbing.
//!
//! The levels are those of `Kql.g4` in microsoft/Kusto-Query-Language: operators on strings bind more tightly than `*`,
//! and neither they nor comparisons chain. `not` is a function.

use super::{Parse, Parser, is_reserved};
use crate::dialect::kusto::MAX_DEPTH;
use crate::dialect::kusto::ast::{BinaryOp, Expr, ExprKind, Field, Label, ListOp, Name};
use crate::dialect::kusto::lexer::TokenKind;

/// Binding strength, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dialect::kusto) enum Level {
    Or,
    And,
    Equality,
    Relation,
    Sum,
    Product,
    Text,
    Unary,
    Primary,
}

impl BinaryOp {
    pub(in crate::dialect::kusto) fn level(self) -> Level {
        match self {
            BinaryOp::Add | BinaryOp::Subtract => Level::Sum,
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => Level::Product,
            BinaryOp::Equal | BinaryOp::NotEqual => Level::Equality,
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => Level::Relation,
            _ => Level::Text,
        }
    }
}

/// An expression while it grows.
pub(super) struct Tree {
    pub expr: Expr,
    /// Longest path down, in nodes.
    pub height: usize,
    level: Level,
    /// Byte offset of its first token, parentheses included.
    start: usize,
}

/// What stands between two operands.
enum Infix {
    Logical(Level),
    Binary(BinaryOp),
    List(ListOp),
    Between { negated: bool },
}

impl Parser<'_> {
    /// A value, or rows through operators.
    pub fn expression(&mut self) -> Parse<Expr> {
        let tree = self.pipe_tree()?;
        self.tallest = self.tallest.max(tree.height);
        Ok(tree.expr)
    }

    /// A value without operators on rows.
    pub fn value(&mut self) -> Parse<Expr> {
        let tree = self.tree(Level::Or)?;
        self.tallest = self.tallest.max(tree.height);
        Ok(tree.expr)
    }

    /// A value of operands that bind as tightly as a call: what `join` and `lookup` take as their table.
    pub fn primary_value(&mut self) -> Parse<Expr> {
        let tree = self.tree(Level::Primary)?;
        self.tallest = self.tallest.max(tree.height);
        Ok(tree.expr)
    }

    /// `value`, `name = value` or `(name, name) = value`.
    pub fn field(&mut self) -> Parse<Field> {
        let label = self.label();
        Ok(Field { label, expr: self.value()? })
    }

    /// An argument of a call, which may be a query.
    fn argument(&mut self) -> Parse<Field> {
        let label = self.label();
        Ok(Field { label, expr: self.expression()? })
    }

    /// `name =` or `(name, name) =`, if it comes next.
    fn label(&mut self) -> Label {
        let before = self.checkpoint();
        if self.at_name()
            && let Ok(name) = self.name()
            && self.eat("=")
        {
            return Label::Name(name);
        }
        self.rewind(before);
        if self.eat("(")
            && let Ok(names) = self.list(Self::name)
            && self.eat(")")
            && self.eat("=")
        {
            return Label::Names(names);
        }
        self.rewind(before);
        Label::None
    }

    pub(super) fn tree(&mut self, floor: Level) -> Parse<Tree> {
        self.nested(|parser| {
            let mut left = parser.prefix(floor)?;
            while let Some(infix) = parser.infix(floor, &left)? {
                left = parser.grow(left, infix)?;
            }
            Ok(left)
        })
    }

    pub(super) fn grown(&mut self, kind: ExprKind, level: Level, start: usize, below: usize) -> Parse<Tree> {
        if below >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Tree { expr: Expr { kind, span: self.since(start) }, height: below + 1, level, start })
    }

    fn prefix(&mut self, floor: Level) -> Parse<Tree> {
        let start = self.start();
        if let Some(literal) = self.literal()? {
            let tree = self.grown(ExprKind::Literal(literal), Level::Primary, start, 0)?;
            return self.postfix(tree);
        }
        if floor <= Level::Unary && (self.at_symbol("-") || self.at_symbol("+")) {
            let negative = self.next().kind == TokenKind::Symbol("-");
            let operand = self.tree(Level::Primary)?;
            let kind = ExprKind::Sign { negative, value: Box::new(operand.expr) };
            return self.grown(kind, Level::Unary, start, operand.height);
        }
        let tree = self.primary(start)?;
        self.postfix(tree)
    }

    fn primary(&mut self, start: usize) -> Parse<Tree> {
        let token = self.peek();
        match token.kind {
            TokenKind::Symbol("(") => {
                self.next();
                let inner = self.pipe_tree()?;
                self.close(")", start)?;
                Ok(Tree { level: Level::Primary, start, ..inner })
            }
            TokenKind::Symbol("*") => {
                self.next();
                self.grown(ExprKind::Star, Level::Primary, start, 0)
            }
            TokenKind::Word if is_reserved(self.text_of(token)) => {
                let word = self.text_of(token);
                let error = self.expected("a value");
                Err(error.hint(format!("a column of that name stands in brackets: `['{word}']`")))
            }
            TokenKind::Word | TokenKind::Symbol("[") => {
                let function = self.name()?;
                if self.at_symbol("(") {
                    return self.call(None, function, start);
                }
                self.grown(ExprKind::Name(function.value), Level::Primary, start, 0)
            }
            _ => Err(self.expected("a value")),
        }
    }

    /// The arguments; `scope` is what stands before the function's name, with its height.
    fn call(&mut self, scope: Option<(Box<Expr>, usize)>, function: Name, start: usize) -> Parse<Tree> {
        self.expect("(")?;
        let outer = std::mem::replace(&mut self.tallest, 0);
        let mut args = Vec::new();
        while !self.at_symbol(")") {
            args.push(self.argument()?);
            if !self.eat(",") {
                break;
            }
        }
        self.close(")", start)?;
        let (scope, above) = scope.map_or((None, 0), |(scope, height)| (Some(scope), height));
        let height = std::mem::replace(&mut self.tallest, outer).max(above);
        self.grown(ExprKind::Call { scope, function, args }, Level::Primary, start, height)
    }

    /// `.name`, `.name(...)`, `['name']`, `[0]`, any number of times.
    fn postfix(&mut self, mut tree: Tree) -> Parse<Tree> {
        loop {
            let value = Box::new(tree.expr);
            if self.at_symbol(".") {
                self.next();
                if self.at_symbol("[") && self.peek_second().kind != TokenKind::Text {
                    tree = self.element(value, tree.start, tree.height)?;
                    continue;
                }
                let name = self.name()?;
                if self.at_symbol("(") {
                    tree = self.call(Some((value, tree.height)), name, tree.start)?;
                    continue;
                }
                let kind = ExprKind::Member { value, name };
                tree = self.grown(kind, Level::Primary, tree.start, tree.height)?;
            } else if self.at_symbol("[") {
                tree = self.element(value, tree.start, tree.height)?;
            } else {
                tree.expr = *value;
                return Ok(tree);
            }
        }
    }

    fn element(&mut self, value: Box<Expr>, start: usize, height: usize) -> Parse<Tree> {
        let open = self.start();
        self.expect("[")?;
        let index = self.tree(Level::Or)?;
        self.close("]", open)?;
        let kind = ExprKind::Element { value, index: Box::new(index.expr) };
        self.grown(kind, Level::Primary, start, height.max(index.height))
    }

    /// The operator that comes next and binds at least as tightly as `floor`; it is not taken.
    fn infix(&mut self, floor: Level, left: &Tree) -> Parse<Option<Infix>> {
        let token = self.peek();
        let text = self.text_of(token);
        let infix = match token.kind {
            TokenKind::Symbol("<>") => Infix::Binary(BinaryOp::NotEqual),
            TokenKind::Symbol(":") => Infix::Binary(BinaryOp::Has),
            TokenKind::Symbol(symbol) => match BinaryOp::of(symbol) {
                Some(op) => Infix::Binary(op),
                None => return Ok(None),
            },
            TokenKind::Word | TokenKind::WordOperator => match text {
                // `make-series ... on time in range(...)`
                "in" if self.peek_second().kind == TokenKind::Word => return Ok(None),
                "and" => Infix::Logical(Level::And),
                "or" => Infix::Logical(Level::Or),
                "between" | "!between" => Infix::Between { negated: text.starts_with('!') },
                "matches" => Infix::Binary(BinaryOp::MatchesRegex),
                "notcontains" => Infix::Binary(BinaryOp::NotContains),
                "notcontainscs" => Infix::Binary(BinaryOp::NotContainsCs),
                "containscs" => Infix::Binary(BinaryOp::ContainsCs),
                _ => match (BinaryOp::of(text), ListOp::of(text)) {
                    (Some(op), _) => Infix::Binary(op),
                    (_, Some(op)) => Infix::List(op),
                    _ => return Ok(None),
                },
            },
            _ => return Ok(None),
        };
        let level = infix.level();
        if floor > level {
            return Ok(None);
        }
        let chains = !matches!(level, Level::Equality | Level::Relation | Level::Text);
        if left.level < level || (left.level == level && !chains) {
            let hint = "comparisons do not chain: join them with `and`, or put the left one in parentheses";
            return if chains {
                Ok(None)
            } else {
                Err(self.expected("`and`, `or` or the end of the value").hint(hint))
            };
        }
        Ok(Some(infix))
    }

    fn grow(&mut self, left: Tree, infix: Infix) -> Parse<Tree> {
        self.next();
        let level = infix.level();
        let (start, mut below) = (left.start, left.height);
        let kind = match infix {
            Infix::Logical(level) => return self.logical(left, level),
            Infix::Binary(op) => {
                if op == BinaryOp::MatchesRegex {
                    self.expect_keyword("regex")?;
                }
                let right = self.tree(above(level))?;
                below = below.max(right.height);
                ExprKind::Binary { op, left: Box::new(left.expr), right: Box::new(right.expr) }
            }
            Infix::List(op) => {
                let open = self.start();
                self.expect("(")?;
                let mut items = Vec::new();
                while !self.at_symbol(")") {
                    let item = self.pipe_tree()?;
                    below = below.max(item.height);
                    items.push(item.expr);
                    if !self.eat(",") {
                        break;
                    }
                }
                self.close(")", open)?;
                ExprKind::List { op, value: Box::new(left.expr), items }
            }
            Infix::Between { negated } => {
                let open = self.start();
                self.expect("(")?;
                let low = self.tree(Level::Sum)?;
                self.expect("..")?;
                let high = self.tree(Level::Sum)?;
                self.close(")", open)?;
                below = below.max(low.height).max(high.height);
                ExprKind::Between {
                    value: Box::new(left.expr),
                    low: Box::new(low.expr),
                    high: Box::new(high.expr),
                    negated,
                }
            }
        };
        self.grown(kind, level, start, below)
    }

    /// The operands after the first; the keyword before the second has been taken.
    fn logical(&mut self, left: Tree, level: Level) -> Parse<Tree> {
        let keyword = if level == Level::And { "and" } else { "or" };
        let (start, mut below) = (left.start, left.height);
        let mut operands = vec![left.expr];
        loop {
            let next = self.tree(above(level))?;
            below = below.max(next.height);
            operands.push(next.expr);
            if !self.eat_keyword(keyword) {
                break;
            }
        }
        let kind = if level == Level::And { ExprKind::And(operands) } else { ExprKind::Or(operands) };
        self.grown(kind, level, start, below)
    }
}

impl Infix {
    fn level(&self) -> Level {
        match self {
            Infix::Logical(level) => *level,
            Infix::Binary(op) => op.level(),
            Infix::List(_) | Infix::Between { .. } => Level::Equality,
        }
    }
}

/// The level that the right operand of a level must have.
pub(super) fn above(level: Level) -> Level {
    match level {
        Level::Or => Level::And,
        Level::And => Level::Equality,
        Level::Equality => Level::Relation,
        Level::Relation => Level::Sum,
        Level::Sum => Level::Product,
        Level::Product => Level::Text,
        Level::Text => Level::Unary,
        Level::Unary | Level::Primary => Level::Primary,
    }
}
