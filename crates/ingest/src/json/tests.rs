//! The scanner against `serde_json`: the same lines accepted, the same values found.

use super::{flatten::flatten, *};
use serde_json::{Map, Value};

/// A small generator of numbers (xorshift64*), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }

    fn pick<'x, T: ?Sized>(&mut self, from: &[&'x T]) -> &'x T {
        from[self.below(from.len())]
    }
}

const KEYS: [&str; 9] = ["a", "b", "c.d", "c", "d", "answers", "ü", "k\"ey", "e"];
const WANTED: [&str; 8] = ["a", "c.d", "b.c.d", "answers.a", "answers.b", "ü", "d.d", "k\"ey.e"];
const STRINGS: [&str; 8] = [
    "",
    "x",
    "example.com",
    "a \"quoted\" one\n",
    "ünïcode 🐦",
    "a string longer than sixteen bytes is here",
    "\\",
    "1",
];

/// A document whose shape is fixed by `shape`, with values of its own.
fn document(shape: &mut Random, values: &mut Random, depth: usize) -> Value {
    let members = (0..1 + shape.below(6)).map(|_| (shape.pick(&KEYS).to_owned(), value(shape, values, depth)));
    Value::Object(members.collect::<Map<String, Value>>())
}

fn value(shape: &mut Random, values: &mut Random, depth: usize) -> Value {
    match shape.below(if depth == 0 { 6 } else { 10 }) {
        0 | 1 => Value::from(values.pick(&STRINGS)),
        2 => Value::from("constant"),
        3 => Value::from(values.next() as i32),
        4 => Value::from(values.below(1000) as f64 / 8.0),
        5 => [Value::Null, Value::Bool(true), Value::Bool(false)][values.below(3)].clone(),
        6 => Value::Array((0..values.below(4)).map(|_| value(shape, values, depth - 1)).collect()),
        7 => {
            let elements = values.below(3);
            let shape = shape.next() | 1;
            Value::Array((0..elements).map(|_| document(&mut Random(shape), values, depth - 1)).collect())
        }
        _ => document(shape, values, depth - 1),
    }
}

/// Changes a line at a place or two.
fn mutate(line: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = line.chars().collect();
    for _ in 0..1 + random.below(2) {
        let at = random.below(chars.len().max(1)).min(chars.len().saturating_sub(1));
        let char =
            *random.pick(&[&'"', &'\\', &',', &':', &'{', &'}', &'[', &']', &'0', &'e', &'-', &' ', &'\t', &'x', &'.']);
        match random.below(5) {
            _ if chars.is_empty() => chars.push(char),
            0 => chars[at] = char,
            1 => chars.insert(at, char),
            2 => drop(chars.remove(at)),
            3 => chars.truncate(at),
            _ => {
                let end = (at + 1 + random.below(8)).min(chars.len());
                chars.splice(at..at, chars[at..end].to_vec());
            }
        }
    }
    chars.into_iter().collect()
}

/// Paths and values, every value as text.
type Values = Vec<(String, String)>;

fn expected(line: &str) -> Option<Values> {
    let document: Value = serde_json::from_str(line).ok()?;
    document.is_object().then(|| {
        let mut values = Vec::new();
        flatten(&document, &mut |path, value| {
            if WANTED.contains(&path) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                values.push((path.to_owned(), text));
            }
        });
        values
    })
}

fn scanned(scanner: &mut Scanner, line: &str) -> Result<Values, Malformed> {
    let mut found = Vec::new();
    scanner.line(line, &mut found)?;
    let value = |found: &Found| {
        let raw = found.raw(line);
        let text = match found.kind {
            Kind::Number => serde_json::from_str::<Value>(raw).map_or_else(|_| raw.to_owned(), |n| n.to_string()),
            _ => unescape(raw).into_owned(),
        };
        (WANTED[usize::from(found.path)].to_owned(), text)
    };
    Ok(found.iter().filter(|found| found.kind != Kind::Null).map(value).collect())
}

/// Whether serde's `Value` cannot be compared with: it keeps one of two members with the same key.
fn has_twins(line: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(line) else { return false };
    let keys = |text: &str| text.matches("\":").count() + text.matches("\" :").count() + text.matches("\"\t:").count();
    keys(line) != keys(&value.to_string())
}

