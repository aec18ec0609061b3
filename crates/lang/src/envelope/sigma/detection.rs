//! The `detection` of a rule: YAML to the AST of the dialect.

use super::super::yaml_file::{Constant, Entry, Node, Reader, Schema};
use super::timespan;
use crate::dialect::sigma::ast::{Condition, Detection, Item, Key, Search, Selection, Timeframe, Value};
use crate::dialect::sigma::{self};
use crate::pcre;
use ir::{Diagnostic, Literal, Spanned, codes};

/// Modifiers that leave numbers numbers; all others take values as the text they are written with.
const NUMERIC: &[&str] =
    &["all", "day", "exists", "gt", "gte", "hour", "lt", "lte", "minute", "month", "neq", "week", "year"];

/// `None` where nothing can be made of it. What is wrong goes to `reader`. The key `except` is no selection.
pub(super) fn read(node: &Node<'_>, file: &str, except: Option<&str>, reader: &mut Reader) -> Option<Detection> {
    if !node.is_mapping() {
        reader.refuse(format!("`detection` is a mapping, and here is {}", node.kind()), node.span);
        return None;
    }
    let errors = reader.diagnostics.len();
    let mut detection = Detection { selections: Vec::new(), conditions: Vec::new(), timeframe: None };
    for entry in node.entries() {
        match entry.key.text() {
            Some("condition") => detection.conditions = conditions(&entry.value, file, reader),
            Some("timeframe") => detection.timeframe = timeframe(&entry.value, reader),
            name if name.is_some() && name == except => {}
            Some(name) => {
                let name = Spanned { value: name.to_owned(), span: entry.key.span };
                if let Some(search) = selection(entry, file, reader) {
                    detection.selections.push(Selection { name, search });
                }
            }
            None => reader.refuse(
                format!("the name of a selection is a string, and here is {}", entry.key.kind()),
                entry.key.span,
            ),
        }
    }
    if node.get("condition").is_none() {
        reader.missing(node, "condition");
    }
    (reader.diagnostics.len() == errors).then_some(detection)
}

/// A condition, or a list of them.
fn conditions(node: &Node<'_>, file: &str, reader: &mut Reader) -> Vec<Condition> {
    let nodes = node.items().unwrap_or(std::slice::from_ref(node));
    if nodes.is_empty() {
        reader.refuse("the condition is empty", node.span);
    }
    let mut conditions = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node.text().filter(|_| !node.is_null()) {
            Some(text) => match sigma::parse_condition(text, &node.origin(file)) {
                Ok(condition) => conditions.push(condition),
                Err(error) => reader.diagnostics.push(error),
            },
            None => reader.refuse(format!("a condition is a string, and here is {}", node.kind()), node.span),
        }
    }
    conditions
}

fn timeframe(node: &Node<'_>, reader: &mut Reader) -> Option<Timeframe> {
    let text = node.text().unwrap_or_default();
    match timespan::seconds(text) {
        Some(seconds) => Some(Timeframe { text: text.to_owned(), seconds, span: node.span }),
        None => {
            reader.refuse("`timeframe` is a span of time such as `15s`, `90m`, `24h` or `7d`", node.span);
            None
        }
    }
}

fn selection(entry: &Entry<'_>, file: &str, reader: &mut Reader) -> Option<Search> {
    let empty = entry.value.is_null()
        || (entry.value.is_mapping() && entry.value.entries().is_empty())
        || entry.value.items().is_some_and(<[_]>::is_empty);
    if empty {
        reader.refuse("the selection is empty", entry.key.span);
        return None;
    }
    search(&entry.value, file, reader)
}

fn search(node: &Node<'_>, file: &str, reader: &mut Reader) -> Option<Search> {
    if let Some(items) = node.items() {
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            parts.push(search(item, file, reader)?);
        }
        return Some(Search::Any(parts));
    }
    if node.is_mapping() {
        let mut items = Vec::with_capacity(node.entries().len());
        for entry in node.entries() {
            items.push(item(entry, file, reader)?);
        }
        return Some(Search::All(items));
    }
    // A word is text, be it a number.
    value(node, true, reader).map(Search::Word)
}

fn item(entry: &Entry<'_>, file: &str, reader: &mut Reader) -> Option<Item> {
    let Some(text) = entry.key.text() else {
        reader.refuse(format!("a key is a string, and here is {}", entry.key.kind()), entry.key.span);
        return None;
    };
    let key = sigma::parse_key(text, &entry.key.origin(file));
    let textual =
        key.modifiers.iter().any(|modifier| !NUMERIC.contains(&modifier.value.as_str())) || key.field.is_none();
    let listed = entry.value.items();
    let nodes = listed.unwrap_or(std::slice::from_ref(&entry.value));
    if nodes.is_empty() {
        reader.refuse("the list of values is empty", entry.key.span);
        return None;
    }
    let mut values = Vec::with_capacity(nodes.len());
    for node in nodes {
        values.push(value(node, textual, reader)?);
        check_regex(&key, node, file, reader);
    }
    Some(Item { key, values, listed: listed.is_some() })
}

fn value(node: &Node<'_>, textual: bool, reader: &mut Reader) -> Option<Value> {
    let Some(scalar) = node.scalar() else {
        reader.refuse(format!("a value is a string or a number, and here is {}", node.kind()), node.span);
        return None;
    };
    let text = || Literal::String(scalar.text.as_ref().to_owned());
    let constant = match scalar.constant(Schema::Core) {
        Constant::Null => Literal::Null,
        Constant::String(_) => text(),
        _ if textual => text(),
        Constant::Boolean(value) => Literal::Boolean(value),
        Constant::Integer(value) => integer(value).unwrap_or_else(text),
        Constant::Float(value) => Literal::Double(value),
    };
    Some(Value { constant, span: node.span })
}

/// The narrowest literal that holds the number.
fn integer(value: i128) -> Option<Literal> {
    let narrow = i32::try_from(value).map(Literal::Integer).or_else(|_| i64::try_from(value).map(Literal::Long));
    narrow.or_else(|_| u64::try_from(value).map(Literal::UnsignedLong)).ok()
}

/// A mistake in a regular expression is shown at its character.
fn check_regex(key: &Key, node: &Node<'_>, file: &str, reader: &mut Reader) {
    let Some(pattern) = node.text().filter(|_| key.modifiers.iter().any(|modifier| modifier.value == "re")) else {
        return;
    };
    if let Err(found) = pcre::check(pattern) {
        let end = found.at + pattern.get(found.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = node.origin(file).span(found.at, end);
        let message = format!("the regular expression is malformed: {}", found.message);
        reader.diagnostics.push(Diagnostic::refusal(codes::LITERAL, message).at(span));
    }
}
