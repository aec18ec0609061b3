//! What a Python expression stands for while a rule is read: a constant, something of the event, a condition, a list whose
//! elements may depend on conditions, or a choice between values.

use super::module::Module;
use super::{Kind, logic};
use ir::{Expr, ExprKind, Literal, Span};
use ruff_python_ast::{ExprLambda, StmtFunctionDef};
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Const(Const, Span),
    /// A field of the event, or something computed of one.
    Symbol(Rc<Symbol<'a>>),
    /// A boolean that depends on the event.
    Test(Rc<Expr>),
    /// A list, tuple, set or iterator.
    Sequence(Rc<Vec<Item<'a>>>),
    Dict(Rc<Vec<Entry<'a>>>),
    /// The first arm whose guard holds, else the other.
    Choice(Rc<Choice<'a>>),
    Function(Function<'a>),
    /// A module or a name in one that is not in the repository: `re.search`.
    External(Rc<str>),
    Module(Ptr<'a, Module>),
    /// A compiled regular expression, `True` where letters of different case are the same.
    Regex(Rc<str>, bool, Span),
    /// What searching with a regular expression returns.
    Found(Rc<Found<'a>>),
    Network(Rc<str>, Span),
    /// How many of the items there are.
    Count(Rc<Vec<Item<'a>>>),
    /// Computed by what cannot be read; the reader knows why, by the place.
    Unread(Span),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Const {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Symbol<'a> {
    pub expr: Expr,
    /// The dotted name, for a field; empty for the event itself.
    pub path: Option<Rc<str>>,
    pub fold: Fold,
    pub kind: Kind,
    /// The value where the expression is null; never a choice.
    pub default: Value<'a>,
}

/// To which case the text was converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    None,
    Lower,
    Upper,
}

/// When something happens: the condition holds, and so does that of some element of each of the lists, from the outside
/// in. A list without a name is one that was computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Guard {
    pub condition: Expr,
    pub each: Vec<(Option<Rc<str>>, Expr)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item<'a> {
    pub guard: Guard,
    pub value: Value<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub guard: Guard,
    pub key: Value<'a>,
    pub value: Value<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice<'a> {
    pub arms: Vec<Item<'a>>,
    pub otherwise: Value<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found<'a> {
    pub test: Expr,
    pub subject: Value<'a>,
    pub pattern: Rc<str>,
    /// All matches, not the first.
    pub all: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Function<'a> {
    Defined(Ptr<'a, Module>, Ptr<'a, StmtFunctionDef>, Rc<Names<'a>>),
    Lambda(Ptr<'a, Module>, Ptr<'a, ExprLambda>, Rc<Names<'a>>),
    Builtin(&'static str),
    /// A method of a value.
    Bound(Rc<Value<'a>>, &'a str),
}

pub(super) type Names<'a> = BTreeMap<&'a str, Value<'a>>;

/// A part of a syntax tree, equal to itself only.
#[derive(Debug)]
pub(super) struct Ptr<'a, T>(pub &'a T);

impl<T> Clone for Ptr<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ptr<'_, T> {}

impl<T> PartialEq for Ptr<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Guard {
    pub fn always(span: Span) -> Self {
        Guard::when(logic::constant(true, span))
    }

    pub fn when(condition: Expr) -> Self {
        Guard { condition, each: Vec::new() }
    }

    pub fn is_always(&self) -> bool {
        self.each.is_empty() && logic::known(&self.condition) == Some(true)
    }

    pub fn is_never(&self) -> bool {
        let never = |condition| logic::known(condition) == Some(false);
        never(&self.condition) || self.each.iter().any(|(_, condition)| never(condition))
    }

    /// The guard holds and, for the same elements, so does the test.
    pub fn with(&self, test: Expr) -> Expr {
        let mut inner = test;
        for (of, condition) in self.each.iter().rev() {
            inner = logic::both(condition.clone(), inner);
            if let Some(of) = of {
                inner = logic::any_element(of, inner);
            }
        }
        logic::both(self.condition.clone(), inner)
    }

    pub fn holds(&self) -> Expr {
        self.with(logic::constant(true, self.condition.span))
    }

    /// The guard under a further condition, outside of all elements.
    pub fn and(&self, condition: Expr) -> Self {
        Guard { condition: logic::both(condition, self.condition.clone()), each: self.each.clone() }
    }

    /// The guard under a further condition on the innermost element.
    pub fn and_inside(mut self, condition: Expr) -> Self {
        match self.each.last_mut() {
            Some((_, inside)) => *inside = logic::both(inside.clone(), condition),
            None => self.condition = logic::both(self.condition, condition),
        }
        self
    }

    /// What happens inside of what this one guards.
    pub fn then(&self, inner: &Guard) -> Self {
        let mut guard = self.clone().and_inside(inner.condition.clone());
        guard.each.extend(inner.each.iter().cloned());
        guard
    }
}

impl<'a> Item<'a> {
    pub fn always(value: Value<'a>) -> Self {
        Item { guard: Guard::always(value.span()), value }
    }
}

impl<'a> Value<'a> {
    pub fn none(span: Span) -> Self {
        Value::Const(Const::None, span)
    }

    pub fn bool(value: bool, span: Span) -> Self {
        Value::Const(Const::Bool(value), span)
    }

    pub fn str(text: &str, span: Span) -> Self {
        Value::Const(Const::Str(text.into()), span)
    }

    pub fn test(expr: Expr) -> Self {
        match logic::known(&expr) {
            Some(value) => Value::bool(value, expr.span),
            None => Value::Test(Rc::new(expr)),
        }
    }

    pub fn sequence(items: Vec<Item<'a>>) -> Self {
        Value::Sequence(Rc::new(items))
    }

    pub fn values(values: Vec<Value<'a>>) -> Self {
        Value::sequence(values.into_iter().map(Item::always).collect())
    }

    /// A field by its name; empty for the event.
    pub fn field(path: &str, kind: Kind, default: Value<'a>, span: Span) -> Self {
        Value::Symbol(Rc::new(Symbol {
            expr: Expr::new(ExprKind::Field(path.to_owned()), span),
            path: Some(path.into()),
            fold: Fold::None,
            kind,
            default,
        }))
    }

    /// What a function makes of the event; null where its field is.
    pub fn computed(expr: Expr, kind: Kind) -> Self {
        let default = Value::none(expr.span);
        Value::Symbol(Rc::new(Symbol { expr, path: None, fold: Fold::None, kind, default }))
    }

    /// The first arm whose guard holds, else the other value; simpler where there is nothing to choose.
    pub fn choice(arms: Vec<Item<'a>>, otherwise: Value<'a>) -> Self {
        let mut kept: Vec<Item<'a>> = Vec::with_capacity(arms.len());
        let mut otherwise = otherwise;
        for arm in arms {
            if arm.guard.is_never() {
                continue;
            }
            if arm.guard.is_always() {
                otherwise = arm.value;
                break;
            }
            kept.push(arm);
        }
        while kept.last().is_some_and(|arm| arm.guard.each.is_empty() && arm.value.same(&otherwise)) {
            kept.pop();
        }
        if kept.is_empty() { otherwise } else { Value::Choice(Rc::new(Choice { arms: kept, otherwise })) }
    }

    /// Equal, wherever it is read.
    pub fn same(&self, other: &Value<'a>) -> bool {
        match (self, other) {
            (Value::Const(left, _), Value::Const(right, _)) => left == right,
            (Value::Symbol(left), Value::Symbol(right)) => {
                let place = left.path == right.path;
                let same = match (&left.expr.kind, &right.expr.kind) {
                    (ExprKind::Field(left), ExprKind::Field(right)) => left == right,
                    _ => left.expr == right.expr,
                };
                place && same && left.fold == right.fold && left.default.same(&right.default)
            }
            (Value::Sequence(left), Value::Sequence(right)) if left.is_empty() => right.is_empty(),
            (Value::Dict(left), Value::Dict(right)) if left.is_empty() => right.is_empty(),
            _ => self == other,
        }
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Value::Const(Const::None, _))
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Const(Const::Str(text), _) => Some(text),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Const(Const::Int(value), _) => Some(*value),
            Value::Const(Const::Bool(value), _) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// Where the value was read; of composite values, that of their first part.
    pub fn span(&self) -> Span {
        match self {
            Value::Const(_, span) | Value::Regex(_, _, span) | Value::Network(_, span) | Value::Unread(span) => *span,
            Value::Symbol(symbol) => symbol.expr.span,
            Value::Test(expr) => expr.span,
            Value::Sequence(items) | Value::Count(items) => {
                items.first().map(|item| item.value.span()).unwrap_or_default()
            }
            Value::Dict(entries) => entries.first().map(|entry| entry.key.span()).unwrap_or_default(),
            Value::Choice(choice) => choice.arms.first().map(|arm| arm.value.span()).unwrap_or_default(),
            Value::Found(found) => found.span,
            Value::Function(_) | Value::External(_) | Value::Module(_) => Span::default(),
        }
    }

    /// The values of a sequence that does not depend on the event.
    pub fn fixed(&self) -> Option<Vec<&Value<'a>>> {
        match self {
            Value::Sequence(items) => items.iter().map(|item| item.guard.is_always().then_some(&item.value)).collect(),
            _ => None,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Value::Const(Const::None, _) => Kind::Unknown,
            Value::Const(Const::Str(_), _) => Kind::Text,
            Value::Const(Const::Bool(_), _) | Value::Test(_) => Kind::Boolean,
            Value::Const(..) => Kind::Number,
            Value::Symbol(symbol) => symbol.kind,
            Value::Sequence(_) => Kind::List,
            Value::Dict(_) => Kind::Object,
            _ => Kind::Unknown,
        }
    }
}

impl Const {
    pub fn literal(&self) -> Literal {
        match self {
            Const::None => Literal::Null,
            Const::Bool(value) => Literal::Boolean(*value),
            Const::Int(value) => i32::try_from(*value).map_or(Literal::Long(*value), Literal::Integer),
            Const::Float(value) => Literal::Double(*value),
            Const::Str(text) => Literal::String(text.to_string()),
        }
    }

    pub fn truth(&self) -> bool {
        match self {
            Const::None => false,
            Const::Bool(value) => *value,
            Const::Int(value) => *value != 0,
            Const::Float(value) => *value != 0.0,
            Const::Str(text) => !text.is_empty(),
        }
    }

    /// As `str()` writes it.
    pub fn text(&self) -> String {
        match self {
            Const::None => "None".to_owned(),
            Const::Bool(true) => "True".to_owned(),
            Const::Bool(false) => "False".to_owned(),
            Const::Int(value) => value.to_string(),
            Const::Float(value) => format!("{value:?}"),
            Const::Str(text) => text.to_string(),
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Const::Bool(value) => Some(f64::from(u8::from(*value))),
            Const::Int(value) => Some(*value as f64),
            Const::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// Python's `==`.
    pub fn equals(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None) => true,
            (Const::Str(left), Const::Str(right)) => left == right,
            _ => self.number().zip(other.number()).is_some_and(|(left, right)| left == right),
        }
    }
}

impl<'a> Symbol<'a> {
    /// The same without a default.
    pub fn bare(&self) -> Symbol<'a> {
        Symbol { default: Value::none(self.expr.span), ..self.clone() }
    }

    /// The expression with its case conversion applied as a function.
    pub fn exact(&self) -> Expr {
        let function = match self.fold {
            Fold::None => return self.expr.clone(),
            Fold::Lower => "to_lower",
            Fold::Upper => "to_upper",
        };
        logic::call(function, vec![self.expr.clone()], self.expr.span)
    }

    /// Whether a converted text can equal or contain this one.
    pub fn folds_to(&self, text: &str) -> bool {
        match self.fold {
            Fold::None => false,
            Fold::Lower => text == text.to_lowercase(),
            Fold::Upper => text == text.to_uppercase(),
        }
    }
}
