//! Macros: text for text, before anything is parsed, since a macro may hold half an expression or several commands.
//!
//! Every byte of the expanded text knows its place in the rule: that of the macro's outermost call. A macro that nobody
//! defines stays in the text as a call, and the parser decides by where it stands what is lost. Facts: "Use search macros
//! in searches" in Splunk's Knowledge Manager Manual; the packager of splunk/security_content makes `<rule>_filter`;
//! `drop_dm_object_name` belongs to Splunk's Common Information Model add-on.

use super::{MAX_CALLS, MAX_LENGTH, MAX_MACRO_DEPTH};
use crate::Origin;
use ir::{Diagnostic, Span, codes};
use std::collections::HashMap;

/// Macros that are defined elsewhere than in a repository, or only when it is packaged.
const BUILT_IN: &[(&str, &[&str], &str)] = &[
    ("drop_dm_object_name", &["object_name"], "rename $object_name$.* as *"),
    ("security_content_ctime", &["field"], "convert timeformat=\"%Y-%m-%dT%H:%M:%S\" ctime($field$)"),
    (
        "security_content_summariesonly",
        &[],
        "summariesonly=`summariesonly_config` allow_old_summaries=`oldsummaries_config` fillnull_value=`fillnull_config`",
    ),
    ("summariesonly_config", &[], "false"),
    ("oldsummaries_config", &[], "true"),
    ("fillnull_config", &[], "null"),
];

/// What a macro of this suffix without arguments is, where none is defined: an empty filter for the user to fill in.
const FILTER_SUFFIX: &str = "_filter";
const EMPTY_FILTER: &str = "search *";

/// The macros of a repository, by name and number of arguments.
#[derive(Clone, Debug, Default)]
pub struct Macros {
    known: HashMap<(String, usize), Macro>,
}

#[derive(Clone, Debug)]
struct Macro {
    arguments: Vec<String>,
    definition: String,
}

impl Macros {
    /// Adds a macro; the last definition of a name with that number of arguments counts. `name` may end in `(2)`, as
    /// Splunk's own files have it.
    pub fn define(&mut self, name: &str, arguments: Vec<String>, definition: impl Into<String>) {
        let name = name.split('(').next().unwrap_or(name).trim().to_owned();
        self.known.insert((name, arguments.len()), Macro { arguments, definition: definition.into() });
    }

    /// The text of a call with the arguments put in.
    fn text(&self, name: &str, arguments: &[String]) -> Option<String> {
        let substitute = |definition: &str, names: &mut dyn Iterator<Item = &str>| {
            let pairs = names.zip(arguments).map(|(name, value)| (format!("${name}$"), value.as_str()));
            substitute(definition, &pairs.collect::<Vec<_>>())
        };
        if let Some(known) = self.known.get(&(name.to_owned(), arguments.len())) {
            return Some(substitute(&known.definition, &mut known.arguments.iter().map(String::as_str)));
        }
        if let Some((_, names, text)) =
            BUILT_IN.iter().find(|(built_in, names, _)| *built_in == name && names.len() == arguments.len())
        {
            return Some(substitute(text, &mut names.iter().copied()));
        }
        (arguments.is_empty() && name.ends_with(FILTER_SUFFIX)).then(|| EMPTY_FILTER.to_owned())
    }
}

/// One pass over the definition, so that an argument that looks like another's name stays as it is.
fn substitute(definition: &str, values: &[(String, &str)]) -> String {
    let mut text = String::new();
    let mut rest = definition;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        match values.iter().find(|(name, _)| from.starts_with(name.as_str())) {
            Some((name, value)) => {
                text.push_str(value);
                rest = from.get(name.len()..).unwrap_or("");
            }
            None => {
                text.push('$');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    text.push_str(rest);
    text
}

/// A macro's call in the rule's own text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub name: String,
    /// With the backquotes, in the file.
    pub span: Span,
}

/// A query without macros, save those that nobody defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Expanded {
    pub text: String,
    pub origin: Origin,
    pub calls: Vec<Call>,
}

/// Expands the macros of a query.
///
/// # Errors
/// A macro that calls itself, a call without end, or more text than [`MAX_LENGTH`].
pub(super) fn expand(text: &str, origin: &Origin, macros: &Macros) -> Result<Expanded, Diagnostic> {
    let mut expander = Expander { macros, out: Expanded::default(), stack: Vec::new(), count: 0 };
    expander.text(text, Place::Rule(origin))?;
    Ok(expander.out)
}

#[derive(Clone, Copy)]
enum Place<'a> {
    /// The text is the rule's own.
    Rule(&'a Origin),
    /// The text is what a macro stands for that is called here.
    Call(Span),
}

