//! A detection as it is written: selections by name, and a condition over them.

use ir::{CompareOp, Literal, Span, Spanned};

#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// In the order of the file.
    pub selections: Vec<Selection>,
    /// Any of these.
    pub conditions: Vec<Condition>,
    /// Within which time the aggregation of a condition looks, in seconds, with how it is written.
    pub timeframe: Option<Timeframe>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Timeframe {
    pub text: String,
    pub seconds: u64,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub name: Spanned<String>,
    pub search: Search,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Search {
    /// A mapping: all of these.
    All(Vec<Item>),
    /// A list: any of these.
    Any(Vec<Search>),
    /// A word anywhere in the event.
    Word(Value),
}

/// A key with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub key: Key,
    pub values: Vec<Value>,
    /// Written as a list, be it of one value.
    pub listed: bool,
}

/// `field|modifier|modifier`
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// `None` in `'|all'`: the values are words anywhere in the event.
    pub field: Option<Spanned<String>>,
    pub modifiers: Vec<Spanned<String>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub constant: Literal,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub expr: ConditionExpr,
    pub aggregation: Option<Aggregation>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ConditionExpr {
    pub kind: ConditionKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ConditionKind {
    Selection(String),
    /// `1 of selection_*`; the pattern `them` is all selections that do not begin with `_`.
    Of {
        quantifier: Quantifier,
        pattern: Spanned<String>,
    },
    Not(Box<ConditionExpr>),
    And(Vec<ConditionExpr>),
    Or(Vec<ConditionExpr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    All,
    Any,
    AtLeast(u32),
}

/// What follows a pipe: the form of correlation that specification 2 gave up.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregation {
    /// `count(field) by group > 5`
    Statistic {
        function: Spanned<Statistic>,
        field: Option<Spanned<String>>,
        by: Vec<Spanned<String>>,
        op: CompareOp,
        threshold: Spanned<Literal>,
    },
    /// `near a and b and not c`: these events in the same time frame.
    Near(ConditionExpr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    Count,
    Min,
    Max,
    Avg,
    Sum,
}

impl Statistic {
    pub const ALL: [Statistic; 5] = [Statistic::Count, Statistic::Min, Statistic::Max, Statistic::Avg, Statistic::Sum];

    pub fn name(self) -> &'static str {
        match self {
            Statistic::Count => "count",
            Statistic::Min => "min",
            Statistic::Max => "max",
            Statistic::Avg => "avg",
            Statistic::Sum => "sum",
        }
    }
}
