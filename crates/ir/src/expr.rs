//! Scalar expressions and the tests they are made of.
//!
//! Logic is three-valued (null propagates) unless a node says otherwise. A name is a field or a column of an earlier
//! stage; which one is the engine's business.

use crate::{Span, Spanned};

/// An expression and the place it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    /// A field by its dotted name.
    Field(String),
    /// `*`, only as the argument of a counting aggregate.
    Star,
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// All of these; three-valued.
    And(Vec<Expr>),
    /// Any of these; three-valued.
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
        case: Case,
    },
    /// Membership in a list of expressions; null if nothing equals and an element is null.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        case: Case,
    },
    /// At least one pattern fits the whole value.
    Matches {
        value: Box<Expr>,
        patterns: Vec<Pattern>,
    },
    IsNull {
        value: Box<Expr>,
        negated: bool,
    },
    /// Some value of the field equals the operand, or, in analysed text, contains one of its terms; never null.
    FullText {
        field: Box<Expr>,
        query: Box<Expr>,
    },
    /// Conversion to the type of that name.
    Cast {
        value: Box<Expr>,
        to: Spanned<String>,
    },
    /// A function, scalar or aggregate, by its canonical name in lower case. `filter` restricts an aggregate's rows.
    Call {
        function: Spanned<String>,
        args: Vec<Expr>,
        filter: Option<Box<Expr>>,
    },
    /// Named options of a call: `{"key": value}`.
    Options(Vec<(String, Literal)>),
}

/// A constant. Integers keep the narrowest of the three widths that holds them.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Boolean(bool),
    Integer(i32),
    Long(i64),
    UnsignedLong(u64),
    Double(f64),
    String(String),
    /// A calendar or clock span: `3 days`.
    TimeSpan {
        count: i64,
        unit: TimeUnit,
    },
    /// Several values of one type.
    List(Vec<Literal>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl TimeUnit {
    /// Units whose length depends on the calendar, or that a calendar counts in days.
    pub fn is_calendar(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Whether letters of different case are the same letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    Sensitive,
    Insensitive,
}

/// A test that a string passes as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub kind: PatternKind,
    pub case: Case,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// `*` any run, `?` one character, `\` escapes either and itself.
    Wildcard(String),
    /// A Lucene regular expression, anchored at both ends.
    LuceneRegex(String),
}

impl Expr {
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Expr { kind, span }
    }

    /// Calls `visit` on this expression and all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        self.for_each_child(&mut |child| child.walk(visit));
    }

    /// Calls `visit` on the expressions directly below this one.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Field(_) | ExprKind::Star | ExprKind::Options(_) => {}
            ExprKind::Not(value)
            | ExprKind::Negate(value)
            | ExprKind::Matches { value, .. }
            | ExprKind::IsNull { value, .. }
            | ExprKind::Cast { value, .. } => visit(value),
            ExprKind::And(children) | ExprKind::Or(children) => children.iter().for_each(visit),
            ExprKind::Arithmetic { left, right, .. } | ExprKind::Compare { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ExprKind::FullText { field, query } => {
                visit(field);
                visit(query);
            }
            ExprKind::In { value, list, .. } => {
                visit(value);
                list.iter().for_each(visit);
            }
            ExprKind::Call { args, filter, .. } => {
                args.iter().for_each(&mut *visit);
                if let Some(filter) = filter {
                    visit(filter);
                }
            }
        }
    }
}