#[test]
fn the_scanner_finds_what_parsing_finds() {
    let (mut compared, mut refused) = (0, 0);
    for seed in 1..=60 {
        let mut random = Random(seed * 0x9e37_79b9);
        let shapes: Vec<u64> = (0..1 + random.below(4)).map(|_| random.next() | 1).collect();
        let mut scanner = Scanner::new(&WANTED);
        for round in 0..300 {
            // Past the sample, so that guesses are made and then fail.
            let constant = if round < 120 { 1 } else { random.next() | 1 };
            let shape = shapes[random.below(shapes.len())];
            let mut line = document(&mut Random(shape), &mut Random(constant), 3).to_string();
            if random.below(3) == 0 && round > 20 {
                line = mutate(&line, &mut random);
            }
            let got = scanned(&mut scanner, &line);
            match expected(&line) {
                Some(values) if !has_twins(&line) => {
                    assert_eq!(got.as_ref(), Ok(&values), "seed {seed}: {line}");
                    compared += 1;
                }
                Some(_) => assert!(got.is_ok(), "seed {seed}: {line}"),
                // Serde refuses half a surrogate pair and numbers that no double can hold.
                None if line.contains("\\u") || line.contains('e') && got.is_ok() && out_of_range(&line) => {}
                None => {
                    assert!(got.is_err(), "seed {seed}: {line}");
                    refused += 1;
                }
            }
        }
    }
    assert!(compared > 9_000 && refused > 1_500, "{compared} {refused}");
}

fn out_of_range(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_err_and(|error| error.to_string().contains("out of range"))
}

#[test]
fn elements_of_arrays_are_numbered() {
    let mut scanner = Scanner::new(&["l.n", "l.t", "x", "n"]);
    let line = r#"{"x":1,"l":[{"n":1,"t":[2,3]},{},{"t":[4],"n":5}],"x":6,"n":[[7,8],[9]]}"#;
    let mut found = Vec::new();
    for _ in 0..200 {
        assert!(scanner.line(line, &mut found).is_ok());
        let elements: Vec<(&str, u32)> = found.iter().map(|found| (found.raw(line), found.element)).collect();
        let expected =
            [("1", 0), ("1", 0), ("2", 0), ("3", 0), ("4", 2), ("5", 2), ("6", 0), ("7", 0), ("8", 0), ("9", 1)];
        assert_eq!(elements, expected);
    }
}

#[test]
fn what_is_no_document_is_refused_with_the_place() {
    for (line, message) in [
        ("", "invalid JSON at byte 1: the text ends in the middle of the document"),
        ("[1]", "invalid JSON at byte 1: not a JSON object"),
        ("{\"a\":1", "invalid JSON at byte 7: the text ends in the middle of the document"),
        ("{\"a\" 1}", "invalid JSON at byte 6: no colon behind the key"),
        ("{\"a\":01}", "invalid JSON at byte 6: not a value"),
        ("{\"a\":1]", "invalid JSON at byte 7: neither a comma nor the end of the object or array"),
        ("{\"a\":1} x", "invalid JSON at byte 9: more behind the end of the document"),
        ("{a:1}", "invalid JSON at byte 2: not a key"),
    ] {
        let result = Scanner::new(&["a"]).line(line, &mut Vec::new());
        assert_eq!(result.map_err(|malformed| malformed.to_string()), Err(message.to_owned()));
    }
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(Scanner::new(&["a"]).line(&nested(126), &mut Vec::new()).is_ok());
    assert!(Scanner::new(&["a"]).line(&nested(127), &mut Vec::new()).is_err());
    assert!(Scanner::new(&["a"]).line(&nested(1_000_000), &mut Vec::new()).is_err());
}

#[test]
fn keys_that_are_data_do_not_fill_the_memory() {
    let mut scanner = Scanner::new(&["a"]);
    let mut found = Vec::new();
    for number in 0..20_000 {
        let line = format!("{{\"k{number}\":{{\"x{number}\":1}},\"a\":{number}}}");
        assert!(scanner.line(&line, &mut found).is_ok());
        assert_eq!(found.iter().map(|found| found.raw(&line)).collect::<Vec<_>>(), [number.to_string()]);
    }
}
