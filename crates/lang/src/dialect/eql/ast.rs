//! What an EQL query says, before anything is made of it. Layout, comments and redundant parentheses are gone.

use ir::{BinaryOp, CompareOp, Literal, Span, Spanned};

#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub body: Body,
    pub pipes: Vec<Pipe>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Event(EventFilter),
    Sequence(Sequence),
}

/// `category where condition`
#[derive(Clone, Debug, PartialEq)]
pub struct EventFilter {
    /// `None` for `any`.
    pub category: Option<Spanned<String>>,
    pub condition: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// `sample`: in any order, without `with`, `until` and missing events.
    pub sample: bool,
    pub by: Vec<Expr>,
    pub max_span: Option<Spanned<TimeSpan>>,
    pub steps: Vec<Step>,
    pub until: Option<Box<Step>>,
}

/// `[category where condition] by key with runs=n`
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// `![...]`
    pub missing: bool,
    pub filter: EventFilter,
    pub by: Vec<Expr>,
    pub runs: Option<Spanned<u32>>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeSpan {
    pub count: u32,
    pub unit: TimeUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
}

/// `| name arguments`
#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    pub name: Spanned<String>,
    pub args: Vec<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    /// A dotted name; `?name` need not exist in the data.
    Field {
        parts: Vec<String>,
        optional: bool,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Arithmetic {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Compare {
        op: CompareOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `in`, `in~`, `not in`, `not in~`
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
        insensitive: bool,
    },
    /// `value op constant` or `value op (constant, ...)`
    Like {
        value: Box<Expr>,
        op: LikeOp,
        patterns: Vec<Spanned<Literal>>,
        /// Whether the patterns stand in parentheses.
        list: bool,
    },
    /// `function(args)`, or `function~(args)` where case does not count.
    Call {
        function: Spanned<String>,
        insensitive: bool,
        args: Vec<Expr>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikeOp {
    /// `:`
    Colon,
    Like,
    LikeInsensitive,
    Regex,
    RegexInsensitive,
}
