//! Functions that Python has without an import.

use super::call::Arguments;
use super::reader::Reader;
use super::value::{Const, Entry, Function, Item, Symbol, Value};
use super::{Kind, expression, logic};
use ir::{Expr, ExprKind, Span, Spanned};
use std::rc::Rc;

/// Their names; those of types also stand for the type.
pub(super) const NAMES: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "dict",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "zip",
];

/// Most numbers of a `range` that are gone through.
const MAX_RANGE: i64 = 1_000;

impl<'a> Reader<'a> {
    pub(super) fn builtin(&mut self, name: &str, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let first = arguments.positional.first().cloned();
        let Some(first) = first else {
            return match name {
                "dict" => Value::Dict(Rc::new(Vec::new())),
                "list" | "set" | "tuple" | "frozenset" => Value::sequence(Vec::new()),
                "str" => Value::str("", span),
                "bool" => Value::bool(false, span),
                _ => Value::none(span),
            };
        };
        if let Value::Unread(_) = first {
            return first;
        }
        match name {
            "any" => Value::test(self.quantified(&first, true, span)),
            "all" => Value::test(self.quantified(&first, false, span)),
            "bool" => Value::test(self.truth(&first)),
            "str" | "repr" | "format" => self.as_text(&first, span),
            "int" => self.number(&first, "long", span),
            "float" => self.number(&first, "double", span),
            "len" => self.length(&first, span),
            "set" | "list" | "tuple" | "sorted" | "reversed" | "frozenset" | "iter" => self.listed(&first, span),
            "dict" => first,
            "isinstance" => match arguments.positional.get(1).cloned() {
                Some(kind) => Value::test(self.is_instance(&first, &kind, span)),
                None => Value::none(span),
            },
            "hasattr" => Value::test(self.test_each(&first, &mut |reader, of| match of {
                Value::Unread(place) => logic::unread(*place),
                Value::Symbol(symbol) if symbol.kind == Kind::Address => logic::constant(true, span),
                Value::Symbol(symbol) => expression::kind_test(symbol, "is_object", span),
                Value::Dict(_) | Value::Network(..) => logic::constant(true, span),
                Value::Const(..) | Value::Sequence(_) => logic::constant(false, span),
                _ => reader.unread(span, "`hasattr` of this kind of value"),
            })),
            "getattr" => match (arguments.positional.get(1).and_then(Value::as_str), arguments.positional.get(2)) {
                (Some(_), Some(default)) => default.clone(),
                _ => self.unread_value(span, "`getattr`"),
            },
            "next" => match self.items(&first) {
                Some(items) => {
                    let default = arguments.positional.get(1).cloned().unwrap_or(Value::none(span));
                    Value::choice(items, default)
                }
                None => self.unread_value(span, "`next` of this kind of value"),
            },
            "enumerate" => self.enumerate(&first, span),
            "zip" => self.zip(arguments, span),
            "map" | "filter" => self.map_or_filter(name, &first, arguments, span),
            "range" => self.range(arguments, span),
            "sum" => self.sum(&first, span),
            "min" | "max" => self.extreme(name == "max", arguments, span),
            "abs" | "round" => match expression::scalar(&first) {
                Some(expr) => Value::computed(logic::call(name, vec![expr], span), Kind::Number),
                None => self.unread_value(span, format!("`{name}` of this kind of value")),
            },
            "print" => Value::none(span),
            _ => self.unread_value(span, format!("`{name}`")),
        }
    }

    /// `any` and `all`.
    fn quantified(&mut self, list: &Value<'a>, any: bool, span: Span) -> Expr {
        let Some(items) = self.items(list) else {
            return match list {
                Value::Unread(place) => logic::unread(*place),
                _ => self.unread(span, "`any` or `all` of this kind of value"),
            };
        };
        let mut tests = Vec::with_capacity(items.len());
        for item in items {
            let truth = self.truth(&item.value);
            tests.push(if any { item.guard.with(truth) } else { logic::not(item.guard.with(logic::not(truth))) });
        }
        let test = if any { logic::or(tests, span) } else { logic::and(tests, span) };
        self.charged(test)
    }

