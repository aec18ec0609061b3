//! Java's regular expressions, on the engines of the `regex` and `fancy-regex` crates.
//!
//! Most patterns mean the same in both worlds; [`translate`] rewrites what does not (`\d`, `\w` and `\s` are ASCII in
//! Java, `\Q...\E`, `.` and its line terminators). Patterns with look-around or back-references go to the backtracking
//! engine, which gives up after a bounded number of steps.

use crate::warning::Reason;
use std::ops::Range;

/// Most memory that a compiled pattern may take.
const SIZE_LIMIT: usize = 4 << 20;
/// Most steps that a backtracking match may take.
const STEP_LIMIT: usize = 200_000;

/// A compiled pattern.
#[derive(Debug)]
pub enum Pattern {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// Where a match and its groups lie; `None` for a group that took no part.
pub type Groups = Vec<Option<Range<usize>>>;

impl Pattern {
    pub fn new(pattern: &str) -> Result<Pattern, Reason> {
        let translated = translate(pattern);
        if let Ok(regex) = regex::RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).build() {
            return Ok(Pattern::Linear(regex));
        }
        let built = fancy_regex::RegexBuilder::new(&translated)
            .backtrack_limit(STEP_LIMIT)
            .delegate_size_limit(SIZE_LIMIT)
            .build();
        match built {
            Ok(regex) => Ok(Pattern::Backtracking(Box::new(regex))),
            Err(why) => Err(Reason::Argument(format!("invalid regular expression [{pattern}]: {why}"))),
        }
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<usize> {
        match self {
            Pattern::Linear(regex) => regex.capture_names().position(|group| group == Some(name)),
            Pattern::Backtracking(regex) => regex.capture_names().position(|group| group == Some(name)),
        }
    }

    /// How many groups the pattern has, the whole match among them.
    pub fn groups(&self) -> usize {
        match self {
            Pattern::Linear(regex) => regex.captures_len(),
            Pattern::Backtracking(regex) => regex.captures_len(),
        }
    }

    /// Calls `visit` with every match of the pattern, from left to right.
    pub fn each_match(&self, text: &str, mut visit: impl FnMut(Groups)) -> Result<(), Reason> {
        match self {
            Pattern::Linear(regex) => {
                for found in regex.captures_iter(text) {
                    visit(found.iter().map(|group| group.map(|group| group.range())).collect());
                }
            }
            Pattern::Backtracking(regex) => {
                for found in regex.captures_iter(text) {
                    let found =
                        found.map_err(|why| Reason::Argument(format!("the regular expression gave up: {why}")))?;
                    visit(found.iter().map(|group| group.map(|group| group.range())).collect());
                }
            }
        }
        Ok(())
    }
}

/// Rewrites what Java means by a pattern into the crates' syntax.
fn translate(pattern: &str) -> String {
    // A flag may make the dot match line terminators; then it is left as it is.
    let dot_is_plain = has_dot_flag(pattern);
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut class_depth = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('Q') => quote(&mut chars, &mut out),
                Some('E') => {}
                Some(class @ ('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'h' | 'H')) => {
                    out.push_str(ascii_class(class, class_depth))
                }
                Some('R') if class_depth == 0 => out.push_str(r"(?:\r\n|[\n\x0B\f\r\u{85}\u{2028}\u{2029}])"),
                Some('Z') => out.push_str(r"\n?\z"),
                Some('e') => out.push_str(r"\x1B"),
                Some('0') => octal(&mut chars, &mut out),
                Some(other) if other.is_ascii_alphanumeric() => out.extend(['\\', other]),
                // Any other character is itself.
                Some(other) => push_literal(other, &mut out),
                None => out.push('\\'),
            },
            '[' => {
                class_depth += 1;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
            }
            ']' if class_depth > 0 => {
                class_depth -= 1;
                out.push(']');
            }
            '.' if class_depth == 0 && !dot_is_plain => out.push_str(r"[^\n\r\u{85}\u{2028}\u{2029}]"),
            other => out.push(other),
        }
    }
    out
}

fn has_dot_flag(pattern: &str) -> bool {
    pattern.match_indices("(?").any(|(at, _)| {
        let flags = &pattern[at + 2..];
        let end = flags.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(flags.len());
        flags[..end].contains('s')
    })
}

fn ascii_class(class: char, class_depth: usize) -> &'static str {
    match (class, class_depth) {
        ('d', 0) => "[0-9]",
        ('d', _) => "0-9",
        ('D', _) => "[^0-9]",
        ('w', 0) => "[a-zA-Z0-9_]",
        ('w', _) => "a-zA-Z0-9_",
        ('W', _) => "[^a-zA-Z0-9_]",
        ('s', 0) => r"[ \t\n\x0B\f\r]",
        ('s', _) => r" \t\n\x0B\f\r",
        ('S', _) => r"[^ \t\n\x0B\f\r]",
        ('h', 0) => r"[ \t\u{A0}]",
        ('h', _) => r" \t\u{A0}",
        _ => r"[^ \t\u{A0}]",
    }
}

