//! AST to text that parses to the same AST.
//!
//! Parentheses are put where the grammar needs them and nowhere else. An unnamed column is printed as it was
//! written, because its text is its name.

use super::ast::{
    Arguments, Expr, ExprKind, Field, FunctionName, Label, Name, NamePart, Param, Pattern, PatternPart, Piece, Query,
    Text, Which,
};
use super::parser::{Level, is_keyword};
use ir::{BinaryOp, CompareOp, Literal, TimeUnit};

pub(super) fn query(query: &Query) -> String {
    let mut out = Printer::default();
    for setting in &query.settings {
        out.push("SET ");
        out.name(&setting.name);
        out.push(" = ");
        out.expr(&setting.value);
        out.push(";\n");
    }
    query.source.kind.print(&mut out);
    for command in &query.commands {
        out.push("\n| ");
        command.kind.print(&mut out);
    }
    out.text
}

pub(super) fn expr(expr: &Expr) -> String {
    let mut out = Printer::default();
    out.expr(expr);
    out.text
}

/// A bare name of an index or table, in quotes where it needs them.
pub(super) fn source(name: &str) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || "_-*.@".contains(character);
    if !name.is_empty() && name.chars().all(bare) && !name.eq_ignore_ascii_case("metadata") {
        return name.to_owned();
    }
    let mut out = Printer::default();
    out.string(name);
    out.text
}

/// Text in the making.
#[derive(Default)]
pub(super) struct Printer {
    text: String,
}

impl Printer {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&T, &mut Self)) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            print(item, self);
        }
    }

    pub fn string(&mut self, value: &str) {
        self.push("\"");
        for character in value.chars() {
            match character {
                '\t' => self.push("\\t"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                _ => self.text.push(character),
            }
        }
        self.push("\"");
    }

    pub fn text(&mut self, text: &Text) {
        match text {
            Text::Plain(text) => self.string(&text.value),
            Text::Param(param) => self.param(param),
        }
    }

    pub fn param(&mut self, param: &Param) {
        self.push(if param.is_name { "??" } else { "?" });
        match &param.which {
            Which::Next(_) => {}
            Which::Position(position) => self.push(&position.to_string()),
            Which::Named(name) => self.push(name),
        }
    }

    pub fn name(&mut self, name: &Name) {
        if let Some(qualifier) = &name.qualifier {
            self.push("[");
            self.push(&qualifier.value);
            self.push("].[");
        }
        for (position, part) in name.parts.iter().enumerate() {
            if position > 0 {
                self.push(".");
            }
            match part {
                NamePart::Plain(part) => self.identifier(part),
                NamePart::Param(param) => self.param(param),
            }
        }
        if name.qualifier.is_some() {
            self.push("]");
        }
    }

    pub fn pattern(&mut self, pattern: &Pattern) {
        for (position, part) in pattern.parts.iter().enumerate() {
            if position > 0 {
                self.push(".");
            }
            match part {
                PatternPart::Param(param) => self.param(param),
                PatternPart::Pieces(pieces) => {
                    for (position, piece) in pieces.iter().enumerate() {
                        match piece {
                            Piece::Any => self.push("*"),
                            // `@` is bare only at the beginning.
                            Piece::Text(text) if position > 0 && text.starts_with('@') => self.quoted(text),
                            Piece::Text(text) => self.identifier(text),
                        }
                    }
                }
            }
        }
    }

    fn identifier(&mut self, name: &str) {
        if is_bare(name) && !is_keyword(name) {
            self.push(name);
        } else {
            self.quoted(name);
        }
    }

    fn quoted(&mut self, name: &str) {
        self.push("`");
        self.push(&name.replace('`', "``"));
        self.push("`");
    }

    pub fn field(&mut self, field: &Field) {
        match &field.label {
            Label::Name(name) => {
                self.name(name);
                self.push(" = ");
                self.expr(&field.expr);
            }
            Label::Source(text) => self.push(&text.value),
        }
    }

    pub fn expr(&mut self, expr: &Expr) {
        self.at_least(Level::Or, expr);
    }

    pub fn primary(&mut self, expr: &Expr) {
        self.at_least(Level::Primary, expr);
    }

    /// The expression, in parentheses if it binds more loosely than `floor`.
    fn at_least(&mut self, floor: Level, expr: &Expr) {
        if level(expr) < floor {
            self.in_parentheses(expr);
        } else {
            self.bare(expr);
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Param(param) => self.param(param),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Not(value) => {
                self.push("NOT ");
                self.at_least(Level::Not, value);
            }
            ExprKind::Negate(value) => {
                self.push("-");
                // A sign before a number belongs to it.
                if begins_with_literal(value) {
                    self.in_parentheses(value);
                } else {
                    self.at_least(Level::Unary, value);
                }
            }
            ExprKind::And(operands) => self.logical(" AND ", Level::Not, operands),
            ExprKind::Or(operands) => self.logical(" OR ", Level::And, operands),
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
            ExprKind::In { value, list, negated } => {
                self.at_least(Level::Comparison, value);
                self.push(if *negated { " NOT IN (" } else { " IN (" });
                self.list(list, |item, out| out.at_least(Level::Comparison, item));
                self.push(")");
            }
            ExprKind::Like { value, patterns, list, regex, negated } => {
                self.at_least(Level::Comparison, value);
                self.push(if *negated { " NOT" } else { "" });
                self.push(if *regex { " RLIKE " } else { " LIKE " });
                self.push(if *list { "(" } else { "" });
                self.list(patterns, |pattern, out| out.text(pattern));
                self.push(if *list { ")" } else { "" });
            }
            ExprKind::IsNull { value, negated } => {
                self.at_least(Level::Comparison, value);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            ExprKind::Match { field, query } => {
                self.at_least(Level::Primary, field);
                self.push(" : ");
                self.bare(query);
            }
            ExprKind::Cast { value, to } => {
                self.at_least(Level::Primary, value);
                self.push("::");
                self.identifier(&to.value);
            }
            ExprKind::Call { function, args, options } => self.call(function, args, options),
            ExprKind::Embedded(embedded) => {
                self.push(&embedded.function.value);
                self.push("(");
                self.string(&embedded.text);
                self.options(&embedded.options);
                self.push(")");
            }
        }
    }

    fn in_parentheses(&mut self, expr: &Expr) {
        self.push("(");
        self.bare(expr);
        self.push(")");
    }

    fn logical(&mut self, operator: &str, floor: Level, operands: &[Expr]) {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                self.push(operator);
            }
            self.at_least(floor, operand);
        }
    }

    fn call(&mut self, function: &FunctionName, args: &Arguments, options: &[(ir::Spanned<String>, Expr)]) {
        match function {
            FunctionName::Plain(name) if is_bare(&name.value) => self.push(&name.value),
            FunctionName::Plain(name) => self.identifier(&name.value),
            FunctionName::Param(param) => self.param(param),
        }
        self.push("(");
        match args {
            Arguments::Star(_) => self.push("*"),
            Arguments::List(args) => self.list(args, |arg, out| out.expr(arg)),
        }
        self.options(options);
        self.push(")");
    }

    fn options(&mut self, options: &[(ir::Spanned<String>, Expr)]) {
        if !options.is_empty() {
            self.push(", {");
            self.list(options, |(key, value), out| {
                out.string(&key.value);
                out.push(": ");
                out.bare(value);
            });
            self.push("}");
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.push("NULL"),
            Literal::Boolean(value) => self.push(if *value { "TRUE" } else { "FALSE" }),
            Literal::Integer(value) => self.push(&value.to_string()),
            Literal::Long(value) => self.push(&value.to_string()),
            Literal::UnsignedLong(value) => self.push(&value.to_string()),
            // The shortest form that reads back as the same number.
            Literal::Double(value) => self.push(&format!("{value:?}")),
            Literal::String(value) => self.string(value),
            Literal::TimeSpan { count, unit } => {
                self.push(&count.to_string());
                self.push(unit_name(*unit));
            }
            Literal::List(values) => {
                self.push("[");
                self.list(values, |value, out| out.literal(value));
                self.push("]");
            }
        }
    }
}

