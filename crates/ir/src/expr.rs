//! Scalar expressions and the tests they are made of.
//!
//! Logic is three-valued (null propagates) unless a node says otherwise. A name is a field or a column of an earlier
//! stage; which one is the engine's business. Languages that ask "does some value of the field pass?" and take a missing
//! field for a failed test wrap the test in [`ExprKind::AnyValue`]: Sigma, kuery, Lucene, SPL's `search`, Panther, and EQL where
//! a field is tested against constants. The others (ES|QL, Kusto, SPL's `where`) leave tests bare.

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
    /// Every value of every field of the event: what a search for words looks through. Only inside `AnyValue`.
    EventText,
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
    /// One test of one field, true where some value of the field passes it. Never null: a missing field passes no test,
    /// so that its negation holds. A number and a string are equal where the string is how the number is written, a boolean
    /// and a string where the string is `true` or `false`.
    AnyValue(Box<Expr>),
    /// Some object of the list in the field `of` makes the test true; the test names fields in full. Never null.
    AnyElement {
        of: Spanned<String>,
        test: Box<Expr>,
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
    /// A value computed by what the front end cannot read; a diagnostic of the rule says what and why.
    Unread,
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

/// A test of a string.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub kind: PatternKind,
    pub case: Case,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// The string is this one.
    Equals(String),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    /// The whole string fits: `*` any run, `?` one character, `\` escapes either and itself.
    Wildcard(String),
    /// A Lucene regular expression, anchored at both ends.
    LuceneRegex(String),
    Regex {
        pattern: String,
        syntax: RegexSyntax,
        anchor: Anchor,
    },
    /// The string holds this run of letters and digits, between characters that are neither (Kusto's `has`), or at the
    /// start or end of such a run (`hasprefix`, `hassuffix`).
    Term {
        text: String,
        place: TermPlace,
    },
    /// The string is an address in this network: `10.0.0.0/8`, `fe80::/10`.
    Cidr(String),
}

/// Whose regular expressions a pattern is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegexSyntax {
    /// With look-around and back-references: Splunk, Sigma.
    Pcre,
    /// Kusto.
    Re2,
    /// Panther.
    Python,
}

/// Which part of a string a regular expression must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    Anywhere,
    Start,
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermPlace {
    Whole,
    Start,
    End,
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

    /// The same expression, all of it written in another file of the rule (see [`Span::file`]).
    pub fn in_file(mut self, file: u16) -> Self {
        self.set_file(file);
        self
    }

    fn set_file(&mut self, file: u16) {
        self.span.file = file;
        match &mut self.kind {
            ExprKind::Literal(_)
            | ExprKind::Field(_)
            | ExprKind::Star
            | ExprKind::EventText
            | ExprKind::Options(_)
            | ExprKind::Unread => {}
            ExprKind::Not(value)
            | ExprKind::Negate(value)
            | ExprKind::AnyValue(value)
            | ExprKind::IsNull { value, .. } => value.set_file(file),
            ExprKind::AnyElement { of, test: value } | ExprKind::Cast { value, to: of } => {
                of.span.file = file;
                value.set_file(file);
            }
            ExprKind::Matches { value, patterns } => {
                value.set_file(file);
                patterns.iter_mut().for_each(|pattern| pattern.span.file = file);
            }
            ExprKind::And(children) | ExprKind::Or(children) => {
                children.iter_mut().for_each(|child| child.set_file(file))
            }
            ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::FullText { field: left, query: right } => {
                left.set_file(file);
                right.set_file(file);
            }
            ExprKind::In { value, list, .. } => {
                value.set_file(file);
                list.iter_mut().for_each(|item| item.set_file(file));
            }
            ExprKind::Call { function, args, filter } => {
                function.span.file = file;
                args.iter_mut().chain(filter.as_deref_mut()).for_each(|arg| arg.set_file(file));
            }
        }
    }

    /// Calls `visit` on the expressions directly below this one.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Literal(_)
            | ExprKind::Field(_)
            | ExprKind::Star
            | ExprKind::EventText
            | ExprKind::Options(_)
            | ExprKind::Unread => {}
            ExprKind::Not(value)
            | ExprKind::Negate(value)
            | ExprKind::AnyValue(value)
            | ExprKind::AnyElement { test: value, .. }
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
