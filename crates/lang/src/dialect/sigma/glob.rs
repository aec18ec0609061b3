//! Sigma's strings: text with `*` for any run of characters and `?` for one, which a backslash makes plain.
//!
//! A backslash before anything else is a backslash, and `\\` is one as well, so `C:\Windows` and `C:\\Windows` are the same
//! string, and `\\\\` is needed for two.

use ir::PatternKind;

/// A string in its parts; no two texts stand side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glob {
    parts: Vec<Part>,
    /// As it was written, until a modifier changes it.
    pub raw: Option<String>,
    /// A placeholder without values is in it, so that it fits nothing.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// Encoded text that is not UTF-8; only Base64 makes text of it again.
    Bytes(Vec<u8>),
    /// `*`
    Many,
    /// `?`
    One,
}

impl Glob {
    pub fn parse(text: &str) -> Glob {
        let mut glob = Glob { parts: Vec::new(), raw: Some(text.to_owned()), open: false };
        if !text.contains(['*', '?', '\\']) {
            glob.push_text(text);
            return glob;
        }
        let mut characters = text.chars().peekable();
        let mut plain = String::with_capacity(text.len());
        while let Some(character) = characters.next() {
            let special = match character {
                '\\' => {
                    plain.push(characters.next_if(|next| matches!(next, '*' | '?' | '\\')).unwrap_or('\\'));
                    continue;
                }
                '*' => Part::Many,
                '?' => Part::One,
                _ => {
                    plain.push(character);
                    continue;
                }
            };
            glob.push_text(&plain);
            plain.clear();
            glob.push(special);
        }
        glob.push_text(&plain);
        glob
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The same string with other parts.
    pub fn with(&self, parts: impl IntoIterator<Item = Part>) -> Glob {
        let mut glob = Glob { parts: Vec::new(), raw: None, open: self.open };
        parts.into_iter().for_each(|part| glob.push(part));
        glob
    }

    fn push(&mut self, part: Part) {
        match part {
            Part::Text(text) => self.push_text(&text),
            // Two in a row mean no more than one.
            Part::Many if self.parts.last() == Some(&Part::Many) => {}
            other => self.parts.push(other),
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    /// With `*` before and behind, where asked for.
    pub fn surrounded(&self, before: bool, behind: bool) -> Glob {
        let head = before.then_some(Part::Many);
        let tail = behind.then_some(Part::Many);
        self.with(head.into_iter().chain(self.parts.iter().cloned()).chain(tail))
    }

    pub fn has_wildcards(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Many | Part::One))
    }

    /// Only `*`: any value fits.
    pub fn fits_all(&self) -> bool {
        self.parts == [Part::Many]
    }

    /// The text, where there are neither wildcards nor bytes that are no text.
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The bytes, where there are no wildcards.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => bytes.extend_from_slice(text.as_bytes()),
                Part::Bytes(part) => bytes.extend_from_slice(part),
                Part::Many | Part::One => return None,
            }
        }
        Some(bytes)
    }

    /// As a pattern. `placed` where a modifier said on which side something may stand; wildcards that the author wrote by
    /// hand stay wildcards. `None` for bytes that are no text.
    pub fn pattern(&self, placed: bool) -> Option<PatternKind> {
        use Part::{Many, Text};
        let kind = match self.parts.as_slice() {
            [] => PatternKind::Equals(String::new()),
            [Text(text)] => PatternKind::Equals(text.clone()),
            [Many, Text(text), Many] if placed => PatternKind::Contains(text.clone()),
            [Text(text), Many] if placed => PatternKind::StartsWith(text.clone()),
            [Many, Text(text)] if placed => PatternKind::EndsWith(text.clone()),
            _ => PatternKind::Wildcard(self.wildcard()?),
        };
        Some(kind)
    }

    fn wildcard(&self) -> Option<String> {
        let mut pattern = String::new();
        for part in &self.parts {
            match part {
                Part::Many => pattern.push('*'),
                Part::One => pattern.push('?'),
                Part::Bytes(_) => return None,
                Part::Text(text) => text.chars().for_each(|character| {
                    if matches!(character, '*' | '?' | '\\') {
                        pattern.push('\\');
                    }
                    pattern.push(character);
                }),
            }
        }
        Some(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_the_specification() {
        for (text, expected) in [
            (r"C:\Windows", r"C:\\Windows"),
            (r"C:\\Windows", r"C:\\Windows"),
            (r"\\\\server", r"\\\\server"),
            (r"\\\server", r"\\\\server"),
            (r"a\*b", r"a\*b"),
            (r"a\\*b", r"a\\*b"),
            (r"a\\\*b", r"a\\\*b"),
            (r"a?b**c", r"a?b*c"),
            (r"end\", r"end\\"),
            ("", ""),
        ] {
            assert_eq!(Glob::parse(text).wildcard().as_deref(), Some(expected), "{text}");
        }
    }
}
