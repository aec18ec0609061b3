//! AST to text that parses to the same AST. Parentheses are put where the grammar needs them and nowhere else.

use super::ast::{Node, NodeKind, Piece, Query, Value, ValueKind, Values, ValuesKind};
use super::lexer::{is_space, keyword};
use ir::CompareOp;

pub(super) fn query(query: &Query) -> String {
    let mut out = String::new();
    if let Some(condition) = &query.condition {
        node(condition, Level::Or, &mut out);
    }
    out
}

/// Binding strength, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Operand,
}

fn node(node: &Node, floor: Level, out: &mut String) {
    let level = match &node.kind {
        NodeKind::Or(_) => Level::Or,
        NodeKind::And(_) => Level::And,
        NodeKind::Not(_) => Level::Not,
        _ => Level::Operand,
    };
    bracketed(level < floor, out, |out| match &node.kind {
        NodeKind::Or(nodes) => chain(nodes, " or ", out, |inner, out| self::node(inner, Level::And, out)),
        NodeKind::And(nodes) => chain(nodes, " and ", out, |inner, out| self::node(inner, Level::Not, out)),
        NodeKind::Not(inner) => {
            out.push_str("not ");
            self::node(inner, Level::Operand, out);
        }
        NodeKind::Test { field, values } => {
            if let Some(field) = field {
                value(field, out);
                out.push_str(": ");
            }
            self::values(values, Level::Operand, out);
        }
        NodeKind::Range { field, op, value: end } => {
            value(field, out);
            out.push_str(match op {
                CompareOp::Less => " < ",
                CompareOp::LessOrEqual => " <= ",
                CompareOp::Greater => " > ",
                _ => " >= ",
            });
            value(end, out);
        }
        NodeKind::Nested { field, condition } => {
            value(field, out);
            out.push_str(": { ");
            self::node(condition, Level::Or, out);
            out.push_str(" }");
        }
    });
}

fn values(values: &Values, floor: Level, out: &mut String) {
    let level = match &values.kind {
        ValuesKind::Or(_) => Level::Or,
        ValuesKind::And(_) => Level::And,
        ValuesKind::Not(_) => Level::Not,
        ValuesKind::One(_) => Level::Operand,
    };
    bracketed(level < floor, out, |out| match &values.kind {
        ValuesKind::One(one) => value(one, out),
        ValuesKind::Or(items) => chain(items, " or ", out, |inner, out| self::values(inner, Level::And, out)),
        ValuesKind::And(items) => chain(items, " and ", out, |inner, out| self::values(inner, Level::Not, out)),
        ValuesKind::Not(inner) => {
            out.push_str("not ");
            self::values(inner, Level::Operand, out);
        }
    });
}

fn bracketed(brackets: bool, out: &mut String, print: impl FnOnce(&mut String)) {
    out.push_str(if brackets { "(" } else { "" });
    print(out);
    out.push_str(if brackets { ")" } else { "" });
}

fn chain<T>(items: &[T], between: &str, out: &mut String, mut print: impl FnMut(&T, &mut String)) {
    for (position, item) in items.iter().enumerate() {
        out.push_str(if position > 0 { between } else { "" });
        print(item, out);
    }
}

fn value(value: &Value, out: &mut String) {
    match &value.kind {
        ValueKind::Quoted(text) => {
            out.push('"');
            text.chars().for_each(|character| match character {
                '"' => out.push_str("\\\""),
                _ => escaped(character, out),
            });
            out.push('"');
        }
        ValueKind::Unquoted(pieces) => unquoted(pieces, out),
    }
}

/// What is escaped in quotes and outside.
fn escaped(character: char, out: &mut String) {
    match character {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        '\\' => out.push_str("\\\\"),
        _ => out.push(character),
    }
}

fn unquoted(pieces: &[Piece], out: &mut String) {
    let mut raw = String::new();
    for piece in pieces {
        let Piece::Text(text) = piece else {
            raw.push('*');
            continue;
        };
        for character in text.chars() {
            match character {
                ' ' => raw.push(' '),
                '(' | ')' | ':' | '<' | '>' | '"' | '*' | '{' | '}' => raw.extend(['\\', character]),
                '\t' | '\r' => escaped(character, &mut raw),
                // A line break as `\n` could be the beginning of `\not`.
                _ if is_space(character) => raw.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => escaped(character, &mut raw),
            }
        }
    }
    // Blanks inside join words to one value; at its ends they must be escaped, and so must words that are keywords.
    let inner = raw.trim_matches(' ');
    let leading = raw.len() - raw.trim_start_matches(' ').len();
    let trailing = if inner.is_empty() { 0 } else { raw.len() - leading - inner.len() };
    out.push_str(&"\\ ".repeat(leading));
    let mut words = inner.split(' ').peekable();
    // An escaped blank makes the word beside it part of a longer one.
    let mut joined = leading > 0;
    while let Some(word) = words.next() {
        let last = words.peek().is_none();
        if keyword(word).is_some() && !joined && !(last && trailing > 0) {
            out.push('\\');
        }
        out.push_str(word);
        out.push_str(if last { "" } else { " " });
        joined = false;
    }
    out.push_str(&"\\ ".repeat(trailing));
}
