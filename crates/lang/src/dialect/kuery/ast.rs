//! What a kuery query says, before anything is made of it. Layout and redundant parentheses are gone.

use ir::{CompareOp, Span};

/// A query; without a condition it selects everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub condition: Option<Node>,
    /// The whole text.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    /// `field: values`, or values that are looked for everywhere.
    Test {
        field: Option<Value>,
        values: Values,
    },
    /// `field >= value`
    Range {
        field: Value,
        op: CompareOp,
        value: Value,
    },
    /// `field: { condition on one object of the list }`
    Nested {
        field: Value,
        condition: Box<Node>,
    },
}

/// What stands after the colon.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    pub kind: ValuesKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ValuesKind {
    One(Value),
    Or(Vec<Values>),
    And(Vec<Values>),
    Not(Box<Values>),
}

/// A literal: a value, or the name of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: ValueKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// In quotes; nothing in it is a wildcard.
    Quoted(String),
    /// One or more words, escapes resolved.
    Unquoted(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// `*`: any run of characters.
    Any,
    Text(String),
}
