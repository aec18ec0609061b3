//! Tests that a whole string passes: `LIKE` and `RLIKE`.
//!
//! A pattern becomes the cheapest test that decides it. Nearly all wildcards in real rules are a prefix, a suffix or
//! an infix, which a byte comparison decides; the rest becomes one anchored regular expression for all alternatives,
//! which the `regex` crate matches in linear time.

mod lucene;

use ir::{Case, Pattern, PatternKind};
use regex::{Regex, RegexBuilder};

/// Largest compiled regular expression, in bytes.
const REGEX_LIMIT: usize = 10 << 20;

/// A compiled list of alternatives.
#[derive(Debug)]
pub struct Matcher {
    simple: Vec<Simple>,
    regex: Option<Regex>,
}

#[derive(Debug, PartialEq)]
enum Simple {
    Any,
    Exact(String),
    Prefix(String),
    Suffix(String),
    Infix(String),
}

impl Matcher {
    /// Compiles alternatives; at least one must fit.
    ///
    /// # Errors
    /// What is wrong with a pattern.
    pub fn new(patterns: &[Pattern]) -> Result<Matcher, String> {
        let mut simple = Vec::new();
        let mut complex = Vec::new();
        for pattern in patterns {
            match &pattern.kind {
                PatternKind::Wildcard(wildcard) => match simplify(wildcard, pattern.case) {
                    Some(test) => simple.push(test),
                    None => complex.push(flagged(&wildcard_regex(wildcard), pattern.case)),
                },
                PatternKind::LuceneRegex(regex) if matches!(regex.as_str(), ".*" | "@") => simple.push(Simple::Any),
                PatternKind::LuceneRegex(regex) => complex.push(flagged(&lucene::translate(regex)?, pattern.case)),
                PatternKind::Equals(_)
                | PatternKind::Contains(_)
                | PatternKind::StartsWith(_)
                | PatternKind::EndsWith(_)
                | PatternKind::Regex { .. }
                | PatternKind::Term { .. }
                | PatternKind::Cidr(_) => return Err("patterns of this kind do not run in pipelines yet".to_string()),
            }
        }
        let regex = if complex.is_empty() { None } else { Some(compile(&complex)?) };
        Ok(Matcher { simple, regex })
    }

    /// Whether every string fits.
    pub fn is_total(&self) -> bool {
        self.simple.contains(&Simple::Any)
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.simple.iter().any(|test| test.is_match(text))
            || self.regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl Simple {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Simple::Any => true,
            Simple::Exact(needle) => text == needle,
            Simple::Prefix(needle) => text.starts_with(needle),
            Simple::Suffix(needle) => text.ends_with(needle),
            Simple::Infix(needle) => text.contains(needle.as_str()),
        }
    }
}

fn compile(alternatives: &[String]) -> Result<Regex, String> {
    RegexBuilder::new(&format!(r"\A(?:{})\z", alternatives.join("|")))
        .dot_matches_new_line(true)
        .size_limit(REGEX_LIMIT)
        .build()
        .map_err(|error| format!("invalid regex pattern: {error}"))
}

fn flagged(regex: &str, case: Case) -> String {
    match case {
        Case::Sensitive => format!("(?:{regex})"),
        Case::Insensitive => format!("(?i:{regex})"),
    }
}

/// One element of a wildcard pattern.
enum Piece {
    Run,
    One,
    Literal(char),
}

/// A backslash takes away the meaning of the next character; at the end of the pattern it is itself.
fn pieces(wildcard: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut characters = wildcard.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '*' => Piece::Run,
            '?' => Piece::One,
            '\\' => Piece::Literal(characters.next().unwrap_or('\\')),
            other => Piece::Literal(other),
        });
    }
    pieces
}

fn simplify(wildcard: &str, case: Case) -> Option<Simple> {
    if case == Case::Insensitive {
        return None;
    }
    let mut pieces = pieces(wildcard);
    let open_start = matches!(pieces.first(), Some(Piece::Run));
    let open_end = matches!(pieces.last(), Some(Piece::Run));
    if pieces.iter().all(|piece| matches!(piece, Piece::Run)) && !pieces.is_empty() {
        return Some(Simple::Any);
    }
    while matches!(pieces.last(), Some(Piece::Run)) {
        pieces.pop();
    }
    let literal: Option<String> = pieces
        .iter()
        .skip_while(|piece| matches!(piece, Piece::Run))
        .map(|piece| if let Piece::Literal(character) = piece { Some(*character) } else { None })
        .collect();
    literal.map(|literal| match (open_start, open_end) {
        (false, false) => Simple::Exact(literal),
        (false, true) => Simple::Prefix(literal),
        (true, false) => Simple::Suffix(literal),
        (true, true) => Simple::Infix(literal),
    })
}

fn wildcard_regex(wildcard: &str) -> String {
    let mut regex = String::new();
    for piece in pieces(wildcard) {
        match piece {
            Piece::Run => regex.push_str(".*"),
            Piece::One => regex.push('.'),
            Piece::Literal(character) => regex.push_str(&regex::escape(character.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::Span;

    fn matches(kind: PatternKind, case: Case, text: &str) -> Result<bool, String> {
        Ok(Matcher::new(&[Pattern { kind, case, span: Span::default() }])?.is_match(text))
    }

    #[test]
    fn wildcards_match_whole_strings() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "a", false),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("*b*", "abc", true),
            ("a?c", "abc", true),
            ("a?c", "aéc", true),
            ("a*b*c", "a\nbc", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            ("abc", "ABC", false),
        ] {
            assert_eq!(
                matches(PatternKind::Wildcard(pattern.into()), Case::Sensitive, text),
                Ok(expected),
                "{pattern}"
            );
        }
        assert_eq!(matches(PatternKind::Wildcard("ABC*".into()), Case::Insensitive, "abcd"), Ok(true));
    }

    #[test]
    fn lucene_regexes_are_anchored() {
        for (pattern, text, expected) in [
            ("a.c", "abc", true),
            ("b", "abc", false),
            ("a|abc", "abc", true),
            ("[a-c]{3}", "abc", true),
            ("<1-100>", "42", true),
            ("<1-100>", "142", false),
            ("\"a.c\"", "abc", false),
            ("a@", "abcd", true),
            ("^a", "^a", true),
            (r"\d+", "123", true),
        ] {
            let found = matches(PatternKind::LuceneRegex(pattern.into()), Case::Sensitive, text);
            assert_eq!(found, Ok(expected), "{pattern} on {text}");
        }
        assert!(matches(PatternKind::LuceneRegex("(a".into()), Case::Sensitive, "a").is_err());
    }
}
