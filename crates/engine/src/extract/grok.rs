//! Grok patterns: regular expressions with names for common parts.
//!
//! `%{NAME}` stands for a pattern of the library, `%{NAME:column}` keeps what it matched, `%{NAME:column:int}` as a
//! number; `(?<column>...)` keeps what a part of the expression matched. The expression may match anywhere in the string. A
//! column that is named several times gets several values. Source: Elastic, "Process data with GROK".

use super::{Extractor, library};
use crate::types::ColumnType;
use regex::{Captures, Regex, RegexBuilder};
use schema::Type;

/// Largest compiled expression, in bytes.
const REGEX_LIMIT: usize = 32 << 20;
/// Deepest nesting of library patterns.
const MAX_DEPTH: usize = 16;

/// Compiled alternatives: the first that fits cuts the string up.
#[derive(Debug)]
pub struct Grok {
    alternatives: Vec<Alternative>,
    columns: Vec<(String, ColumnType)>,
}

#[derive(Debug)]
struct Alternative {
    regex: Regex,
    /// For each kept group, by the number in its name, the column that it fills.
    groups: Vec<usize>,
}

/// A capture under construction.
struct Capture {
    name: String,
    ty: Type,
}

impl Grok {
    /// # Errors
    /// What is wrong with a pattern.
    pub fn new(patterns: &[&str]) -> Result<Grok, String> {
        let mut grok = Grok { alternatives: Vec::new(), columns: Vec::new() };
        for pattern in patterns {
            let mut captures = Vec::new();
            let expression = translate(pattern, &mut captures, 0)?;
            let regex = RegexBuilder::new(&expression).size_limit(REGEX_LIMIT).build();
            let regex = regex.map_err(|error| format!("Invalid GROK pattern [{pattern}]: [{error}]"))?;
            let groups = captures.iter().map(|capture| grok.column(capture, &captures)).collect::<Result<_, _>>()?;
            grok.alternatives.push(Alternative { regex, groups });
        }
        Ok(grok)
    }

    /// The column of a capture.
    fn column(&mut self, capture: &Capture, all: &[Capture]) -> Result<usize, String> {
        let many = all.iter().filter(|other| other.name == capture.name).count() > 1;
        match self.columns.iter_mut().position(|(name, _)| *name == capture.name) {
            Some(at) => {
                let (name, ty) = &mut self.columns[at];
                ty.many |= many;
                if ty.ty != capture.ty {
                    let (a, b) = (ty.ty, capture.ty);
                    return Err(format!(
                        "Invalid GROK pattern: the attribute [{name}] is defined multiple times with different types: [{a}] and [{b}]"
                    ));
                }
                Ok(at)
            }
            None => {
                self.columns.push((capture.name.clone(), ColumnType { ty: capture.ty, many }));
                Ok(self.columns.len() - 1)
            }
        }
    }
}

impl Extractor for Grok {
    fn columns(&self) -> &[(String, ColumnType)] {
        &self.columns
    }

    fn extract(&self, text: &str) -> Option<Vec<(usize, String)>> {
        self.alternatives.iter().find_map(|alternative| {
            let captures: Captures<'_> = alternative.regex.captures(text)?;
            let group = |(number, column): (usize, &usize)| {
                captures.name(&group_name(number)).map(|found| (*column, found.as_str().to_string()))
            };
            Some(alternative.groups.iter().enumerate().filter_map(group).collect())
        })
    }
}

fn group_name(number: usize) -> String {
    format!("g{number}")
}

