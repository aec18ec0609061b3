//! What a Lucene query says, before anything is made of it. Layout is gone; parentheses stay, since operators have no
//! precedence that would make them redundant.

use ir::{Span, Spanned};

/// Clauses one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub clauses: Vec<Clause>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What stands between this clause and the one before it.
    pub conjunction: Option<Conjunction>,
    pub modifier: Option<Modifier>,
    /// `field:`, which for a group is the field of the clauses inside.
    pub field: Option<Spanned<String>>,
    pub operand: Operand,
    /// `^2`
    pub boost: Option<Spanned<f64>>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conjunction {
    /// `AND`, `&&`
    And,
    /// `OR`, `||`
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `+`
    Required,
    /// `-`, `!`, `NOT`
    Prohibited,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Group(Query),
    Term {
        pieces: Vec<Piece>,
        fuzzy: Option<Spanned<Fuzzy>>,
        span: Span,
    },
    Phrase {
        text: Spanned<String>,
        slop: Option<Spanned<Fuzzy>>,
    },
    /// Between slashes, as it is written there.
    Regex(Spanned<String>),
    Range(Range),
}

/// `~` with the number after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fuzzy(pub Option<f64>);

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    /// `*`: any run of characters.
    Any,
    /// `?`: one character.
    One,
}

/// `[low TO high}`; no limit where `*` stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pub low: Option<Spanned<String>>,
    pub low_included: bool,
    pub high: Option<Spanned<String>>,
    pub high_included: bool,
    pub span: Span,
}
