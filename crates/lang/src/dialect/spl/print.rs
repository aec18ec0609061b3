//! AST to text that parses to the same AST: the commands one a line, bare words bare, parentheses only where the grammar
//! needs them.

use super::ast::{
    Aggregate, Argument, Assignment, Directive, Expr, ExprKind, Query, Renaming, Search, SearchKind, Setting, Word,
};
use super::lexer::escape;
use ir::{BinaryOp, CompareOp, Literal};

pub(super) fn query(query: &Query) -> String {
    let mut out = Printer::default();
    out.commands(query, "\n");
    out.text
}

pub(super) fn expr(expr: &Expr) -> String {
    let mut out = Printer::default();
    out.expr(expr);
    out.text
}

/// Text under construction.
#[derive(Default)]
pub(super) struct Printer {
    text: String,
}

/// How tightly an expression of `eval` binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Xor,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Unary,
    Primary,
}

impl Printer {
    fn commands(&mut self, query: &Query, separator: &str) {
        for (position, command) in query.commands.iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            // Only a search may stand at the start without a pipe.
            if position > 0 || command.kind.name() != "search" {
                self.push("| ");
            }
            command.kind.print(self);
        }
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// ` text`, or nothing where the text is empty.
    pub fn then(&mut self, text: &str) {
        if !text.is_empty() {
            self.push(" ");
            self.push(text);
        }
    }

    pub fn subsearch(&mut self, query: &Query) {
        self.push("[");
        self.commands(query, " ");
        self.push("]");
    }

    pub fn word(&mut self, word: &Word) {
        if word.quoted {
            let text = escape(&word.text, '"');
            self.push(&text);
        } else {
            self.push(&word.text);
        }
    }

    /// A field of `eval`, which quotes its names once only.
    fn eval_field(&mut self, word: &Word) {
        if word.quoted {
            let text = escape(&word.text, '\'');
            self.push(&text);
        } else {
            self.push(&word.text);
        }
    }