impl Place<'_> {
    fn span(self, start: usize, end: usize) -> Span {
        match self {
            Place::Rule(origin) => origin.span(start, end),
            Place::Call(span) => span,
        }
    }
}

struct Expander<'a> {
    macros: &'a Macros,
    out: Expanded,
    /// The macros that are being expanded, outermost first.
    stack: Vec<(String, usize)>,
    count: usize,
}

impl Expander<'_> {
    fn text(&mut self, text: &str, place: Place<'_>) -> Result<(), Diagnostic> {
        let bytes = text.as_bytes();
        let (mut at, mut copied, mut quoted) = (0, 0, false);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'"' => quoted = !quoted,
                b'`' if !quoted => {
                    self.copy(text, copied, at, place)?;
                    at = self.backquote(text, at, place)?;
                    copied = at;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        self.copy(text, copied, text.len(), place)
    }

    fn copy(&mut self, text: &str, start: usize, end: usize, place: Place<'_>) -> Result<(), Diagnostic> {
        if start >= end {
            return Ok(());
        }
        let here = self.out.text.len();
        if here + (end - start) > MAX_LENGTH {
            let message = format!("the query with its macros expanded has more than {MAX_LENGTH} bytes");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(place.span(start, start)));
        }
        match place {
            Place::Rule(origin) => self.out.origin.add_part(here, origin, start..end),
            Place::Call(span) => self.out.origin.add_within(here, span),
        }
        self.out.text.push_str(text.get(start..end).unwrap_or(""));
        Ok(())
    }

    /// A call or a comment that begins at `start`; gives the offset after it.
    fn backquote(&mut self, text: &str, start: usize, place: Place<'_>) -> Result<usize, Diagnostic> {
        let rest = text.get(start..).unwrap_or("");
        if let Some(comment) = rest.strip_prefix("```") {
            let Some(length) = comment.find("```") else {
                let message = "the comment has no end: three backquotes are missing";
                return Err(Diagnostic::refusal(codes::SYNTAX, message).at(place.span(start, start + 3)));
            };
            return Ok(start + length + 6);
        }
        let Some(length) = rest.get(1..).and_then(|inner| inner.find('`')) else {
            let message = "the macro call has no end: a backquote is missing";
            return Err(Diagnostic::refusal(codes::SYNTAX, message).at(place.span(start, start + 1)));
        };
        let end = start + length + 2;
        let inner = text.get(start + 1..end - 1).unwrap_or("");
        let (name, arguments) = split_call(inner);
        let span = place.span(start, end);
        if matches!(place, Place::Rule(_)) {
            self.out.calls.push(Call { name: name.to_owned(), span });
        }
        self.call(name, &arguments, span, |expander| expander.copy(text, start, end, place))?;
        Ok(end)
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &[String],
        span: Span,
        keep: impl FnOnce(&mut Self) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        self.count += 1;
        let key = (name.to_owned(), arguments.len());
        if self.stack.contains(&key) {
            let message = format!("the macro `{name}` calls itself");
            return Err(Diagnostic::refusal(codes::UNKNOWN_MACRO, message).at(span));
        }
        if self.stack.len() >= MAX_MACRO_DEPTH || self.count > MAX_CALLS {
            let message = format!(
                "macros are called more than {MAX_MACRO_DEPTH} deep, or more than {MAX_CALLS} times in one query"
            );
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(span));
        }
        let Some(text) = self.macros.text(name, arguments) else { return keep(self) };
        self.stack.push(key);
        self.text(&text, Place::Call(span))?;
        self.stack.pop();
        Ok(())
    }
}

/// The name and the arguments of a call; quotes around an argument are not part of it.
pub(super) fn split_call(inner: &str) -> (&str, Vec<String>) {
    let inner = inner.trim();
    let Some((name, arguments)) = inner.strip_suffix(')').and_then(|open| open.split_once('(')) else {
        return (inner, Vec::new());
    };
    let mut list = vec![String::new()];
    let (mut depth, mut quoted) = (0usize, false);
    let mut characters = arguments.chars();
    while let Some(character) = characters.next() {
        let last = list.last_mut();
        match character {
            ',' if depth == 0 && !quoted => {
                list.push(String::new());
                continue;
            }
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(last) = last {
            last.push(character);
            if character == '\\' {
                last.extend(characters.next());
            }
        }
    }
    let trimmed = list.iter().map(|argument| {
        let argument = argument.trim();
        let inside = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inside.filter(|inside| !inside.contains('"')).unwrap_or(argument).to_owned()
    });
    (name.trim(), trimmed.collect())
}
