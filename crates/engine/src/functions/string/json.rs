//! Finding one value in a JSON text without building the rest.

use crate::warning::Reason;

/// Deepest nesting of values that is looked at.
const MAX_DEPTH: usize = 128;

/// The steps to a value.
#[derive(Debug)]
pub(super) struct Path(Vec<Step>);

#[derive(Debug)]
enum Step {
    Member(String),
    Element(usize),
}

impl Path {
    pub fn new(path: &str) -> Result<Path, Reason> {
        let bad = || Reason::Argument(format!("Invalid JSON path [{path}]"));
        let mut steps = Vec::new();
        let mut rest = path.strip_prefix('$').unwrap_or(path);
        let mut member = !path.starts_with('$') && !rest.starts_with('[');
        while member || !rest.is_empty() {
            if let Some(bracket) = rest.strip_prefix('[').filter(|_| !member) {
                let (step, after) = bracketed(bracket.trim_start()).ok_or_else(bad)?;
                steps.push(step);
                rest = after;
                continue;
            }
            if !member {
                rest = rest.strip_prefix('.').ok_or_else(bad)?;
            }
            member = false;
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() {
                return Err(bad());
            }
            steps.push(Step::Member(name.to_string()));
            rest = after;
        }
        Ok(Path(steps))
    }
}

/// A quoted name or a number, and the text after the closing bracket.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    let (step, rest) = match text.chars().next()? {
        quote @ ('\'' | '"') => {
            let mut name = String::new();
            let mut chars = text[1..].char_indices();
            let end = loop {
                match chars.next()? {
                    (_, '\\') => name.push(chars.next()?.1),
                    (at, c) if c == quote => break at + 2,
                    (_, c) => name.push(c),
                }
            };
            (Step::Member(name), text.get(end..)?)
        }
        _ => {
            let end = text.find(|c: char| !c.is_ascii_digit())?;
            (Step::Element(text[..end].parse().ok()?), &text[end..])
        }
    };
    Some((step, rest.trim_start().strip_prefix(']')?))
}

/// The value at the end of the path; `None` where it is JSON's null. The text past it is not looked at.
pub(super) fn extract(json: &str, path: &Path, text: &str) -> Result<Option<String>, Reason> {
    let mut reader = Reader { json, at: 0 };
    for step in &path.0 {
        let missing = || Reason::Argument(format!("path [{text}] does not exist"));
        match (step, reader.peek()) {
            (Step::Member(name), Some(b'{')) => {
                if !reader.find_member(name)? {
                    return Err(missing());
                }
            }
            (Step::Element(index), Some(b'[')) => {
                if !reader.find_element(*index)? {
                    return Err(Reason::Argument("array index out of bounds".to_string()));
                }
            }
            _ => {
                // What is there must be a value, to be no more than another one than was asked for.
                reader.skip(0)?;
                return Err(missing());
            }
        }
    }
    match reader.peek() {
        Some(b'"') => reader.string().map(Some),
        _ => {
            let start = reader.at;
            reader.skip(0)?;
            let value = json.get(start..reader.at).ok_or_else(invalid)?;
            Ok((value != "null").then(|| compact(value)))
        }
    }
}

fn invalid() -> Reason {
    Reason::Argument("invalid JSON input".to_string())
}

/// A valid JSON value without the blanks between its parts.
fn compact(value: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = quoted || !c.is_ascii_whitespace();
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            _ => {}
        }
        kept
    };
    value.chars().filter(keep).collect()
}

struct Reader<'j> {
    json: &'j str,
    at: usize,
}

impl Reader<'_> {
    /// The byte that the next value or mark starts with.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn expect(&mut self, mark: u8) -> Result<(), Reason> {
        if self.peek() != Some(mark) {
            return Err(invalid());
        }
        self.at += 1;
        Ok(())
    }

    /// After a member or an element: whether another one follows.
    fn more(&mut self, close: u8) -> Result<bool, Reason> {
        let mark = self.peek();
        self.at += 1;
        match mark {
            Some(b',') => Ok(true),
            Some(mark) if mark == close => Ok(false),
            _ => Err(invalid()),
        }
    }

    /// Moves into an object, to the value of its first member of that name.
    fn find_member(&mut self, wanted: &str) -> Result<bool, Reason> {
        self.expect(b'{')?;
        if self.peek() == Some(b'}') {
            return Ok(false);
        }
        loop {
            let name = self.string()?;
            self.expect(b':')?;
            if name == wanted {
                self.peek();
                return Ok(true);
            }
            self.skip(0)?;
            if !self.more(b'}')? {
                return Ok(false);
            }
        }
    }

    /// Moves into an array, to its element of that number.
    fn find_element(&mut self, wanted: usize) -> Result<bool, Reason> {
        self.expect(b'[')?;
        if self.peek() == Some(b']') {
            return Ok(false);
        }
        for _ in 0..wanted {
            self.skip(0)?;
            if !self.more(b']')? {
                return Ok(false);
            }
        }
        self.peek();
        Ok(true)
    }

    /// Moves past a string and returns what it says.
    fn string(&mut self) -> Result<String, Reason> {
        let start = self.at_string()?;
        serde_json::from_str(&self.json[start..self.at]).map_err(|_| invalid())
    }

    /// Moves past a string; returns where it starts.
    fn at_string(&mut self) -> Result<usize, Reason> {
        if self.peek() != Some(b'"') {
            return Err(invalid());
        }
        let start = self.at;
        let bytes = self.json.as_bytes();
        self.at += 1;
        loop {
            match bytes.get(self.at).ok_or_else(invalid)? {
                b'"' => {
                    self.at += 1;
                    return Ok(start);
                }
                // A backslash at the very end leads past it, where nothing is found.
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    /// Moves past a value.
    fn skip(&mut self, depth: usize) -> Result<(), Reason> {
        if depth > MAX_DEPTH {
            return Err(invalid());
        }
        match self.peek().ok_or_else(invalid)? {
            b'"' => self.at_string().map(drop),
            open @ (b'{' | b'[') => {
                let close = if open == b'{' { b'}' } else { b']' };
                self.at += 1;
                if self.peek() == Some(close) {
                    self.at += 1;
                    return Ok(());
                }
                loop {
                    if open == b'{' {
                        self.at_string()?;
                        self.expect(b':')?;
                    }
                    self.skip(depth + 1)?;
                    if !self.more(close)? {
                        return Ok(());
                    }
                }
            }
            _ => {
                let start = self.at;
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                self.at += self.json.as_bytes()[start..].iter().take_while(|byte| is_part(byte)).count();
                let scalar: Result<serde_json::Value, _> = serde_json::from_str(&self.json[start..self.at]);
                scalar.map(drop).map_err(|_| invalid())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_paths_are_refused() {
        for path in ["", "$x", "a.", ".a", "a[", "a[-1]", "a[0:3]", "a['b]", "a[*]", "$..a"] {
            assert!(Path::new(path).is_err(), "{path}");
        }
        assert!(Path::new("$").is_ok() && Path::new("[\"a b\"][0]").is_ok());
    }

    #[test]
    fn broken_texts_are_refused() {
        let path = Path::new("a").expect("a path");
        let deep = format!("{{\"b\":{}1{}, \"a\": 1}}", "[".repeat(10_000), "]".repeat(10_000));
        for json in ["", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"\\", "{a:1}", "{\"b\":x,\"a\":1}", &deep] {
            assert!(extract(json, &path, "a").is_err(), "{json:.20}");
        }
    }
}