    pub fn words(&mut self, words: &[Word], separator: &str) {
        for (position, word) in words.iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            self.word(word);
        }
    }

    /// Each as ` name=value`.
    pub fn settings(&mut self, settings: &[Setting]) {
        for setting in settings {
            self.push(" ");
            self.push(&setting.name.value);
            self.push("=");
            self.word(&setting.value);
        }
    }

    pub fn renamings(&mut self, list: &[Renaming]) {
        for (position, renaming) in list.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            self.word(&renaming.from);
            if let Some(to) = &renaming.to {
                self.push(" AS ");
                self.word(to);
            }
        }
    }

    pub fn assignments(&mut self, list: &[Assignment]) {
        for (position, assignment) in list.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            self.word(&assignment.name);
            self.push("=");
            self.expr(&assignment.expr);
        }
    }

    pub fn aggregates(&mut self, list: &[Aggregate]) {
        for (position, aggregate) in list.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            self.push(&aggregate.function.value);
            match &aggregate.argument {
                // Without an argument only `count` needs no parentheses.
                Argument::None if aggregate.function.value == "count" => {}
                Argument::None => self.push("()"),
                Argument::Field(word) => {
                    self.push("(");
                    self.word(word);
                    self.push(")");
                }
                Argument::Eval(expr) => {
                    self.push("(eval(");
                    self.expr(expr);
                    self.push("))");
                }
                Argument::Verbatim(text) => {
                    self.push("(");
                    self.push(text);
                    self.push(")");
                }
            }
            if let Some(name) = &aggregate.name {
                self.push(" AS ");
                self.word(name);
            }
        }
    }

    /// ` BY a b`, or nothing.
    pub fn by(&mut self, fields: &[Word]) {
        if !fields.is_empty() {
            self.push(" BY ");
            self.words(fields, " ");
        }
    }

    pub fn search(&mut self, condition: &Search) {
        match &condition.kind {
            SearchKind::And(operands) => self.operands(operands, " ", |kind| matches!(kind, SearchKind::And(_))),
            SearchKind::Or(operands) => {
                self.operands(operands, " OR ", |kind| matches!(kind, SearchKind::And(_) | SearchKind::Or(_)))
            }
            SearchKind::Not(operand) => {
                self.push("NOT ");
                let grouped = matches!(operand.kind, SearchKind::And(_) | SearchKind::Or(_));
                self.grouped(operand, grouped);
            }
            SearchKind::Keyword(word) => self.word(word),
            SearchKind::Compare { field, op, value } => {
                self.word(field);
                self.push(comparison(*op));
                self.word(value);
            }
            SearchKind::In { field, list } => {
                self.word(field);
                self.push(" IN (");
                self.words(list, ", ");
                self.push(")");
            }
            SearchKind::Directive { field, directive, word } => {
                if let Some(field) = field {
                    self.word(field);
                    self.push("=");
                }
                self.push(match directive {
                    Directive::Case => "CASE(",
                    Directive::Term => "TERM(",
                });
                self.word(word);
                self.push(")");
            }
            SearchKind::Subsearch(query) => self.subsearch(query),
            SearchKind::Macro(call) => {
                self.push("`");
                self.push(&call.text);
                self.push("`");
            }
        }
    }

    fn operands(&mut self, operands: &[Search], separator: &str, is_grouped: fn(&SearchKind) -> bool) {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            self.grouped(operand, is_grouped(&operand.kind));
        }
    }

    fn grouped(&mut self, condition: &Search, grouped: bool) {
        if grouped {
            self.push("(");
        }
        self.search(condition);
        if grouped {
            self.push(")");
        }
    }

    pub fn expr(&mut self, expr: &Expr) {
        self.expr_at(expr, Level::Xor);
    }

    /// The expression, in parentheses where it binds more loosely than its place asks for.
    fn expr_at(&mut self, expr: &Expr, place: Level) {
        let own = level(&expr.kind);
        if own < place {
            self.push("(");
        }
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Field(word) => self.eval_field(word),
            ExprKind::Not(value) => {
                self.push("NOT ");
                self.expr_at(value, Level::Not);
            }
            ExprKind::Negate(value) => {
                self.push("-");
                self.expr_at(value, Level::Unary);
            }
            ExprKind::And(operands) => self.chain(operands, " AND ", Level::Not),
            ExprKind::Or(operands) => self.chain(operands, " OR ", Level::And),
            ExprKind::Xor(operands) => self.chain(operands, " XOR ", Level::Or),
            ExprKind::Arithmetic { op, left, right } => self.binary(left, arithmetic(*op), right, own),
            ExprKind::Concat(left, right) => self.binary(left, " . ", right, Level::Sum),
            ExprKind::Compare { op, left, right } => {
                let symbol = if *op == CompareOp::Equal { "==" } else { comparison(*op) };
                self.binary(left, &format!(" {symbol} "), right, Level::Compare);
            }
            ExprKind::Like { value, pattern } => self.binary(value, " LIKE ", pattern, Level::Compare),
            ExprKind::In { value, list } => {
                self.expr_at(value, Level::Compare);
                self.push(" IN (");
                self.chain(list, ", ", Level::Xor);
                self.push(")");
            }
            ExprKind::Call { function, args } => {
                self.push(&function.value);
                self.push("(");
                self.chain(args, ", ", Level::Xor);
                self.push(")");
            }
            ExprKind::Macro(call) => {
                self.push("`");
                self.push(&call.text);
                self.push("`");
            }
        }
        if own < place {
            self.push(")");
        }
    }

    fn chain(&mut self, operands: &[Expr], separator: &str, place: Level) {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            self.expr_at(operand, place);
        }
    }

    /// Groups to the left.
    fn binary(&mut self, left: &Expr, operator: &str, right: &Expr, own: Level) {
        self.expr_at(left, own);
        self.push(operator);
        self.expr_at(right, tighter(own));
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::String(text) => {
                let text = escape(text, '"');
                self.push(&text);
            }
            Literal::Double(value) => self.push(&format!("{value:?}")),
            other => self.push(&other.to_string()),
        }
    }
}

fn level(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::Xor(_) => Level::Xor,
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare { .. } | ExprKind::Like { .. } | ExprKind::In { .. } => Level::Compare,
        ExprKind::Arithmetic { op: BinaryOp::Add | BinaryOp::Subtract, .. } | ExprKind::Concat(..) => Level::Sum,
        ExprKind::Arithmetic { .. } => Level::Product,
        ExprKind::Negate(_) => Level::Unary,
        ExprKind::Literal(_) | ExprKind::Field(_) | ExprKind::Call { .. } | ExprKind::Macro(_) => Level::Primary,
    }
}

fn tighter(level: Level) -> Level {
    match level {
        Level::Xor => Level::Or,
        Level::Or => Level::And,
        Level::And => Level::Not,
        Level::Not => Level::Compare,
        Level::Compare => Level::Sum,
        Level::Sum => Level::Product,
        Level::Product => Level::Unary,
        Level::Unary | Level::Primary => Level::Primary,
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
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
