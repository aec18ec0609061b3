//! Expressions, by precedence climbing.
//!
//! The levels are those of Elastic's grammar, where a predicate (`IN`, `LIKE`, `IS NULL`, `:`) takes a comparison on
//! its left, and neither predicates nor comparisons chain: `a == b == c` is an error, `a > b IS NULL` is not.

use super::names::is_keyword;
use super::{Parse, Parser, shorten};
use crate::dialect::esql::ast::{Arguments, Expr, ExprKind, Field, FunctionName, Label};
use crate::dialect::esql::lexer::{Mode, TokenKind};
use crate::dialect::esql::{MAX_DEPTH, embedded};
use ir::{BinaryOp, CompareOp, Diagnostic, Spanned, codes};

/// Binding strength, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dialect::esql) enum Level {
    Or,
    And,
    Not,
    Predicate,
    Comparison,
    Sum,
    Product,
    Unary,
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

impl Parser<'_> {
    /// Any expression.
    pub fn expression(&mut self) -> Parse<Expr> {
        self.set_mode(Mode::Expression);
        Ok(self.tree(Level::Or)?.expr)
    }

    /// An operand without operators around it.
    pub fn primary_expression(&mut self) -> Parse<Expr> {
        self.set_mode(Mode::Expression);
        Ok(self.tree(Level::Primary)?.expr)
    }

    /// `expr` or `name = expr`.
    pub fn field(&mut self) -> Parse<Field> {
        self.set_mode(Mode::Expression);
        let before = self.checkpoint();
        if matches!(self.peek().kind, TokenKind::Word | TokenKind::Quoted | TokenKind::NameParam)
            && let Ok(found) = self.name()
            && self.eat("=")
        {
            return Ok(Field { label: Label::Name(found), expr: self.expression()? });
        }
        self.rewind(before);
        let start = self.start();
        let expr = self.expression()?;
        Ok(Field { label: Label::Source(self.spanned(self.slice(start, self.end()), start)), expr })
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

    fn grown(&mut self, kind: ExprKind, level: Level, start: usize, below: usize) -> Parse<Tree> {
        if below >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Tree { expr: Expr { kind, span: self.span(start, self.end()) }, height: below + 1, level, start })
    }

    fn prefix(&mut self, floor: Level) -> Parse<Tree> {
        let start = self.start();
        if self.at_keyword("NOT") && floor <= Level::Not {
            self.next();
            let operand = self.tree(Level::Not)?;
            return self.grown(ExprKind::Not(Box::new(operand.expr)), Level::Not, start, operand.height);
        }
        if let Some(literal) = self.literal()? {
            let tree = self.grown(ExprKind::Literal(literal), Level::Primary, start, 0)?;
            return self.casts(tree);
        }
        if floor <= Level::Unary && (self.at_symbol("-") || self.at_symbol("+")) {
            let negate = self.next().kind == TokenKind::Symbol("-");
            let operand = self.tree(Level::Unary)?;
            // A plus sign has no meaning of its own, and Elastic drops it too.
            let kind = if negate { ExprKind::Negate(Box::new(operand.expr)) } else { operand.expr.kind };
            return self.grown(kind, Level::Unary, start, operand.height);
        }
        let tree = self.primary(start)?;
        self.casts(tree)
    }

    fn primary(&mut self, start: usize) -> Parse<Tree> {
        let token = self.peek();
        match token.kind {
            TokenKind::Symbol("(") => {
                self.next();
                let inner = self.tree(Level::Or)?;
                self.close(")", start)?;
                Ok(Tree { level: Level::Primary, start, ..inner })
            }
            TokenKind::Symbol("[") if self.at_qualified_name() => {
                let name = self.qualified_name()?;
                self.grown(ExprKind::Name(name), Level::Primary, start, 0)
            }
            TokenKind::Param => {
                let param = self.param()?;
                self.grown(ExprKind::Param(param), Level::Primary, start, 0)
            }
            TokenKind::Word | TokenKind::Quoted | TokenKind::NameParam => self.name_or_call(start),
            _ => Err(self.expected("an expression")),
        }
    }

    /// The closing bracket that belongs to the one at `open`, or to the word before it.
    fn close(&mut self, symbol: &str, open: usize) -> Parse<()> {
        if self.eat(symbol) {
            return Ok(());
        }
        let error = self.expected(&format!("`{symbol}`"));
        if error.hint.is_some() {
            return Err(error);
        }
        let opened = self.slice(open, self.end()).lines().next().unwrap_or("");
        Err(error.hint(format!("this bracket is still open: `{}`", shorten(opened))))
    }

    fn name_or_call(&mut self, start: usize) -> Parse<Tree> {
        let token = self.peek();
        let before = self.checkpoint();
        let function = match token.kind {
            TokenKind::NameParam => FunctionName::Param(self.param()?),
            _ => {
                self.next();
                let name = self.text_of(token).trim_matches('`').to_owned();
                FunctionName::Plain(Spanned { value: name, span: self.span_of(token) })
            }
        };
        if self.at_symbol("(") && !is_operator_word(self.text_of(token)) {
            return self.call(function, start);
        }
        self.rewind(before);
        if token.kind == TokenKind::Word && is_keyword(self.text_of(token)) {
            return Err(self.keyword_as_name(token));
        }
        let name = self.name()?;
        self.grown(ExprKind::Name(name), Level::Primary, start, 0)
    }

    fn call(&mut self, function: FunctionName, start: usize) -> Parse<Tree> {
        self.expect("(")?;
        let mut args = Vec::new();
        let mut options = Vec::new();
        let mut height = 0;
        if self.at_symbol("*") {
            let star = self.expect("*")?;
            self.close(")", start)?;
            let kind = ExprKind::Call { function, args: Arguments::Star(star), options };
            return self.grown(kind, Level::Primary, start, 0);
        }
        let first = self.peek();
        if !self.at_symbol(")") {
            loop {
                if self.at_symbol("{") && !args.is_empty() {
                    options = self.options()?;
                    break;
                }
                let arg = self.tree(Level::Or)?;
                height = height.max(arg.height);
                args.push(arg.expr);
                if !self.eat(",") {
                    break;
                }
            }
        }
        self.close(")", start)?;
        let kind = match embedded::parse(self, &function, first, &args, &options)? {
            Some(embedded) => ExprKind::Embedded(Box::new(embedded)),
            None => ExprKind::Call { function, args: Arguments::List(args), options },
        };
        self.grown(kind, Level::Primary, start, height)
    }

    /// `{"name": constant, ...}`
    fn options(&mut self) -> Parse<Vec<(Spanned<String>, Expr)>> {
        self.expect("{")?;
        let mut options = Vec::new();
        if !self.at_symbol("}") {
            options = self.list(|parser| {
                let key = parser.string()?;
                parser.expect(":")?;
                Ok((key, parser.constant()?))
            })?;
        }
        self.expect("}")?;
        Ok(options)
    }

    /// A literal or a parameter.
    pub fn constant(&mut self) -> Parse<Expr> {
        self.set_mode(Mode::Expression);
        let start = self.start();
        let kind = match self.literal()? {
            Some(literal) => ExprKind::Literal(literal),
            None if self.peek().kind == TokenKind::Param => ExprKind::Param(self.param()?),
            None => return Err(self.expected("a constant")),
        };
        Ok(Expr { kind, span: self.span(start, self.end()) })
    }

    /// `::type`, any number of times.
    fn casts(&mut self, mut tree: Tree) -> Parse<Tree> {
        while self.eat("::") {
            let token = self.peek();
            if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
                return Err(self.expected("the name of a type"));
            }
            self.next();
            let to = self.spanned(self.text_of(token).trim_matches('`'), token.start);
            let value = Box::new(tree.expr);
            tree = self.grown(ExprKind::Cast { value, to }, Level::Primary, tree.start, tree.height)?;
        }
        Ok(tree)
    }

    fn infix(&mut self, floor: Level, left: Tree) -> Parse<Grown> {
        let token = self.peek();
        match token.kind {
            TokenKind::Symbol(symbol) => {
                if let Some((op, level)) = arithmetic(symbol) {
                    return self.arithmetic(floor, left, op, level);
                }
                if let Some(op) = comparison(symbol) {
                    return self.comparison(floor, left, op);
                }
                if symbol == ":" && floor <= Level::Predicate && left.level > Level::Predicate {
                    return self.match_operator(left);
                }
                Ok(Grown::Done(left))
            }
            TokenKind::Word => match self.text_of(token).to_ascii_uppercase().as_str() {
                "AND" => self.logical(floor, left, Level::And),
                "OR" => self.logical(floor, left, Level::Or),
                "NOT" | "IN" | "LIKE" | "RLIKE" | "IS" => self.predicate(floor, left),
                _ => Ok(Grown::Done(left)),
            },
            _ => Ok(Grown::Done(left)),
        }
    }

    fn arithmetic(&mut self, floor: Level, left: Tree, op: BinaryOp, level: Level) -> Parse<Grown> {
        if floor > level || left.level < level {
            return Ok(Grown::Done(left));
        }
        self.next();
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
            let hint = "conditions do not chain: join them with `AND`, or put the left one in parentheses";
            return Err(self.expected("`AND`, `OR` or the end of the condition").hint(hint));
        }
        self.next();
        let right = self.tree(Level::Sum)?;
        let below = left.height.max(right.height);
        let kind = ExprKind::Compare { op, left: Box::new(left.expr), right: Box::new(right.expr) };
        Ok(Grown::More(self.grown(kind, Level::Comparison, left.start, below)?))
    }

    fn logical(&mut self, floor: Level, left: Tree, level: Level) -> Parse<Grown> {
        if floor > level || left.level <= level {
            return Ok(Grown::Done(left));
        }
        let (keyword, operand) = if level == Level::And { ("AND", Level::Not) } else { ("OR", Level::And) };
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

    /// `IN`, `LIKE`, `RLIKE`, `IS NULL` and their negations.
    fn predicate(&mut self, floor: Level, left: Tree) -> Parse<Grown> {
        if floor > Level::Predicate || left.level <= Level::Predicate {
            return Ok(Grown::Done(left));
        }
        if self.eat_keyword("IS") {
            let negated = self.eat_keyword("NOT");
            self.expect_keyword("NULL")?;
            let kind = ExprKind::IsNull { value: Box::new(left.expr), negated };
            return Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, left.height)?));
        }
        let negated = self.eat_keyword("NOT");
        if self.eat_keyword("IN") {
            return self.membership(left, negated);
        }
        let regex = self.at_keyword("RLIKE");
        if !regex && !self.at_keyword("LIKE") {
            return Err(self.expected("`IN`, `LIKE` or `RLIKE`"));
        }
        self.next();
        let list = self.eat("(");
        let patterns = if list { self.list(Self::text_or_param)? } else { vec![self.text_or_param()?] };
        if list {
            self.expect(")")?;
        }
        let kind = ExprKind::Like { value: Box::new(left.expr), patterns, list, regex, negated };
        Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, left.height)?))
    }

    fn membership(&mut self, left: Tree, negated: bool) -> Parse<Grown> {
        let open = self.start();
        let before = self.checkpoint();
        self.expect("(")?;
        if let Some(refusal) = self.subquery() {
            // Skipping the command then sees the bracket and passes over the pipes inside it.
            self.rewind(before);
            return Err(refusal);
        }
        let mut below = left.height;
        let list = self.list(|parser| {
            let item = parser.tree(Level::Comparison)?;
            below = below.max(item.height);
            Ok(item.expr)
        })?;
        self.close(")", open)?;
        let kind = ExprKind::In { value: Box::new(left.expr), list, negated };
        Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, below)?))
    }

    /// `IN (FROM ...)`: a command word, and after it something that cannot follow a name.
    fn subquery(&mut self) -> Option<Diagnostic> {
        let token = self.peek();
        let word = self.text_of(token).to_ascii_uppercase();
        if token.kind != TokenKind::Word || !matches!(word.as_str(), "FROM" | "ROW" | "TS") {
            return None;
        }
        let before = self.checkpoint();
        self.next();
        let follows = self.peek().kind;
        self.rewind(before);
        let is_query =
            matches!(follows, TokenKind::Word | TokenKind::Quoted | TokenKind::Text | TokenKind::Symbol("-" | "*"));
        is_query.then(|| {
            Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, "a subquery in `IN` is not supported")
                .at(self.span_of(token))
                .hint("write the values out, or use LOOKUP JOIN")
        })
    }

    fn match_operator(&mut self, left: Tree) -> Parse<Grown> {
        let is_field = match &left.expr.kind {
            ExprKind::Name(_) => true,
            ExprKind::Cast { value, .. } => matches!(value.kind, ExprKind::Name(_)),
            _ => false,
        };
        if !is_field {
            return Err(Diagnostic::refusal(codes::SYNTAX, "`:` takes a field name on its left").at(left.expr.span));
        }
        self.expect(":")?;
        let query = self.constant()?;
        let kind = ExprKind::Match { field: Box::new(left.expr), query: Box::new(query) };
        Ok(Grown::More(self.grown(kind, Level::Predicate, left.start, left.height)?))
    }
}

/// Whether an operator followed.
enum Grown {
    More(Tree),
    Done(Tree),
}

/// Keywords that a parenthesis may follow without making a call of them.
fn is_operator_word(word: &str) -> bool {
    is_keyword(word) && !word.eq_ignore_ascii_case("FIRST") && !word.eq_ignore_ascii_case("LAST")
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