/// The regular expression of a pattern, its kept groups renamed to `g0`, `g1` and so on.
fn translate(pattern: &str, captures: &mut Vec<Capture>, depth: usize) -> Result<String, String> {
    if depth > MAX_DEPTH {
        return Err("the grok patterns are nested too deeply".to_string());
    }
    let mut regex = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix('\\') {
            let escaped = after.chars().next().map_or("", |next| &after[..next.len_utf8()]);
            regex.push('\\');
            regex.push_str(escaped);
            rest = &after[escaped.len()..];
        } else if let Some(reference) = rest.strip_prefix("%{") {
            let (inside, after) =
                reference.split_once('}').ok_or_else(|| format!("`%{{` is not closed in `{pattern}`"))?;
            let mut parts = inside.splitn(3, ':');
            let name = parts.next().unwrap_or_default();
            let definition = library::find(name)
                .ok_or_else(|| format!("Unable to find pattern [{name}] in Grok's pattern dictionary"))?;
            match parts.next().filter(|column| !column.is_empty()) {
                Some(column) => {
                    let ty = capture_type(parts.next())?;
                    regex.push_str(&format!("(?P<{}>", keep(captures, column, ty)));
                }
                None => regex.push_str("(?:"),
            }
            regex.push_str(&translate(definition, captures, depth + 1)?);
            regex.push(')');
            rest = after;
        } else if let Some((name, after)) = named_group(rest) {
            regex.push_str(&format!("(?P<{}>", keep(captures, name, Type::Keyword)));
            rest = after;
        } else {
            regex.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    Ok(regex)
}

fn keep(captures: &mut Vec<Capture>, name: &str, ty: Type) -> String {
    captures.push(Capture { name: name.to_string(), ty });
    group_name(captures.len() - 1)
}

/// The name of a group that begins here, and what follows it.
fn named_group(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix("(?<")?.split_once('>')?;
    let is_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '@')
        && name.chars().all(|character| character.is_alphanumeric() || "_.@-[]".contains(character));
    is_name.then_some((name, after))
}

fn capture_type(name: Option<&str>) -> Result<Type, String> {
    match name {
        None | Some("string" | "keyword") => Ok(Type::Keyword),
        Some("int" | "integer") => Ok(Type::Integer),
        Some("long") => Ok(Type::Long),
        Some("float" | "double") => Ok(Type::Double),
        Some("boolean") => Ok(Type::Boolean),
        Some(other) => Err(format!("grok captures have no type `{other}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grokked(pattern: &str, text: &str) -> Result<Vec<(String, String)>, String> {
        let grok = Grok::new(&[pattern])?;
        let values = grok.extract(text).unwrap_or_default();
        Ok(values.into_iter().map(|(column, value)| (grok.columns[column].0.clone(), value)).collect())
    }

    #[test]
    fn parts_are_kept_by_name() {
        for (pattern, text, expected) in [
            ("%{WORD:b} .*", "foo bar", vec![("b", "foo")]),
            ("%{NUMBER:n:int} %{IP:a.b}", "x 12 fe80::1 y", vec![("n", "12"), ("a.b", "fe80::1")]),
            ("(?<b>[0-9a-z]{4,11}) (?<c>[a-z]+)", "asdf bar", vec![("b", "asdf"), ("c", "bar")]),
            ("%{WORD:a} %{WORD:a}", "x y", vec![("a", "x"), ("a", "y")]),
            (
                "%{TIMESTAMP_ISO8601:date} %{EMAILADDRESS:email}",
                "2023-01-23T12:15:00.000Z some.email@foo.com 42",
                vec![("date", "2023-01-23T12:15:00.000Z"), ("email", "some.email@foo.com")],
            ),
        ] {
            let expected = expected.into_iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
            assert_eq!(grokked(pattern, text), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn every_pattern_of_the_library_compiles() {
        for name in library::names() {
            let compiled = Grok::new(&[&format!("%{{{name}:x}}")]);
            assert!(compiled.is_ok(), "{name}: {compiled:?}");
        }
    }

    #[test]
    fn unknown_patterns_are_refused() {
        assert!(Grok::new(&["%{NOPE:x}"]).is_err());
        assert!(Grok::new(&["%{WORD:x"]).is_err());
        assert!(Grok::new(&["(a"]).is_err());
    }
}
