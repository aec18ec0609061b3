//! Field modifiers: what stands behind `|` in a key and changes what the values mean, one after another.
//!
//! A modifier works on a [`Subject`], a field's values as the modifiers before it left them. To add one, write a file with a
//! type that is a [`Modifier`], and name it in [`ALL`].

mod all;
mod base64;
mod cased;
mod cidr;
mod comparison;
mod exists;
mod expand;
mod fieldref;
mod neq;
mod place;
mod regex;
mod time_part;
mod utf16;
mod windash;

use super::glob::Glob;
use crate::similar::similar;
use ir::{Anchor, Case, CompareOp, Diagnostic, Literal, Span, Spanned, codes};
use std::collections::BTreeMap;

/// The values of placeholders, by name without the percent signs.
pub type Placeholders = BTreeMap<String, Vec<String>>;

/// One modifier.
pub trait Modifier: Sync {
    fn name(&self) -> &'static str;

    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;

    /// Changes the values.
    ///
    /// # Errors
    /// Where it cannot be applied to them.
    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse>;
}

/// Every modifier of specification 2.1.
pub const ALL: &[&dyn Modifier] = &[
    &all::All,
    &base64::Base64,
    &base64::Base64Offset,
    &cased::Cased,
    &cidr::Cidr,
    &comparison::LESS,
    &comparison::LESS_OR_EQUAL,
    &comparison::GREATER,
    &comparison::GREATER_OR_EQUAL,
    &exists::Exists,
    &expand::Expand,
    &fieldref::FieldRef,
    &neq::Neq,
    &place::CONTAINS,
    &place::STARTS_WITH,
    &place::ENDS_WITH,
    &regex::Re,
    &regex::IGNORE_CASE,
    &regex::MULTI_LINE,
    &regex::SINGLE_LINE,
    &time_part::MINUTE,
    &time_part::HOUR,
    &time_part::DAY,
    &time_part::WEEK,
    &time_part::MONTH,
    &time_part::YEAR,
    &utf16::WIDE,
    &utf16::LITTLE_ENDIAN,
    &utf16::BIG_ENDIAN,
    &utf16::WITH_MARK,
    &windash::WinDash,
];

/// Other names that pySigma takes.
const ALIASES: &[(&str, &str)] = &[("ignorecase", "i"), ("multiline", "m"), ("dotall", "s")];

/// A field's values on their way through the modifiers.
pub struct Subject<'a> {
    /// False for words that may stand anywhere in the event.
    pub has_field: bool,
    pub operands: Vec<Operand>,
    /// All operands must fit, instead of any.
    pub all: bool,
    pub negated: bool,
    pub case: Case,
    /// A modifier said on which sides of the values something may stand.
    pub placed: bool,
    pub placeholders: &'a Placeholders,
    /// Placeholders without values.
    pub unknown: Vec<Spanned<String>>,
}

/// One value as it is written, in all the forms that the modifiers made of it; any of these.
#[derive(Clone, Debug)]
pub struct Operand {
    pub forms: Vec<Form>,
    pub span: Span,
}

/// What a field is tested against.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Null,
    Boolean(bool),
    Number(Literal),
    Text(Glob),
    Regex(Regex),
    Network(String),
    Compared(CompareOp, Literal),
    Field { name: String, place: Place },
    Exists(bool),
    TimePart { part: &'static str, op: CompareOp, number: Literal },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Regex {
    pub pattern: String,
    pub ignore_case: bool,
    pub multi_line: bool,
    pub single_line: bool,
    pub anchor: Anchor,
    /// As [`Glob::open`].
    pub open: bool,
}

/// Where one string stands in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Whole,
    Anywhere,
    Start,
    End,
}

/// Why a modifier cannot be applied.
#[derive(Debug)]
pub struct Misuse {
    pub message: String,
    /// The value; the modifier where it is none.
    pub span: Option<Span>,
}

impl Misuse {
    fn new(message: impl Into<String>) -> Self {
        Misuse { message: message.into(), span: None }
    }
}

impl Form {
    fn kind(&self) -> &'static str {
        match self {
            Form::Null => "`null`",
            Form::Boolean(_) => "a boolean",
            Form::Number(_) => "a number",
            Form::Text(_) => "a string",
            Form::Regex(_) => "a regular expression",
            Form::Network(_) => "a network",
            Form::Compared(..) => "a comparison",
            Form::Field { .. } => "a field",
            Form::Exists(_) => "a test for existence",
            Form::TimePart { .. } => "a part of a time",
        }
    }

    /// The form as a string; numbers and booleans as they are written.
    fn as_text(&self) -> Option<Glob> {
        match self {
            Form::Text(glob) => Some(glob.clone()),
            Form::Number(literal) => Some(Glob::parse(&literal.to_string())),
            Form::Boolean(value) => Some(Glob::parse(&value.to_string())),
            _ => None,
        }
    }
}

impl Subject<'_> {
    /// Replaces every form by another, or by several. The error says what is wrong with the value.
    fn each(&mut self, mut change: impl FnMut(&Form) -> Result<Vec<Form>, String>) -> Result<(), Misuse> {
        for operand in &mut self.operands {
            let mut forms = Vec::with_capacity(operand.forms.len());
            for form in &operand.forms {
                let made = change(form).map_err(|message| Misuse { message, span: Some(operand.span) })?;
                forms.extend(made);
            }
            operand.forms = forms;
        }
        Ok(())
    }

    /// As `each`, for modifiers of strings. Anything else is an error.
    fn each_text(
        &mut self,
        name: &str,
        mut change: impl FnMut(&Glob) -> Result<Vec<Form>, String>,
    ) -> Result<(), Misuse> {
        self.each(|form| match form.as_text() {
            Some(glob) => change(&glob),
            None => Err(format!("`{name}` takes a string, and here is {}", form.kind())),
        })
    }
}

pub fn find(name: &str) -> Option<&'static dyn Modifier> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    ALL.iter().find(|modifier| modifier.name() == name).copied()
}

/// Sends a field's values through the modifiers of its key.
pub(super) fn apply(modifiers: &[Spanned<String>], subject: &mut Subject<'_>) -> Result<(), Diagnostic> {
    for named in modifiers {
        let modifier = find(&named.value).ok_or_else(|| unknown(named))?;
        modifier.apply(subject).map_err(|misuse| {
            Diagnostic::refusal(codes::ARGUMENT_VALUE, misuse.message).at(misuse.span.unwrap_or(named.span))
        })?;
    }
    Ok(())
}

fn unknown(named: &Spanned<String>) -> Diagnostic {
    let name: String = named.value.chars().take(60).collect();
    let error = Diagnostic::refusal(codes::UNKNOWN_MODIFIER, format!("no modifier is called `{name}`")).at(named.span);
    match similar(&name, ALL.iter().map(|modifier| modifier.name())) {
        Some(meant) => error.hint(format!("`{meant}` is similar")),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_summaries_are_sentences() {
        let mut names: Vec<_> = ALL.iter().map(|modifier| modifier.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for modifier in ALL {
            assert!(modifier.summary().ends_with('.'), "{}", modifier.name());
        }
    }
}
