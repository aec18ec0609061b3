//! AST to text that parses to the same AST.
//!
//! Parentheses are put where the grammar needs them and nowhere else; strings are all written in one form.

use super::ast::{
    Column, Datatable, Expr, ExprKind, Externaldata, Field, Function, Json, JsonKind, Label, LetValue, Literal,
    Parameter, ParameterKind, Pipe, Property, Script, Source, Statement,
};
use super::parser::{Level, TYPES, is_bare, is_reserved};

pub(super) fn script(script: &Script) -> String {
    let mut out = Printer::default();
    for (position, statement) in script.statements.iter().enumerate() {
        if position > 0 {
            out.push("\n");
        }
        out.statement(&statement.kind);
        out.push(";");
    }
    out.text
}

pub(super) fn expr(expr: &Expr) -> String {
    let mut out = Printer::default();
    out.expr(expr);
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

    /// A blank and what `print` adds; nothing at all where it adds nothing.
    pub fn operands(&mut self, print: impl FnOnce(&mut Self)) {
        self.push(" ");
        let before = self.text.len();
        print(self);
        if self.text.len() == before || self.text.ends_with(' ') {
            self.text.truncate(self.text.trim_end_matches(' ').len());
        }
    }

    pub fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&T, &mut Self)) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            print(item, self);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let { name, value } => {
                self.push("let ");
                self.name(&name.value);
                self.push(" = ");
                match value {
                    LetValue::Expr(expr) => self.rows(expr),
                    LetValue::Function(function) => self.function(function),
                }
            }
            Statement::Set { name, value } => {
                self.push("set ");
                self.name(&name.value);
                if let Some(value) = value {
                    self.push(" = ");
                    self.expr(value);
                }
            }
            Statement::Parameters(parameters) => {
                self.push("declare query_parameters(");
                self.list(parameters, |parameter, out| out.parameter(parameter));
                self.push(")");
            }
            Statement::Verbatim(text) => self.push(text),
            Statement::Query(expr) => self.rows(expr),
        }
    }

    fn function(&mut self, function: &Function) {
        self.push(if function.view { "view (" } else { "(" });
        self.list(&function.parameters, |parameter, out| out.parameter(parameter));
        self.push(") { ");
        for (position, statement) in function.body.iter().enumerate() {
            if position > 0 {
                self.push("; ");
            }
            self.statement(&statement.kind);
        }
        self.push(" }");
    }

    pub fn parameter(&mut self, parameter: &Parameter) {
        self.name(&parameter.name.value);
        self.push(": ");
        match &parameter.kind {
            ParameterKind::Scalar { type_name, default } => {
                self.push(&type_name.value);
                if let Some(default) = default {
                    self.push(" = ");
                    self.expr(default);
                }
            }
            ParameterKind::Table(columns) if columns.is_empty() => self.push("(*)"),
            ParameterKind::Table(columns) => self.schema(columns),
        }
    }

    pub fn column(&mut self, column: &Column) {
        self.name(&column.name.value);
        self.push(": ");
        self.push(&column.type_name.value);
    }

    pub fn schema(&mut self, columns: &[Column]) {
        self.push("(");
        self.list(columns, |column, out| out.column(column));
        self.push(")");
    }

    pub fn name(&mut self, name: &str) {
        if is_bare(name) && !is_reserved(name) && !is_keyword(name) {
            self.push(name);
        } else {
            self.push("[");
            self.string(name);
            self.push("]");
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

    /// Options before the operands, with a blank after each.
    pub fn properties(&mut self, properties: &[Property]) {
        for property in properties {
            self.push(&property.name.value);
            self.push("=");
            self.expr(&property.value);
            self.push(" ");
        }
    }

    /// ` with (name=value, ...)`, where there is one.
    pub fn with_properties(&mut self, properties: &[Property]) {
        if properties.is_empty() {
            return;
        }
        self.push(" with (");
        self.list(properties, |property, out| {
            out.name(&property.name.value);
            out.push("=");
            out.expr(&property.value);
        });
        self.push(")");
    }

    /// `in (tables) `, where there are some.
    pub fn tables_in(&mut self, tables: &[Expr]) {
        if !tables.is_empty() {
            self.push("in (");
            self.list(tables, |table, out| out.primary(table));
            self.push(") ");
        }
    }

    pub fn field(&mut self, field: &Field) {
        match &field.label {
            Label::None => {}
            Label::Name(name) => {
                self.name(&name.value);
                self.push(" = ");
            }
            Label::Names(names) => {
                self.push("(");
                self.list(names, |name, out| out.name(&name.value));
                self.push(") = ");
            }
        }
        self.expr(&field.expr);
    }

    /// An expression that nothing binds: operators on rows may stand bare.
    pub fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Pipe(pipe) => self.in_parentheses(|out| out.pipe(pipe)),
            _ => self.at_least(Level::Or, expr),
        }
    }

    /// As [`Self::expr`], where operators on rows need no parentheses.
    fn rows(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Pipe(pipe) => self.pipe(pipe),
            _ => self.expr(expr),
        }
    }

    pub fn primary(&mut self, expr: &Expr) {
        self.at_least(Level::Primary, expr);
    }

    pub fn inner_query(&mut self, open: &str, pipe: &Pipe, close: &str) {
        self.push(open);
        for (position, operator) in pipe.operators.iter().enumerate() {
            if position > 0 {
                self.push(" | ");
            }
            operator.kind.print(self);
        }
        self.push(close);
    }

    fn pipe(&mut self, pipe: &Pipe) {
        match &pipe.source {
            Source::Expr(expr) => self.expr(expr),
            Source::Operator(operator) => operator.kind.print(self),
            Source::Context => {}
            Source::Datatable(table) => self.datatable(table),
            Source::Externaldata(table) => self.externaldata(table),
        }
        for operator in &pipe.operators {
            self.push("\n| ");
            operator.kind.print(self);
        }
    }

    fn datatable(&mut self, table: &Datatable) {
        self.push("datatable ");
        self.schema(&table.columns);
        self.push(" [");
        self.list(&table.values, |value, out| out.expr(value));
        self.push("]");
    }

    fn externaldata(&mut self, table: &Externaldata) {
        self.push("externaldata ");
        self.schema(&table.columns);
        self.push(" [");
        self.list(&table.addresses, |value, out| out.expr(value));
        self.push("]");
        self.with_properties(&table.properties);
    }

    fn in_parentheses(&mut self, print: impl FnOnce(&mut Self)) {
        self.push("(");
        print(self);
        self.push(")");
    }

    /// The expression, in parentheses if it binds more loosely than `floor`.
    fn at_least(&mut self, floor: Level, expr: &Expr) {
        if level(expr) < floor || matches!(expr.kind, ExprKind::Pipe(_)) {
            self.in_parentheses(|out| match &expr.kind {
                ExprKind::Pipe(pipe) => out.pipe(pipe),
                _ => out.bare(expr),
            });
        } else {
            self.bare(expr);
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Wildcard(pattern) => self.push(pattern),
            ExprKind::Star => self.push("*"),
            ExprKind::Member { value, name } => {
                self.base(value);
                self.push(".");
                self.name(&name.value);
            }
            ExprKind::Element { value, index } => {
                self.base(value);
                self.push("[");
                self.at_least(Level::Or, index);
                self.push("]");
            }
            ExprKind::Call { scope, function, args } => {
                if let Some(scope) = scope {
                    self.base(scope);
                    self.push(".");
                }
                self.name(&function.value);
                self.push("(");
                self.list(args, |arg, out| out.field(arg));
                self.push(")");
            }
            ExprKind::Sign { negative, value } => {
                self.push(if *negative { "-" } else { "+" });
                // A sign before a number belongs to it.
                if begins_with_literal(value) {
                    self.in_parentheses(|out| out.bare(value));
                } else {
                    self.at_least(Level::Primary, value);
                }
            }
            ExprKind::And(operands) => self.logical(" and ", Level::Equality, operands),
            ExprKind::Or(operands) => self.logical(" or ", Level::And, operands),
            ExprKind::Binary { op, left, right } => {
                let level = op.level();
                let (before, after) = match level {
                    Level::Sum => (Level::Sum, Level::Product),
                    Level::Product => (Level::Product, Level::Text),
                    Level::Equality => (Level::Relation, Level::Relation),
                    Level::Relation => (Level::Sum, Level::Sum),
                    _ => (Level::Unary, Level::Unary),
                };
                self.at_least(before, left);
                self.push(" ");
                self.push(op.spelling());
                self.push(" ");
                self.at_least(after, right);
            }
            ExprKind::List { op, value, items } => {
                self.at_least(Level::Relation, value);
                self.push(" ");
                self.push(op.spelling());
                self.push(" (");
                self.list(items, |item, out| out.expr(item));
                self.push(")");
            }
            ExprKind::Between { value, low, high, negated } => {
                self.at_least(Level::Relation, value);
                self.push(if *negated { " !between (" } else { " between (" });
                self.at_least(Level::Sum, low);
                self.push(" .. ");
                self.at_least(Level::Sum, high);
                self.push(")");
            }
            ExprKind::Pipe(pipe) => self.in_parentheses(|out| out.pipe(pipe)),
        }
    }

    /// What a member or element is taken of.
    fn base(&mut self, value: &Expr) {
        let number = matches!(value.kind, ExprKind::Literal(Literal::Long(_) | Literal::Real(_)));
        if number { self.in_parentheses(|out| out.bare(value)) } else { self.at_least(Level::Primary, value) }
    }

    fn logical(&mut self, operator: &str, floor: Level, operands: &[Expr]) {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                self.push(operator);
            }
            self.at_least(floor, operand);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Boolean(value) => self.push(if *value { "true" } else { "false" }),
            Literal::Long(value) => self.push(&value.to_string()),
            // The shortest form that reads back as the same number.
            Literal::Real(value) => self.push(&format!("{value:?}")),
            Literal::Span(text) => self.push(text),
            Literal::Text(value) => self.string(value),
            Literal::HiddenText(value) => {
                self.push("h");
                self.string(value);
            }
            Literal::Typed { type_name, text } => {
                self.push(type_name);
                self.in_parentheses(|out| out.push(text));
            }
            Literal::Dynamic(json) => {
                self.push("dynamic");
                self.in_parentheses(|out| out.json(json));
            }
        }
    }

    fn json(&mut self, json: &Json) {
        match &json.kind {
            JsonKind::Null => self.push("null"),
            JsonKind::Literal(literal) => self.literal(literal),
            JsonKind::Array(items) => {
                self.push("[");
                self.list(items, |item, out| out.json(item));
                self.push("]");
            }
            JsonKind::Object(pairs) => {
                self.push("{");
                self.list(pairs, |(key, value), out| {
                    out.string(&key.value);
                    out.push(": ");
                    out.json(value);
                });
                self.push("}");
            }
        }
    }
}

/// Words that mean something else where a value begins.
fn is_keyword(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "alias",
        "datatable",
        "declare",
        "dynamic",
        "evaluate",
        "external_data",
        "externaldata",
        "false",
        "False",
        "FALSE",
        "find",
        "flags",
        "h",
        "H",
        "hint",
        "kind",
        "let",
        "null",
        "of",
        "on",
        "print",
        "range",
        "restrict",
        "search",
        "set",
        "step",
        "to",
        "true",
        "True",
        "TRUE",
        "union",
        "view",
        "with",
    ];
    WORDS.contains(&name) || TYPES.contains(&name)
}

fn begins_with_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Member { value, .. } | ExprKind::Element { value, .. } => begins_with_literal(value),
        _ => false,
    }
}

/// How tightly the outermost operator binds.
fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::List { .. } | ExprKind::Between { .. } => Level::Equality,
        ExprKind::Binary { op, .. } => op.level(),
        ExprKind::Sign { .. } => Level::Unary,
        _ => Level::Primary,
    }
}