    fn number(&mut self, value: &Value<'a>, kind: &str, span: Span) -> Value<'a> {
        self.map(value, &mut |reader, value| match value {
            Value::Const(Const::Str(text), _) => {
                let text = text.trim().replace('_', "");
                let number = match kind {
                    "long" => text.parse().ok().map(Const::Int),
                    _ => text.parse().ok().map(Const::Float),
                };
                number.map_or_else(|| Value::none(span), |number| Value::Const(number, span))
            }
            Value::Const(constant, _) => match (kind, constant.number()) {
                ("long", Some(number)) => Value::Const(Const::Int(number.trunc() as i64), span),
                (_, Some(number)) => Value::Const(Const::Float(number), span),
                _ => Value::none(span),
            },
            Value::Symbol(symbol) => {
                let to = Spanned { value: kind.to_owned(), span };
                let cast = ExprKind::Cast { value: Box::new(symbol.exact()), to };
                Value::computed(Expr::new(cast, span), Kind::Number)
            }
            _ => reader.unread_value(span, "a number made of this kind of value"),
        })
    }

    fn length(&mut self, value: &Value<'a>, span: Span) -> Value<'a> {
        let int = |length: usize| Value::Const(Const::Int(i64::try_from(length).unwrap_or(i64::MAX)), span);
        match value {
            Value::Sequence(items) if !items.iter().all(|item| item.guard.is_always()) => Value::Count(items.clone()),
            _ => self.map(value, &mut |reader, value| match value {
                Value::Sequence(items) if items.iter().all(|item| item.guard.is_always()) => int(items.len()),
                Value::Sequence(items) => Value::Count(items.clone()),
                Value::Dict(entries) if entries.iter().all(|entry| entry.guard.is_always()) => int(entries.len()),
                Value::Dict(entries) => {
                    let item = |entry: &Entry<'a>| Item { guard: entry.guard.clone(), value: entry.key.clone() };
                    Value::Count(Rc::new(entries.iter().map(item).collect()))
                }
                Value::Const(Const::Str(text), _) => int(text.chars().count()),
                Value::Const(..) => Value::none(span),
                Value::Symbol(symbol) => {
                    let function = if symbol.kind == Kind::Text { "length" } else { "size" };
                    Value::computed(logic::call(function, vec![symbol.expr.clone()], span), Kind::Number)
                }
                _ => reader.unread_value(span, "the length of this kind of value"),
            }),
        }
    }

    /// The same elements in some list.
    fn listed(&mut self, value: &Value<'a>, span: Span) -> Value<'a> {
        match value {
            Value::Symbol(symbol) => {
                let default = match &symbol.default {
                    Value::Const(Const::Str(_), _) => Value::sequence(Vec::new()),
                    default => default.clone(),
                };
                Value::Symbol(Rc::new(Symbol { kind: Kind::List, default, ..symbol.as_ref().clone() }))
            }
            Value::Unread(_) | Value::Sequence(_) => value.clone(),
            _ => match self.items(value) {
                Some(items) => Value::sequence(items),
                None => self.unread_value(span, "a list of this kind of value"),
            },
        }
    }

    fn is_instance(&mut self, value: &Value<'a>, kind: &Value<'a>, span: Span) -> Expr {
        let kinds: Vec<String> = match kind {
            Value::Sequence(items) => items.iter().filter_map(|item| type_name(&item.value)).collect(),
            kind => type_name(kind).into_iter().collect(),
        };
        self.test_each(value, &mut |reader, value| {
            let tests = kinds.iter().map(|kind| reader.is_kind(value, kind, span));
            logic::or(tests.collect(), span)
        })
    }

    fn is_kind(&mut self, value: &Value<'a>, kind: &str, span: Span) -> Expr {
        let (wanted, function): (Kind, &str) = match kind {
            "str" | "bytes" => (Kind::Text, "is_string"),
            "list" | "tuple" | "set" | "frozenset" | "Sequence" | "List" | "Iterable" | "ImmutableList" => {
                (Kind::List, "is_list")
            }
            "dict" | "Mapping" | "Dict" | "ImmutableCaseInsensitiveDict" | "PantherEvent" | "MutableMapping" => {
                (Kind::Object, "is_object")
            }
            "int" | "float" => (Kind::Number, "is_number"),
            "bool" => (Kind::Boolean, "is_boolean"),
            "MagicMock" | "Mock" => return logic::constant(false, span),
            _ => return self.unread(span, format!("a test for the type `{kind}`")),
        };
        match value {
            Value::Unread(place) => logic::unread(*place),
            Value::Symbol(symbol) if symbol.kind == wanted => logic::not(logic::is_null(symbol.expr.clone())),
            Value::Symbol(symbol) => expression::kind_test(symbol, function, span),
            value => logic::constant(value.kind() == wanted, span),
        }
    }

    fn enumerate(&mut self, value: &Value<'a>, span: Span) -> Value<'a> {
        let Some(items) = self.items(value) else {
            return self.unread_value(span, "`enumerate` of this kind of value");
        };
        let pairs = items.into_iter().enumerate().map(|(at, item)| {
            let number = if item.guard.is_always() {
                Value::Const(Const::Int(i64::try_from(at).unwrap_or(i64::MAX)), span)
            } else {
                Value::Unread(span)
            };
            Item { guard: item.guard, value: Value::values(vec![number, item.value]) }
        });
        let pairs = pairs.collect();
        self.reasons.entry(span).or_insert_with(|| "the number of an element".to_owned());
        Value::sequence(pairs)
    }

    fn zip(&mut self, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let lists: Option<Vec<Vec<&Value<'a>>>> = arguments.positional.iter().map(Value::fixed).collect();
        let Some(lists) = lists else { return self.unread_value(span, "`zip` of lists that depend on the event") };
        let length = lists.iter().map(Vec::len).min().unwrap_or(0);
        let row = |at: usize| Value::values(lists.iter().filter_map(|list| list.get(at).copied().cloned()).collect());
        Value::values((0..length).map(row).collect())
    }

    fn map_or_filter(&mut self, name: &str, function: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let Some(items) = arguments.positional.get(1).cloned().and_then(|list| self.items(&list)) else {
            return self.unread_value(span, format!("`{name}` over this kind of value"));
        };
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            let result = match function {
                Value::Const(Const::None, _) => item.value.clone(),
                _ => self.apply(function, &Arguments::of(vec![item.value.clone()]), span),
            };
            made.push(if name == "map" {
                Item { guard: item.guard, value: result }
            } else {
                let test = self.truth(&result);
                Item { guard: item.guard.and_inside(test), value: item.value }
            });
        }
        Value::sequence(made)
    }

    fn range(&mut self, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let numbers: Option<Vec<i64>> = arguments.positional.iter().map(Value::as_int).collect();
        let (from, to) = match numbers.as_deref() {
            Some([to]) => (0, *to),
            Some([from, to]) => (*from, *to),
            _ => return self.unread_value(span, "a `range` that depends on the event"),
        };
        if to.saturating_sub(from) > MAX_RANGE {
            return self.unread_value(span, format!("a `range` of more than {MAX_RANGE} numbers"));
        }
        Value::values((from..to).map(|number| Value::Const(Const::Int(number), span)).collect())
    }

    /// How many of a list of conditions hold.
    fn sum(&mut self, list: &Value<'a>, span: Span) -> Value<'a> {
        let Some(items) = self.items(list) else { return self.unread_value(span, "the sum of this kind of value") };
        let mut counted = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::Const(Const::Int(1) | Const::Bool(true), _) => counted.push(item),
                Value::Const(Const::Int(0) | Const::Bool(false), _) => {}
                Value::Test(test) => {
                    let guard = item.guard.and_inside(test.as_ref().clone());
                    counted.push(Item { guard, value: item.value });
                }
                _ => return self.unread_value(span, "the sum of values of the event"),
            }
        }
        Value::Count(Rc::new(counted))
    }

    fn extreme(&mut self, most: bool, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let values: Vec<Value<'a>> = match arguments.positional.as_slice() {
            [list] => match list.fixed() {
                Some(values) => values.into_iter().cloned().collect(),
                None => return self.unread_value(span, "the least or greatest of this kind of value"),
            },
            values => values.to_vec(),
        };
        let numbers: Option<Vec<f64>> = values
            .iter()
            .map(|value| match value {
                Value::Const(constant, _) => constant.number(),
                _ => None,
            })
            .collect();
        let Some(numbers) = numbers else {
            return self.unread_value(span, "the least or greatest of values of the event");
        };
        let better = |left: f64, right: f64| if most { left > right } else { left < right };
        let best = (0..numbers.len()).reduce(|best, at| match (numbers.get(at), numbers.get(best)) {
            (Some(left), Some(right)) if better(*left, *right) => at,
            _ => best,
        });
        best.and_then(|best| values.get(best).cloned()).unwrap_or(Value::none(span))
    }
}

fn type_name(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Function(Function::Builtin(name)) => Some((*name).to_owned()),
        Value::External(name) => name.rsplit('.').next().map(str::to_owned),
        Value::Const(Const::None, _) => None,
        _ => Some("?".to_owned()),
    }
}
