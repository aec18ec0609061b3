//! Detections written back as YAML, and conditions as text.

use super::ast::{
    Aggregation, Condition, ConditionExpr, ConditionKind, Detection, Item, Key, Quantifier, Search, Value,
};
use ir::{CompareOp, Literal, Spanned};
use std::fmt::Write;

const INDENT: usize = 4;

pub(super) fn detection(detection: &Detection) -> String {
    let mut out = "detection:\n".to_owned();
    for selection in &detection.selections {
        pad(&mut out, INDENT);
        let _ = writeln!(out, "{}:{}", key_scalar(&selection.name.value, INDENT), opening(&selection.search));
        search(&mut out, &selection.search, 2 * INDENT);
    }
    if let Some(timeframe) = &detection.timeframe {
        pad(&mut out, INDENT);
        let _ = writeln!(out, "timeframe: {}", scalar(&timeframe.text, true));
    }
    pad(&mut out, INDENT);
    match detection.conditions.as_slice() {
        [only] => {
            let _ = writeln!(out, "condition: {}", condition(only));
        }
        several => {
            out.push_str("condition:\n");
            for one in several {
                pad(&mut out, 2 * INDENT);
                let _ = writeln!(out, "- {}", condition(one));
            }
        }
    }
    out
}

fn pad(out: &mut String, spaces: usize) {
    out.extend(std::iter::repeat_n(' ', spaces));
}

/// What stands behind the colon of a selection: a word alone, or nothing.
fn opening(search: &Search) -> String {
    match search {
        Search::Word(word) => format!(" {}", value(word)),
        Search::All(items) if items.is_empty() => " {}".to_owned(),
        Search::Any(parts) if parts.is_empty() => " []".to_owned(),
        _ => String::new(),
    }
}

fn search(out: &mut String, search: &Search, indent: usize) {
    match search {
        Search::All(items) => items.iter().for_each(|item| {
            pad(out, indent);
            self::item(out, item, indent);
        }),
        Search::Any(parts) => parts.iter().for_each(|part| {
            pad(out, indent);
            self::part(out, part, indent);
        }),
        Search::Word(_) => {}
    }
}

/// One element of a list, whose dash stands at `indent`.
fn part(out: &mut String, part: &Search, indent: usize) {
    out.push_str("- ");
    match part {
        Search::Word(word) => {
            let _ = writeln!(out, "{}", value(word));
        }
        Search::All(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    pad(out, indent + 2);
                }
                self::item(out, item, indent + 2);
            }
        }
        Search::Any(parts) if !parts.is_empty() => {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    pad(out, indent + 2);
                }
                self::part(out, part, indent + 2);
            }
        }
        empty => {
            let _ = writeln!(out, "{}", opening(empty).trim_start());
        }
    }
}

fn item(out: &mut String, item: &Item, indent: usize) {
    out.push_str(&key(&item.key, indent));
    match item.values.as_slice() {
        [only] if !item.listed => {
            let _ = writeln!(out, ": {}", value(only));
        }
        [] => out.push_str(": []\n"),
        values => {
            out.push_str(":\n");
            for one in values {
                pad(out, indent + INDENT);
                let _ = writeln!(out, "- {}", value(one));
            }
        }
    }
}

fn key(key: &Key, indent: usize) -> String {
    let mut text = key.field.as_ref().map_or_else(String::new, |field| field.value.clone());
    for modifier in &key.modifiers {
        text.push('|');
        text.push_str(&modifier.value);
    }
    key_scalar(&text, indent)
}

/// A key up to its colon. YAML wants a sign before keys of more than 1024 characters, and their colon on the next line.
fn key_scalar(text: &str, indent: usize) -> String {
    let key = scalar(text, true);
    if key.len() <= 1000 { key } else { format!("? {key}\n{}", " ".repeat(indent)) }
}

fn value(value: &Value) -> String {
    match &value.constant {
        Literal::Null => "null".to_owned(),
        Literal::String(text) => scalar(text, false),
        Literal::Double(number) if number.is_nan() => ".nan".to_owned(),
        Literal::Double(number) if number.is_infinite() => if *number > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
        other => other.to_string(),
    }
}

/// A string as YAML. `plain` where it may stand without quotes, because a number would be read as text too.
fn scalar(text: &str, plain: bool) -> String {
    let simple = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '|' | '-');
    let starts_simple = text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    if plain && starts_simple && text.chars().all(simple) {
        return text.to_owned();
    }
    // Characters that YAML does not print, and line breaks, which single quotes would fold.
    let printable = |character: char| {
        !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    if text.chars().all(printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            character if printable(character) => quoted.push(character),
            character => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn condition(condition: &Condition) -> String {
    let mut text = expr(&condition.expr, 0);
    match &condition.aggregation {
        None => {}
        Some(Aggregation::Near(near)) => {
            let _ = write!(text, " | near {}", expr(near, 0));
        }
        Some(Aggregation::Statistic { function, field, by, op, threshold }) => {
            let field = field.as_ref().map_or("", |field| field.value.as_str());
            let _ = write!(text, " | {}({field})", function.value.name());
            if !by.is_empty() {
                let _ = write!(text, " by {}", list(by));
            }
            let op = if *op == CompareOp::Equal { "=".to_owned() } else { op.to_string() };
            let _ = write!(text, " {op} {}", threshold.value);
        }
    }
    text
}

fn list(names: &[Spanned<String>]) -> String {
    names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", ")
}

/// `binding` is how tightly what stands around it binds: 1 for `and`, 2 for `not`.
fn expr(expr: &ConditionExpr, binding: u8) -> String {
    let (text, own) = match &expr.kind {
        ConditionKind::Selection(name) => (name.clone(), 3),
        ConditionKind::Of { quantifier, pattern } => {
            let quantifier = match quantifier {
                Quantifier::All => "all".to_owned(),
                Quantifier::Any => "any".to_owned(),
                Quantifier::AtLeast(count) => count.to_string(),
            };
            (format!("{quantifier} of {}", pattern.value), 3)
        }
        ConditionKind::Not(inner) => (format!("not {}", self::expr(inner, 2)), 2),
        ConditionKind::And(parts) => (joined(parts, " and ", 2), 1),
        ConditionKind::Or(parts) => (joined(parts, " or ", 1), 0),
    };
    if own < binding { format!("({text})") } else { text }
}

fn joined(parts: &[ConditionExpr], operator: &str, binding: u8) -> String {
    parts.iter().map(|part| expr(part, binding)).collect::<Vec<_>>().join(operator)
}
