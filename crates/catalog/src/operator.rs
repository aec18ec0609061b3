//! The names of tests and of the sides they are on.

use serde::Serialize;

/// What a predicate does with its field and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Eq,
    Ne,
    In,
    Contains,
    StartsWith,
    EndsWith,
    /// A pattern with `*` and `?` that is none of the three above as it is written.
    Wildcard,
    RegexMatch,
    /// A term of analysed text, or a word between others.
    Match,
    Gt,
    Gte,
    Lt,
    Lte,
    CidrMatch,
    IsNull,
    IsNotNull,
    /// Equal to another field of the event, whose name is the value.
    EqField,
}

impl Operator {
    pub fn name(self) -> &'static str {
        match self {
            Operator::Eq => "eq",
            Operator::Ne => "ne",
            Operator::In => "in",
            Operator::Contains => "contains",
            Operator::StartsWith => "starts_with",
            Operator::EndsWith => "ends_with",
            Operator::Wildcard => "wildcard",
            Operator::RegexMatch => "regex_match",
            Operator::Match => "match",
            Operator::Gt => "gt",
            Operator::Gte => "gte",
            Operator::Lt => "lt",
            Operator::Lte => "lte",
            Operator::CidrMatch => "cidr_match",
            Operator::IsNull => "is_null",
            Operator::IsNotNull => "is_not_null",
            Operator::EqField => "eq_field",
        }
    }

    /// The same test with its sides exchanged: `5 < x` is `x > 5`.
    pub(crate) fn mirrored(self) -> Operator {
        match self {
            Operator::Gt => Operator::Lt,
            Operator::Gte => Operator::Lte,
            Operator::Lt => Operator::Gt,
            Operator::Lte => Operator::Gte,
            other => other,
        }
    }
}

/// Whether passing the test speaks for a finding or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    Include,
    /// Under a negation, or a test that something is not so.
    Exclude,
}

impl std::ops::Not for Polarity {
    type Output = Polarity;

    fn not(self) -> Polarity {
        match self {
            Polarity::Include => Polarity::Exclude,
            Polarity::Exclude => Polarity::Include,
        }
    }
}
