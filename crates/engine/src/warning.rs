//! What went wrong with single values while a query ran: the value became null, the query went on.

use ir::Span;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// How many warnings a query keeps; ES|QL promises the first 20.
const KEPT: usize = 20;

/// The warnings of one query, shared by all its running parts.
#[derive(Clone, Debug, Default)]
pub struct Warnings(Arc<Mutex<Vec<Warning>>>);

/// One kind of failure of one call, however many rows it concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Where the call stands in the query.
    pub span: Span,
    /// The call as written.
    pub text: String,
    /// What the call's value became: `null`, or `false` for a condition.
    pub treated_as: &'static str,
    pub reason: Reason,
}

/// Why a value could not be computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A function of single values met a field with several.
    SeveralValues,
    /// A result that its type cannot hold, a division by zero, a logarithm of nothing.
    Arithmetic(String),
    /// An argument outside the function's domain.
    Argument(String),
    /// A value outside the range of the type it is converted to.
    Range(String),
    /// Text that is not a number.
    Number(String),
    /// A date that the calendar does not reach.
    Date(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::SeveralValues => f.write_str("single-value function encountered multi-value"),
            Reason::Arithmetic(why)
            | Reason::Argument(why)
            | Reason::Range(why)
            | Reason::Number(why)
            | Reason::Date(why) => f.write_str(why),
        }
    }
}

impl Warnings {
    /// Keeps the warning unless the same one is kept already or enough are.
    pub fn push(&self, warning: Warning) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && !kept.contains(&warning) {
            kept.push(warning);
        }
    }

    /// The warnings so far, in the order of the query's text.
    pub fn list(&self) -> Vec<Warning> {
        let mut warnings = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        warnings.sort_by_key(|warning| warning.span);
        warnings
    }
}
