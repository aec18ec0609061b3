//! How documents lie in an input.

use super::{gap::Reason, scanner::Scanner, splitter::Splitter};
use crate::Head;
use serde_json::Value;

/// The ways in which documents are written to files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One a line.
    Lines,
    /// Each behind a line that says what to do with it (Elasticsearch, "Bulk API").
    Bulk,
    /// One after the other over any number of lines, or in arrays.
    Spread,
    /// In `hits.hits` of search responses.
    Search,
}

/// What a head of JSON documents shows.
#[derive(Debug)]
pub struct Sample {
    pub shape: Shape,
    /// The documents of the head, with what the envelope says of each.
    pub documents: Vec<Value>,
    /// Whether the fields lie below `_source`, as in search hits and in what elasticdump writes.
    pub hits: bool,
}

/// How many lines are looked at to find one that is a document.
const LINES: usize = 100;

/// `None` if the head is not of JSON documents.
pub fn sample(head: &Head<'_>) -> Option<Sample> {
    let shape = shape(head)?;
    let documents: Vec<Value> = match shape {
        Shape::Lines | Shape::Bulk => head.bytes.split(|byte| *byte == b'\n').filter_map(parse).collect(),
        Shape::Spread | Shape::Search => {
            let mut documents = Vec::new();
            Splitter::new(shape == Shape::Search).split(head.bytes, &mut |part| documents.extend(parse(part.bytes)));
            documents
        }
    };
    let hits = documents.iter().any(|document| document["_source"].is_object());
    Some(Sample { shape, documents, hits })
}

fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().filter(Value::is_object)
}

fn shape(head: &Head<'_>) -> Option<Shape> {
    let bytes = head.bytes.trim_ascii_start();
    match bytes.first()? {
        b'{' => object_shape(bytes, head.whole),
        // An array of documents, or the beginning of one.
        b'[' => matches!(bytes[1..].trim_ascii_start().first(), Some(b'{') | None).then_some(Shape::Spread),
        _ => None,
    }
}

fn object_shape(bytes: &[u8], whole: bool) -> Option<Shape> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let mut splitter = Splitter::new(true);
    let mut hits = 0;
    splitter.split(bytes, &mut |_| hits += 1);
    if hits > 0 || splitter.in_documents() {
        return Some(Shape::Search);
    }
    if is_document(line) {
        return Some(if is_action(line) { Shape::Bulk } else { Shape::Lines });
    }
    let text = String::from_utf8_lossy(bytes);
    match Scanner::over_lines(&[] as &[&str]).document(&text, 0, &mut Vec::new()) {
        Ok(_) => Some(Shape::Spread),
        Err(_) if bytes.split(|byte| *byte == b'\n').skip(1).take(LINES).any(is_document) => Some(Shape::Lines),
        // A line or a document that is longer than the head.
        Err(malformed) if malformed.reason == Reason::Ended && !whole => {
            Some(if line.len() == bytes.len() { Shape::Lines } else { Shape::Spread })
        }
        // What cannot be read is counted as unreadable, if it begins as a document does.
        Err(_) => bytes[1..].trim_ascii_start().starts_with(b"\"").then_some(Shape::Lines),
    }
}

fn is_document(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    Scanner::new(&[] as &[&str]).line(&text, &mut Vec::new()).is_ok()
}

fn is_action(line: &[u8]) -> bool {
    parse(line).is_some_and(|line| action(&line).is_some())
}

/// The name and the body of a bulk action.
pub fn action(line: &Value) -> Option<(&str, &Value)> {
    let object = line.as_object().filter(|object| object.len() == 1)?;
    let (name, body) = object.iter().next()?;
    (matches!(name.as_str(), "index" | "create" | "delete" | "update") && body.is_object()).then_some((name, body))
}