fn begins_with_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Cast { value, .. } => begins_with_literal(value),
        _ => false,
    }
}

/// How tightly the outermost operator binds.
fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::In { .. } | ExprKind::Like { .. } | ExprKind::IsNull { .. } | ExprKind::Match { .. } => {
            Level::Predicate
        }
        ExprKind::Compare { .. } => Level::Comparison,
        ExprKind::Arithmetic { op: BinaryOp::Add | BinaryOp::Subtract, .. } => Level::Sum,
        ExprKind::Arithmetic { .. } => Level::Product,
        ExprKind::Negate(_) => Level::Unary,
        ExprKind::Literal(_)
        | ExprKind::Param(_)
        | ExprKind::Name(_)
        | ExprKind::Cast { .. }
        | ExprKind::Call { .. }
        | ExprKind::Embedded(_) => Level::Primary,
    }
}

/// Whether a name needs no backquotes.
fn is_bare(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes.next();
    let body = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match first {
        Some(byte) if byte.is_ascii_alphabetic() => bytes.all(body),
        Some(b'_' | b'@') => name.len() > 1 && bytes.all(body),
        _ => false,
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

fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Millisecond => " milliseconds",
        TimeUnit::Second => " seconds",
        TimeUnit::Minute => " minutes",
        TimeUnit::Hour => " hours",
        TimeUnit::Day => " days",
        TimeUnit::Week => " weeks",
        TimeUnit::Month => " months",
        TimeUnit::Quarter => " quarters",
        TimeUnit::Year => " years",
    }
}
