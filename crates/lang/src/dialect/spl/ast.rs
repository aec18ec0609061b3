//! What an SPL query says after its macros are expanded, before anything is made of it.
//!
//! Layout and redundant parentheses are gone. Commands have their types beside their grammar, in [`super::commands`].

use ir::{BinaryOp, CompareOp, Literal, Span, Spanned};

pub use super::commands::Command;

/// `command | command ...`; a query that begins with terms begins with a `search`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub commands: Vec<Node<Command>>,
}

/// A command and the place it was read from, its name included.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<T> {
    pub kind: T,
    pub span: Span,
}

/// A name or value, without quotes and escapes. `quoted` where it was written in quotes, or has to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub text: String,
    pub quoted: bool,
    pub span: Span,
}

/// `name=value`
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub name: Spanned<String>,
    pub value: Word,
}

/// The call of a macro that nobody defines, as it stands between the backquotes.
#[derive(Clone, Debug, PartialEq)]
pub struct MacroCall {
    pub text: String,
    pub span: Span,
}

/// A condition in the language of `search` and of `tstats ... where`.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub kind: SearchKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SearchKind {
    And(Vec<Search>),
    Or(Vec<Search>),
    Not(Box<Search>),
    /// A word or phrase anywhere in the event.
    Keyword(Word),
    Compare {
        field: Word,
        op: CompareOp,
        value: Word,
    },
    In {
        field: Word,
        list: Vec<Word>,
    },
    /// `CASE(word)` or `TERM(word)`, with the field where it stands after `field=`.
    Directive {
        field: Option<Word>,
        directive: Directive,
        word: Word,
    },
    /// `[search ...]`: an event matches that has the values of one of its rows.
    Subsearch(Query),
    Macro(MacroCall),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Letters count as they are written.
    Case,
    /// The word stands between blanks or other major breakers.
    Term,
}

/// An expression in the language of `eval` and `where`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number or string.
    Literal(Literal),
    Field(Word),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Xor(Vec<Expr>),
    Arithmetic {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `a . b`
    Concat(Box<Expr>, Box<Expr>),
    Compare {
        op: CompareOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `a LIKE "b%"`
    Like {
        value: Box<Expr>,
        pattern: Box<Expr>,
    },
    /// `a IN (b, c)`
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
    },
    Call {
        function: Spanned<String>,
        args: Vec<Expr>,
    },
    Macro(MacroCall),
}

/// `name = expr`
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub name: Word,
    pub expr: Expr,
}

/// `function(argument) AS name`, as `stats` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    pub function: Spanned<String>,
    pub argument: Argument,
    pub name: Option<Word>,
    /// Of the call, without the name.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// `count`
    None,
    /// A field; `*` in it stands for any run of characters.
    Field(Word),
    /// `eval(expr)`, or an expression where one is allowed without it.
    Eval(Expr),
    /// What else stands between the parentheses, as written.
    Verbatim(String),
}

/// `field AS name`
#[derive(Clone, Debug, PartialEq)]
pub struct Renaming {
    pub from: Word,
    pub to: Option<Word>,
}
