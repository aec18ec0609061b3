//! AST to text that parses to the same AST. Parentheses are put where the grammar needs them and nowhere else.

use super::ast::{Body, EventFilter, Expr, ExprKind, LikeOp, Query, Sequence, Step, TimeUnit};
use super::parser::{KEYWORDS, Level};
use ir::{BinaryOp, CompareOp, Literal};

pub(super) fn query(query: &Query) -> String {
    let mut out = Printer::default();
    match &query.body {
        Body::Event(filter) => out.event(filter),
        Body::Sequence(sequence) => out.sequence(sequence),
    }
    for pipe in &query.pipes {
        out.push("\n| ");
        out.push(&pipe.name.value);
        out.push(if pipe.args.is_empty() { "" } else { " " });
        out.list(&pipe.args, |arg, out| out.expr(arg));
    }
    out.text
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&T, &mut Self)) {
        for (position, item) in items.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            print(item, self);
        }
    }

    fn event(&mut self, filter: &EventFilter) {
        match &filter.category {
            None => self.push("any"),
            Some(category) if is_bare(&category.value) => self.push(&category.value),
            Some(category) => self.string(&category.value),
        }
        self.push(" where ");
        self.expr(&filter.condition);
    }

    fn sequence(&mut self, sequence: &Sequence) {
        self.push(if sequence.sample { "sample" } else { "sequence" });
        self.by(&sequence.by);
        if let Some(span) = &sequence.max_span {
            let unit = match span.value.unit {
                TimeUnit::Millisecond => "ms",
                TimeUnit::Second => "s",
                TimeUnit::Minute => "m",
                TimeUnit::Hour => "h",
                TimeUnit::Day => "d",
            };
            self.push(&format!(" with maxspan={}{unit}", span.value.count));
        }
        for step in &sequence.steps {
            self.push("\n  ");
            self.step(step);
        }
        if let Some(until) = &sequence.until {
            self.push("\nuntil ");
            self.step(until);
        }
    }

    fn step(&mut self, step: &Step) {
        self.push(if step.missing { "![" } else { "[" });
        self.event(&step.filter);
        self.push("]");
        self.by(&step.by);
        if let Some(runs) = &step.runs {
            self.push(&format!(" with runs={}", runs.value));
        }
    }

    fn by(&mut self, keys: &[Expr]) {
        self.push(if keys.is_empty() { "" } else { " by " });
        self.list(keys, |key, out| out.expr(key));
    }

    fn expr(&mut self, expr: &Expr) {
        self.at_least(Level::Or, expr);
    }

    /// The expression, in parentheses if it binds more loosely than `floor`.
    fn at_least(&mut self, floor: Level, expr: &Expr) {
        let brackets = level(expr) < floor;
        self.push(if brackets { "(" } else { "" });
        self.bare(expr);
        self.push(if brackets { ")" } else { "" });
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Field { parts, optional } => self.field(parts, *optional),
            ExprKind::Not(operand) => {
                self.push("not ");
                self.at_least(Level::Not, operand);
            }
            ExprKind::Negate(operand) => {
                self.push("-");
                self.at_least(Level::Unary, operand);
            }
            ExprKind::And(operands) => self.logical(" and ", Level::Not, operands),
            ExprKind::Or(operands) => self.logical(" or ", Level::And, operands),
            ExprKind::Arithmetic { op, left, right } => {
                let level = level(expr);
                self.at_least(level, left);
                self.push(arithmetic(*op));
                self.at_least(if level == Level::Sum { Level::Product } else { Level::Unary }, right);
            }
            ExprKind::Compare { op, left, right } => {
                self.at_least(Level::Sum, left);
                self.push(comparison(*op));
                self.at_least(Level::Sum, right);
            }
            ExprKind::In { value, list, negated, insensitive } => {
                self.at_least(Level::Primary, value);
                self.push(if *negated { " not in" } else { " in" });
                self.push(if *insensitive { "~ (" } else { " (" });
                self.list(list, |item, out| out.expr(item));
                self.push(")");
            }
            ExprKind::Like { value, op, patterns, list } => {
                self.at_least(Level::Primary, value);
                self.push(like(*op));
                self.push(if *list { "(" } else { "" });
                self.list(patterns, |pattern, out| out.literal(&pattern.value));
                self.push(if *list { ")" } else { "" });
            }
            ExprKind::Call { function, insensitive, args } => {
                self.push(&function.value);
                self.push(if *insensitive { "~(" } else { "(" });
                self.list(args, |arg, out| out.expr(arg));
                self.push(")");
            }
        }
    }

    fn logical(&mut self, operator: &str, floor: Level, operands: &[Expr]) {
        for (position, operand) in operands.iter().enumerate() {
            self.push(if position > 0 { operator } else { "" });
            self.at_least(floor, operand);
        }
    }

    fn field(&mut self, parts: &[String], optional: bool) {
        self.push(if optional { "?" } else { "" });
        for (position, part) in parts.iter().enumerate() {
            self.push(if position > 0 { "." } else { "" });
            if is_bare(part) {
                self.push(part);
            } else {
                self.push("`");
                self.push(&part.replace('`', "``"));
                self.push("`");
            }
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::String(text) => self.string(text),
            // The shortest form that reads back as the same number.
            Literal::Double(value) => self.push(&format!("{value:?}")),
            other => self.push(&other.to_string()),
        }
    }

    fn string(&mut self, value: &str) {
        self.push("\"");
        for character in value.chars() {
            match character {
                '\u{8}' => self.push("\\b"),
                '\t' => self.push("\\t"),
                '\n' => self.push("\\n"),
                '\u{c}' => self.push("\\f"),
                '\r' => self.push("\\r"),
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                _ => self.text.push(character),
            }
        }
        self.push("\"");
    }
}

/// How tightly the outermost operator binds.
fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare { .. } => Level::Comparison,
        ExprKind::Arithmetic { op: BinaryOp::Add | BinaryOp::Subtract, .. } => Level::Sum,
        ExprKind::Arithmetic { .. } => Level::Product,
        ExprKind::Negate(_) => Level::Unary,
        ExprKind::In { .. } | ExprKind::Like { .. } => Level::Predicate,
        ExprKind::Literal(_) | ExprKind::Field { .. } | ExprKind::Call { .. } => Level::Primary,
    }
}

/// Whether a name needs no quotes.
fn is_bare(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'@');
    starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !KEYWORDS.contains(&name)
}

fn like(op: LikeOp) -> &'static str {
    match op {
        LikeOp::Colon => " : ",
        LikeOp::Like => " like ",
        LikeOp::LikeInsensitive => " like~ ",
        LikeOp::Regex => " regex ",
        LikeOp::RegexInsensitive => " regex~ ",
    }
}

fn arithmetic(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => " + ",
        BinaryOp::Subtract => " - ",
        BinaryOp::Multiply => " * ",
        BinaryOp::Divide => " / ",
        BinaryOp::Remainder => " % ",
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => " == ",
        CompareOp::NotEqual => " != ",
        CompareOp::Less => " < ",
        CompareOp::LessOrEqual => " <= ",
        CompareOp::Greater => " > ",
        CompareOp::GreaterOrEqual => " >= ",
    }
}
