//! What a Kusto query says, before anything is made of it.
//!
//! Layout, comments and redundant parentheses are gone. Tables and values share one kind of expression, as they do in the
//! language: whether a name is a table is known only when it is looked up. Operators have their types beside their
//! grammar, in [`super::operators`].

use ir::{Span, Spanned};

pub use super::operators::Operator;

/// The statements of a query. Bare files may hold several queries one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub statements: Vec<Node<Statement>>,
}

/// Something and the place it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<T> {
    pub kind: T,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `let name = value`
    Let {
        name: Name,
        value: LetValue,
    },
    /// `set option` or `set option = value`
    Set {
        name: Name,
        value: Option<Expr>,
    },
    /// `declare query_parameters(...)`
    Parameters(Vec<Parameter>),
    /// `alias`, `declare pattern`, `restrict access`: kept as written.
    Verbatim(String),
    Query(Expr),
}

#[derive(Clone, Debug, PartialEq)]
pub enum LetValue {
    Expr(Expr),
    Function(Function),
}

/// `(parameters) { statements; expression }`
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// `view () { ... }`
    pub view: bool,
    pub parameters: Vec<Parameter>,
    /// The last one is the result.
    pub body: Vec<Node<Statement>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: Name,
    pub kind: ParameterKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    Scalar {
        type_name: Spanned<String>,
        default: Option<Expr>,
    },
    /// A table; with any columns where there are none.
    Table(Vec<Column>),
}

/// `name: type`
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: Name,
    pub type_name: Spanned<String>,
}

/// A name without its brackets and quotes.
pub type Name = Spanned<String>;

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    Name(String),
    /// A name with `*` in it: tables of a union, columns of a projection.
    Wildcard(String),
    /// Every column, or no argument in particular.
    Star,
    /// `value.name`
    Member {
        value: Box<Expr>,
        name: Name,
    },
    /// `value[index]`
    Element {
        value: Box<Expr>,
        index: Box<Expr>,
    },
    /// `function(args)`, or `scope.function(args)`.
    Call {
        scope: Option<Box<Expr>>,
        function: Name,
        args: Vec<Field>,
    },
    /// `-value` or `+value`
    Sign {
        negative: bool,
        value: Box<Expr>,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `value in (items)`, `value has_any (items)` and their kin.
    List {
        op: ListOp,
        value: Box<Expr>,
        items: Vec<Expr>,
    },
    /// `value between (low .. high)`
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        negated: bool,
    },
    /// Rows through operators.
    Pipe(Box<Pipe>),
}

/// `source | operator | operator ...`
#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    pub source: Source,
    pub operators: Vec<Node<Operator>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Expr(Expr),
    /// An operator that makes its own rows: `union`, `print`, `range`, `search` ...
    Operator(Box<Node<Operator>>),
    /// What is before this pipe: the rows of an inner query such as that of `mv-apply`.
    Context,
    Datatable(Datatable),
    Externaldata(Externaldata),
}

/// `datatable (name: type, ...) [value, ...]`, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Datatable {
    pub columns: Vec<Column>,
    pub values: Vec<Expr>,
    pub span: Span,
}

/// `externaldata (name: type, ...) [address, ...] with (property = value, ...)`
#[derive(Clone, Debug, PartialEq)]
pub struct Externaldata {
    pub columns: Vec<Column>,
    pub addresses: Vec<Expr>,
    pub properties: Vec<Property>,
    pub span: Span,
}

/// An option of an operator: `kind=inner`, `hint.strategy=shuffle`.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    pub name: Spanned<String>,
    pub value: Expr,
}

/// `expr`, `name = expr` or `(name, name) = expr`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub label: Label,
    pub expr: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    None,
    Name(Name),
    Names(Vec<Name>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Boolean(bool),
    /// A bare whole number.
    Long(i64),
    /// A bare number with a point or an exponent.
    Real(f64),
    /// A bare number with a unit of time, as written: `1d`.
    Span(String),
    /// Adjacent strings are one.
    Text(String),
    /// A string that logs must not show: `h"..."`.
    HiddenText(String),
    /// `datetime(2024-01-01)`, `guid(...)`, `real(nan)`, `long(null)`, `typeof(string)`: the type in lower case and what
    /// stands in the brackets, without the white space around it.
    Typed {
        type_name: String,
        text: String,
    },
    /// `dynamic(...)`
    Dynamic(Json),
}

/// A value inside of `dynamic(...)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    pub kind: JsonKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum JsonKind {
    Null,
    /// Of any kind but `Dynamic`.
    Literal(Box<Literal>),
    Array(Vec<Json>),
    Object(Vec<(Spanned<String>, Json)>),
}

/// Operators between two values, with their spelling.
macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $spelling:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant,)* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),*];

            pub fn spelling(self) -> &'static str {
                match self { $($name::$variant => $spelling,)* }
            }

            /// The operator with that spelling.
            pub fn of(spelling: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|op| op.spelling() == spelling)
            }
        }
    };
}

operators! {
    /// The spelling of `MatchesRegex` is two words; `:` reads as `Has`.
    BinaryOp {
        Add = "+",
        Subtract = "-",
        Multiply = "*",
        Divide = "/",
        Remainder = "%",
        Equal = "==",
        NotEqual = "!=",
        Less = "<",
        LessOrEqual = "<=",
        Greater = ">",
        GreaterOrEqual = ">=",
        EqualFolded = "=~",
        NotEqualFolded = "!~",
        Has = "has",
        NotHas = "!has",
        HasCs = "has_cs",
        NotHasCs = "!has_cs",
        HasPrefix = "hasprefix",
        NotHasPrefix = "!hasprefix",
        HasPrefixCs = "hasprefix_cs",
        NotHasPrefixCs = "!hasprefix_cs",
        HasSuffix = "hassuffix",
        NotHasSuffix = "!hassuffix",
        HasSuffixCs = "hassuffix_cs",
        NotHasSuffixCs = "!hassuffix_cs",
        Contains = "contains",
        NotContains = "!contains",
        ContainsCs = "contains_cs",
        NotContainsCs = "!contains_cs",
        StartsWith = "startswith",
        NotStartsWith = "!startswith",
        StartsWithCs = "startswith_cs",
        NotStartsWithCs = "!startswith_cs",
        EndsWith = "endswith",
        NotEndsWith = "!endswith",
        EndsWithCs = "endswith_cs",
        NotEndsWithCs = "!endswith_cs",
        Like = "like",
        NotLike = "notlike",
        LikeCs = "likecs",
        NotLikeCs = "notlikecs",
        MatchesRegex = "matches regex",
    }
}

operators! {
    ListOp {
        In = "in",
        NotIn = "!in",
        InFolded = "in~",
        NotInFolded = "!in~",
        HasAny = "has_any",
        HasAll = "has_all",
    }
}
