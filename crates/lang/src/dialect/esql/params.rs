//! Values for the `?` parameters of a query.

use super::ast::{Param, Which};
use ir::{Diagnostic, Literal, codes};

/// What `?`, `?1` and `?name` stand for. A `??name` parameter takes a string: the name of a field or function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    positional: Vec<Literal>,
    named: Vec<(String, Literal)>,
}

impl Params {
    /// No values: every parameter in the query is an error.
    pub fn none() -> Self {
        Params::default()
    }

    /// Adds the value of the next `?`.
    pub fn push(&mut self, value: Literal) {
        self.positional.push(value);
    }

    /// Sets the value of `?name`; the last value of a name counts.
    pub fn set(&mut self, name: impl Into<String>, value: Literal) {
        self.named.push((name.into(), value));
    }

    pub(super) fn value(&self, param: &Param) -> Result<&Literal, Diagnostic> {
        let (value, shown) = match &param.which {
            Which::Next(position) => (self.positional.get(position.wrapping_sub(1)), format!("?{position}")),
            Which::Position(position) => (self.positional.get(position.wrapping_sub(1)), format!("?{position}")),
            Which::Named(name) => {
                (self.named.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value), format!("?{name}"))
            }
        };
        value.ok_or_else(|| {
            Diagnostic::refusal(codes::UNKNOWN_PARAMETER, format!("the parameter `{shown}` has no value"))
                .at(param.span)
                .hint("give it a value, or write the value into the query")
        })
    }

    /// The value of a parameter that must be a string; `what` says what it stands for.
    pub(super) fn text(&self, param: &Param, what: &str) -> Result<&str, Diagnostic> {
        match self.value(param)? {
            Literal::String(text) => Ok(text),
            _ => Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, format!("the parameter here must be a string: {what}"))
                .at(param.span)),
        }
    }
}
