//! What an ES|QL query says, before anything is made of it.
//!
//! Layout and redundant parentheses are gone, with one exception: the name of an unnamed column *is* its source
//! text, white space and all, so [`Label::Source`] keeps it. Commands have their types beside their grammar, in
//! [`super::commands`].

use crate::dialect::{kuery, lucene};
use ir::{BinaryOp, CompareOp, Literal, Span, Spanned};

pub use super::commands::{Command, Source};

/// `source | command | command ...`
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub settings: Vec<Setting>,
    pub source: Node<Source>,
    pub commands: Vec<Node<Command>>,
}

/// `SET name = value;` before the query.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub name: Name,
    /// A literal or a parameter.
    pub value: Expr,
}

/// A command and the place it was read from, keyword included.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<T> {
    pub kind: T,
    pub span: Span,
}

/// A command that the language has and Gannet does not run; kept as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Verbatim {
    /// The keyword in capitals.
    pub name: String,
    /// Keyword included.
    pub text: String,
    /// Where the keyword stands.
    pub keyword: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    Param(Param),
    Name(Name),
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
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    /// `LIKE` or, if `regex`, `RLIKE`. `list` where the patterns stand in parentheses.
    Like {
        value: Box<Expr>,
        patterns: Vec<Text>,
        list: bool,
        regex: bool,
        negated: bool,
    },
    IsNull {
        value: Box<Expr>,
        negated: bool,
    },
    /// `field : query`; the field is a name, or a cast of one.
    Match {
        field: Box<Expr>,
        query: Box<Expr>,
    },
    /// `value::type`
    Cast {
        value: Box<Expr>,
        to: Spanned<String>,
    },
    Call {
        function: FunctionName,
        args: Arguments,
        /// `{"name": value}` after the arguments.
        options: Vec<(Spanned<String>, Expr)>,
    },
    /// `KQL("...")` or `QSTR("...")`
    Embedded(Box<Embedded>),
}

/// A condition in another language inside a string.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// As written.
    pub function: Spanned<String>,
    /// The string, without escapes.
    pub text: String,
    pub query: EmbeddedQuery,
    /// `{"name": value}` after the string.
    pub options: Vec<(Spanned<String>, Expr)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum EmbeddedQuery {
    Kuery(kuery::ast::Query),
    Lucene(lucene::ast::Query),
}

#[derive(Clone, Debug, PartialEq)]
pub enum FunctionName {
    /// As written.
    Plain(Spanned<String>),
    Param(Param),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// `(*)`
    Star(Span),
    List(Vec<Expr>),
}

/// A dotted column name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The index it belongs to, where it is written `[index].[name]`.
    pub qualifier: Option<Spanned<String>>,
    pub parts: Vec<NamePart>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NamePart {
    /// Without backquotes.
    Plain(String),
    Param(Param),
}

/// A column name in which unquoted `*` are wildcards.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub parts: Vec<PatternPart>,
    pub span: Span,
}

/// What stands between two dots.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternPart {
    Pieces(Vec<Piece>),
    Param(Param),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Any run of characters.
    Any,
    /// These characters; from backquotes or not.
    Text(String),
}

/// `?`, `?name`, `?1`; with two question marks it stands for a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub which: Which,
    pub is_name: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// The nth `?` of the query, from 1.
    Next(usize),
    /// From 1.
    Position(usize),
    Named(String),
}

/// A string, or a parameter in its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    Plain(Spanned<String>),
    Param(Param),
}

/// `expr` or `name = expr`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub label: Label,
    pub expr: Expr,
}

/// What a column is called.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    Name(Name),
    /// Unnamed: the source of the expression exactly as written.
    Source(Spanned<String>),
}