/// Copies literally up to `\E`.
fn quote(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek() == Some(&'E') {
            chars.next();
            return;
        }
        push_literal(c, out);
    }
}

/// `\0` and up to three octal digits.
fn octal(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let mut code = 0;
    for _ in 0..3 {
        match chars.peek().and_then(|c| c.to_digit(8)) {
            Some(digit) if code * 8 + digit <= 0o377 => {
                code = code * 8 + digit;
                chars.next();
            }
            _ => break,
        }
    }
    out.push_str(&format!("\\u{{{code:X}}}"));
}

fn push_literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}

/// A replacement in Java's syntax: `$1`, `${name}`, `\` before a literal character.
#[derive(Debug)]
pub struct Replacement(Vec<Part>);

#[derive(Debug)]
enum Part {
    Literal(String),
    Group(usize),
}

impl Replacement {
    pub fn new(text: &str, pattern: &Pattern) -> Result<Replacement, Reason> {
        let bad = |why: String| Reason::Argument(why);
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => literal.push(chars.next().ok_or_else(|| bad("character to be escaped is missing".into()))?),
                '$' => {
                    if !literal.is_empty() {
                        parts.push(Part::Literal(std::mem::take(&mut literal)));
                    }
                    parts.push(Part::Group(match chars.peek() {
                        Some('{') => {
                            chars.next();
                            let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                            pattern.group(&name).ok_or_else(|| bad(format!("No group with name {{{name}}}")))?
                        }
                        Some(digit) if digit.is_ascii_digit() => number(&mut chars, pattern.groups())?,
                        _ => return Err(bad("Illegal group reference".into())),
                    }));
                }
                other => literal.push(other),
            }
        }
        parts.push(Part::Literal(literal));
        Ok(Replacement(parts))
    }

    /// Appends what the replacement makes of a match.
    pub fn expand(&self, text: &str, groups: &Groups, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                Part::Group(group) => {
                    let range = groups.get(*group).cloned().flatten();
                    out.push_str(range.and_then(|range| text.get(range)).unwrap_or(""));
                }
            }
        }
    }
}

/// The number of a group: its first digit, and as many more as still name a group.
fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, groups: usize) -> Result<usize, Reason> {
    let mut number = 0;
    let mut first = true;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        let next = number * 10 + digit as usize;
        if !first && next >= groups {
            break;
        }
        (number, first) = (next, false);
        chars.next();
    }
    if number >= groups {
        return Err(Reason::Argument(format!("No group {number}")));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let pattern = Pattern::new(pattern).expect("a pattern");
        pattern
            .each_match(text, |groups| found.push(text[groups[0].clone().expect("a match")].to_string()))
            .expect("steps");
        found
    }

    #[test]
    fn patterns_mean_what_java_means() {
        assert_eq!(matches(r"\d+", "12 ٣٤"), ["12"]);
        assert_eq!(matches(r"[\w.]+", "a.b é"), ["a.b"]);
        assert_eq!(matches(r"\Qa.b\E.", "a.bc axbc"), ["a.bc"]);
        assert_eq!(matches(r"a.", "a\r ab"), ["ab"]);
        assert_eq!(matches(r"(?s)a.", "a\n"), ["a\n"]);
        assert_eq!(matches(r"\/\-\_", "/-_"), ["/-_"]);
        assert_eq!(matches(r"[^\d]", "1a"), ["a"]);
        assert_eq!(matches(r"(a)\1", "aa"), ["aa"]);
        assert_eq!(matches(r"(?<=x)a++", "xaaa"), ["aaa"]);
    }

    #[test]
    fn hostile_patterns_end() {
        assert!(Pattern::new("(").is_err());
        assert!(Pattern::new(r"(?:\p{L}{1000}){1000}").is_err());
        let slow = Pattern::new(r"(a|aa)+(?=c)\1$").expect("a pattern");
        assert!(slow.each_match(&"a".repeat(200), |_| {}).is_err());
    }

    #[test]
    fn replacements_name_groups() {
        let pattern = Pattern::new("(?<x>a)(b)?").expect("a pattern");
        let replaced = |text| -> Result<String, Reason> {
            let replacement = Replacement::new(text, &pattern)?;
            let mut out = String::new();
            pattern.each_match("ab", |groups| replacement.expand("ab", &groups, &mut out))?;
            Ok(out)
        };
        assert_eq!(replaced(r"$2${x}\$10").as_deref(), Ok("ba$10"));
        assert_eq!(replaced("$10").as_deref(), Ok("a0"));
        assert!(replaced("$3").is_err() && replaced("$").is_err() && replaced("\\").is_err());
    }
}
