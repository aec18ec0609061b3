//! How deep a program nests, told before it is parsed: the tree of a hostile one would overflow the stack when it is walked
//! or freed.

/// Deepest nesting that is parsed: brackets, operators in one expression, and indentation together. The rules of the
/// public repository stay below 60.
pub(super) const MAX_NESTING: usize = 400;

/// Where the text nests deeper than [`MAX_NESTING`], if it does. Strings and comments are skipped, except for the code in
/// f-strings; where the text is no Python the answer is only a bound.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, levels: vec![0], indents: Vec::new() };
    scan.run()
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    /// For each open bracket, the operators since the last comma: each may be one level of the tree.
    levels: Vec<usize>,
    /// How far each open block is indented.
    indents: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Option<usize> {
        self.indent();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'#' => self.skip_line(),
                b'\'' | b'"' => {
                    if let Some(at) = self.string(byte) {
                        return Some(at);
                    }
                    continue;
                }
                b'(' | b'[' | b'{' => self.levels.push(0),
                b')' | b']' | b'}' => self.close(),
                b',' | b';' => self.reset(),
                b'\n' if self.levels.len() == 1 => {
                    self.reset();
                    self.at += 1;
                    self.indent();
                    continue;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                    self.word();
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'0'..=b'9' | b'=' => {}
                _ => self.count(),
            }
            if self.depth() > MAX_NESTING {
                return Some(self.at);
            }
            self.at += 1;
        }
        None
    }

    fn depth(&self) -> usize {
        self.indents.len() + self.levels.iter().map(|operators| operators + 1).sum::<usize>()
    }

    fn count(&mut self) {
        if let Some(operators) = self.levels.last_mut() {
            *operators += 1;
        }
    }

    fn reset(&mut self) {
        if let Some(operators) = self.levels.last_mut() {
            *operators = 0;
        }
    }

    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
        }
    }

    fn skip_line(&mut self) {
        while self.bytes.get(self.at + 1).is_some_and(|&byte| byte != b'\n') {
            self.at += 1;
        }
    }

    /// Opens and closes blocks by the space at the start of a line.
    fn indent(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let width = rest.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        if matches!(rest.get(width), None | Some(b'\n' | b'\r' | b'#')) {
            return;
        }
        while self.indents.last().is_some_and(|&open| open >= width) {
            self.indents.pop();
        }
        if width > 0 {
            self.indents.push(width);
        }
    }

    /// A name or keyword; those that are operators count.
    fn word(&mut self) {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
        {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        if matches!(word, b"not" | b"lambda" | b"if" | b"await" | b"yield" | b"for" | b"is" | b"in") {
            self.count();
        }
    }

    /// Skips a string. Brackets in it count while it lasts, since it may be an f-string.
    fn string(&mut self, quote: u8) -> Option<usize> {
        let triple = self.bytes.get(self.at..self.at + 3) == Some(&[quote; 3]);
        let outside = self.levels.len();
        self.at += if triple { 3 } else { 1 };
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'(' | b'[' | b'{' => self.levels.push(0),
                b')' | b']' | b'}' if self.levels.len() > outside => self.close(),
                b'\n' if !triple => break,
                _ if byte == quote && (!triple || self.bytes.get(self.at..self.at + 3) == Some(&[quote; 3])) => {
                    self.at += if triple { 3 } else { 1 };
                    break;
                }
                _ => {}
            }
            if self.levels.len() > outside + MAX_NESTING {
                return Some(self.at);
            }
            self.at += 1;
        }
        self.levels.truncate(outside);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_programs_are_told_before_they_are_parsed() {
        let n = 10_000;
        for (open, close) in
            [("(", ")"), ("[", "]"), ("not ", ""), ("-", ""), ("lambda: ", ""), ("f(", ")"), ("1+", "")]
        {
            let text = format!("x = {}1{}\n", open.repeat(n), close.repeat(n));
            assert!(too_deep(&text).is_some(), "{open}");
        }
        assert!(too_deep(&format!("x = a{}\n", ".b".repeat(n))).is_some());
        assert!(too_deep(&format!("x = f\"{{{}\"\n", "(".repeat(n))).is_some());
        let blocks: String = (0..n).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        assert!(too_deep(&blocks).is_some());
    }

    #[test]
    fn long_programs_are_not_deep() {
        let list = format!("x = [\n{}]\n", "    \"a.b-c(\",  # one (of\n".repeat(10_000));
        assert_eq!(too_deep(&list), None);
        assert_eq!(too_deep(&"x = (a.b or not c)\n".repeat(10_000)), None);
        assert_eq!(too_deep(&format!("\"\"\"{}\"\"\"\n", "it's - a. b. c.\n".repeat(1_000))), None);
    }
}
