//! Parts of values: fields of the event, entries of dictionaries, elements of lists, attributes.

use super::call::Arguments;
use super::reader::{Frame, Reader};
use super::value::{Const, Entry, Fold, Function, Guard, Item, Symbol, Value};
use super::{Kind, Mapping, condition, external, logic, method, networks};
use ir::{CompareOp, Expr, ExprKind, Literal, Span};
use ruff_python_ast::{self as ast, Expr as Python};
use std::rc::Rc;

impl<'a> Reader<'a> {
    pub(super) fn attribute(&mut self, of: &Value<'a>, name: &'a str, span: Span) -> Value<'a> {
        match of {
            Value::Module(module) => match self.global(module.0, name) {
                Some(value) => value,
                None => self.unread_value(span, format!("`{name}` is not in that module")),
            },
            Value::External(module) => external::named(&format!("{module}.{name}"), span),
            Value::Unread(_) => of.clone(),
            Value::Symbol(symbol) if symbol.kind == Kind::Address => match networks::of(name) {
                Some((networks, inside)) => {
                    let patterns = networks.iter().map(|network| {
                        condition::pattern(ir::PatternKind::Cidr((*network).to_owned()), ir::Case::Sensitive, span)
                    });
                    let test = self.fits(of, &patterns.collect::<Vec<_>>(), span);
                    Value::test(if inside { test } else { logic::not(test) })
                }
                None => self.unread_value(span, format!("`{name}` of an address")),
            },
            Value::Choice(_) => {
                let method = Value::Function(Function::Bound(Rc::new(of.clone()), name));
                match networks::of(name) {
                    Some(_) => self.map(of, &mut |reader, of| reader.attribute(of, name, span)),
                    None => method,
                }
            }
            Value::Network(address, _) => match networks::of(name) {
                Some((networks, inside)) => {
                    let found = networks.iter().any(|network| networks::holds(network, address) == Some(true));
                    Value::bool(found == inside, span)
                }
                None => self.unread_value(span, format!("`{name}` of a network")),
            },
            Value::Regex(pattern, _, span) if name == "pattern" => Value::str(pattern, *span),
            _ => Value::Function(Function::Bound(Rc::new(of.clone()), name)),
        }
    }

    /// The field below a symbol, with the value where it is missing.
    pub(super) fn below(&mut self, symbol: &Symbol<'a>, key: &str, default: Value<'a>, span: Span) -> Value<'a> {
        let Some(path) = &symbol.path else {
            return self.unread_value(span, "a part of a computed value");
        };
        let path = condition::join(path, key);
        let kind = match self.facts.kinds.get(&path) {
            Some(kind) => *kind,
            None => default.kind(),
        };
        let field = Value::field(&path, kind, Value::none(span), span);
        self.defaulted(field, default)
    }

    /// A field with what stands for it where it is missing.
    fn defaulted(&mut self, field: Value<'a>, default: Value<'a>) -> Value<'a> {
        let Value::Symbol(symbol) = &field else { return field };
        match default {
            Value::Choice(_) | Value::Symbol(_) | Value::Test(_) | Value::Unread(_) => {
                let present = Guard::when(logic::not(logic::is_null(symbol.expr.clone())));
                self.either_value(present, field, default)
            }
            default => Value::Symbol(Rc::new(Symbol { default, ..symbol.as_ref().clone() })),
        }
    }

    /// `of.get(key, default)`.
    pub(super) fn get(&mut self, of: &Value<'a>, key: &Value<'a>, default: Value<'a>, span: Span) -> Value<'a> {
        self.map(key, &mut |reader, key| match of {
            Value::Choice(choice) => {
                let arms: Vec<_> = choice
                    .arms
                    .iter()
                    .map(|arm| Item {
                        guard: arm.guard.clone(),
                        value: reader.get(&arm.value, key, default.clone(), span),
                    })
                    .collect();
                let otherwise = reader.get(&choice.otherwise, key, default.clone(), span);
                Value::choice(arms, otherwise).collapsed()
            }
            Value::Symbol(symbol) => match key {
                Value::Const(constant, _) => {
                    let present = reader.below(symbol, &constant.text(), default.clone(), span);
                    match &symbol.default {
                        Value::Dict(entries) if !entries.is_empty() => {
                            let absent = reader.entry(entries, key, default.clone(), span);
                            let missing = Guard::when(logic::is_null(symbol.expr.clone()));
                            reader.either_value(missing, absent, present)
                        }
                        _ => present,
                    }
                }
                _ => reader.unread_value(span, "a field whose name depends on the event"),
            },
            Value::Dict(entries) => reader.entry(entries, key, default.clone(), span),
            // `get` of what was not there.
            Value::Const(..) => default.clone(),
            Value::Unread(_) => of.clone(),
            _ => reader.unread_value(span, "a part of this kind of value"),
        })
    }

    /// The value under a key, which may be one or another.
    pub(super) fn entry(
        &mut self,
        entries: &[Entry<'a>],
        key: &Value<'a>,
        default: Value<'a>,
        span: Span,
    ) -> Value<'a> {
        let mut arms = Vec::new();
        // Of entries with the same key the last one counts.
        for entry in entries.iter().rev() {
            let same = self.equals(key, &entry.key, span);
            if logic::known(&same) != Some(false) {
                let guard = entry.guard.clone().and_inside(same);
                arms.push(Item { guard, value: entry.value.clone() });
            }
        }
        arms.sort_by_key(|arm| arm.guard.condition.span.start);
        Value::choice(arms, default)
    }

    /// `deep_get(of, key, key, default=...)`.
    pub(super) fn deep_get(&mut self, of: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let default = arguments.named("default").cloned().unwrap_or(Value::none(span));
        let mut found = of.clone();
        for (at, key) in arguments.positional.iter().enumerate() {
            let last = at + 1 == arguments.positional.len();
            let missing = if last { default.clone() } else { Value::none(span) };
            found = self.get(&found, key, missing, span);
        }
        // An explicit null is the default as well.
        match found {
            Value::Const(Const::None, _) => default,
            found => found,
        }
    }

    /// `deep_walk(of, key, key, default=..., return_val=...)`: the same through lists. One value is returned as it is.
    pub(super) fn deep_walk(&mut self, of: &Value<'a>, arguments: &Arguments<'a>, span: Span) -> Value<'a> {
        let found = self.deep_get(of, arguments, span);
        let function = match arguments.named("return_val").and_then(Value::as_str) {
            Some("first") => "mv_first",
            Some("last") => "mv_last",
            _ => "",
        };
        match &found {
            Value::Symbol(symbol) if !function.is_empty() => {
                let expr = logic::call(function, vec![symbol.expr.clone()], span);
                Value::Symbol(Rc::new(Symbol { expr, kind: Kind::Unknown, ..symbol.as_ref().clone() }))
            }
            Value::Symbol(symbol) if symbol.kind == Kind::List && !arguments.positional.is_empty() => {
                Value::Symbol(Rc::new(Symbol { kind: Kind::Unknown, ..symbol.as_ref().clone() }))
            }
            _ => found,
        }
    }

    /// `event.udm(name)`: what the data models of the event's log type call so.
    pub(super) fn udm(&mut self, name: &str, default: Value<'a>, span: Span) -> Value<'a> {
        let models = &self.facts.models;
        let mut arms: Vec<Item<'a>> = Vec::new();
        let mut known: Vec<(&str, Option<Value<'a>>)> = Vec::new();
        for model in models {
            let value = match model.mappings.iter().find(|(mapped, _)| mapped == name).map(|(_, mapping)| mapping) {
                Some(Mapping::Path(path)) => Some(self.model_path(path, default.clone(), span)),
                Some(Mapping::Method(module, function)) => Some(match self.global(module, function) {
                    Some(method) => {
                        let event = Arguments::of(vec![self.event(span)]);
                        self.apply(&method, &event, span)
                    }
                    None => self.unread_value(span, format!("`{function}`, which the data model does not have")),
                }),
                None => None,
            };
            known.push((model.log_type.as_str(), value));
        }
        let log_type = Value::field("p_log_type", Kind::Text, Value::none(span), span);
        let several = known.len() > 1;
        for (model, value) in known {
            let value = value.unwrap_or_else(|| default.clone());
            if !several {
                return value;
            }
            let same = self.equals(&log_type, &Value::str(model, span), span);
            arms.push(Item { guard: Guard::when(same), value });
        }
        if arms.is_empty() {
            return self.unread_value(span, format!("`{name}`, which no data model of the rule's log types has"));
        }
        Value::choice(arms, default)
    }

    /// A path of a data model: names with dots, or JSONPath with lists.
    fn model_path(&mut self, path: &str, default: Value<'a>, span: Span) -> Value<'a> {
        let plain: Vec<&str> = path
            .trim_start_matches("$.")
            .split(['.', '[', ']'])
            .filter(|part| !part.is_empty() && *part != "*" && part.parse::<usize>().is_err())
            .map(|part| part.trim_matches(['\'', '"']))
            .collect();
        let kind = self.facts.kinds.get(&plain.join(".")).copied().unwrap_or(default.kind());
        let field = Value::field(&plain.join("."), kind, Value::none(span), span);
        self.defaulted(field, default)
    }

    pub(super) fn subscript(
        &mut self,
        subscript: &'a ast::ExprSubscript,
        span: Span,
        frame: &mut Frame<'a>,
    ) -> Value<'a> {
        let of = self.value(&subscript.value, frame);
        if let Python::Slice(slice) = subscript.slice.as_ref() {
            if slice.step.is_some() {
                return self.unread_value(span, "a slice with a step");
            }
            let lower = slice.lower.as_ref().map(|bound| self.value(bound, frame));
            let upper = slice.upper.as_ref().map(|bound| self.value(bound, frame));
            return self.map(&of, &mut |reader, of| reader.slice(of, lower.as_ref(), upper.as_ref(), span));
        }
        let key = self.value(&subscript.slice, frame);
        self.index(&of, &key, span)
    }

    /// `of[key]`
    pub(super) fn index(&mut self, of: &Value<'a>, key: &Value<'a>, span: Span) -> Value<'a> {
        match (of, key) {
            (_, Value::Const(Const::Int(at), _)) if !matches!(of, Value::Dict(_)) => {
                let at = *at;
                self.map(of, &mut |reader, of| reader.element(of, at, span))
            }
            (Value::External(_), _) => Value::External("subscript".into()),
            _ => self.get(of, key, Value::none(span), span),
        }
    }

    /// `of[at]`, with negative numbers from the end.
    fn element(&mut self, of: &Value<'a>, at: i64, span: Span) -> Value<'a> {
        match of {
            Value::Symbol(symbol) => {
                let number = i32::try_from(at).unwrap_or(i32::MAX);
                let index = Expr::new(ExprKind::Literal(Literal::Integer(number)), span);
                let expr = logic::call("element_at", vec![symbol.exact(), index], span);
                Value::Symbol(Rc::new(Symbol {
                    expr,
                    path: symbol.path.clone(),
                    fold: Fold::None,
                    kind: symbol.kind.of_element(),
                    default: Value::none(span),
                }))
            }
            Value::Const(Const::Str(text), _) => {
                let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                let at = usize::try_from(if at < 0 { at + length } else { at }).ok();
                match at.and_then(|at| text.chars().nth(at)) {
                    Some(character) => Value::str(&character.to_string(), span),
                    None => Value::none(span),
                }
            }
            Value::Sequence(items) if items.iter().all(|item| item.guard.is_always()) => {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let at = usize::try_from(if at < 0 { at + length } else { at }).ok();
                at.and_then(|at| items.get(at)).map_or_else(|| Value::none(span), |item| item.value.clone())
            }
            Value::Sequence(items) if at == 0 => Value::choice(items.as_ref().clone(), Value::none(span)),
            Value::Sequence(items) if at == -1 => {
                Value::choice(items.iter().rev().cloned().collect(), Value::none(span))
            }
            Value::Const(Const::None, _) => Value::none(span),
            Value::Found(found) => method::found_element(found, at, span),
            _ => self.unread_value(span, "an element of this kind of value"),
        }
    }

    fn slice(&mut self, of: &Value<'a>, lower: Option<&Value<'a>>, upper: Option<&Value<'a>>, span: Span) -> Value<'a> {
        let bound = |value: Option<&Value<'a>>| value.map_or(Some(None), |value| value.as_int().map(Some));
        let (Some(lower), Some(upper)) = (bound(lower), bound(upper)) else {
            return self.unread_value(span, "a slice whose bounds depend on the event");
        };
        let cut = |length: usize| {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let place =
                |at: i64| usize::try_from((if at < 0 { at + length } else { at }).clamp(0, length)).unwrap_or(0);
            (lower.map_or(0, place), upper.map_or(place(length), place))
        };
        match of {
            Value::Symbol(symbol) => {
                let literal = |bound: Option<i64>| {
                    let literal = bound.map_or(Literal::Null, Literal::Long);
                    Expr::new(ExprKind::Literal(literal), span)
                };
                let args = vec![symbol.exact(), literal(lower), literal(upper)];
                let kind = if symbol.kind == Kind::List { Kind::List } else { Kind::Text };
                let made = Value::computed(logic::call("slice", args, span), kind);
                match (made, &symbol.path, symbol.kind) {
                    // What is below the elements of a part of a list is below those of the list.
                    (Value::Symbol(made), Some(path), Kind::List) => {
                        Value::Symbol(Rc::new(Symbol { path: Some(path.clone()), ..made.as_ref().clone() }))
                    }
                    (made, ..) => made,
                }
            }
            Value::Const(Const::Str(text), _) => {
                let (from, to) = cut(text.chars().count());
                let part: String = text.chars().skip(from).take(to.saturating_sub(from)).collect();
                Value::str(&part, span)
            }
            Value::Sequence(items) if items.iter().all(|item| item.guard.is_always()) => {
                let (from, to) = cut(items.len());
                Value::sequence(items.iter().skip(from).take(to.saturating_sub(from)).cloned().collect())
            }
            Value::Const(Const::None, _) => Value::none(span),
            _ => self.unread_value(span, "a slice of this kind of value"),
        }
    }

    /// How many of the items there are, compared with a number.
    pub(super) fn order_count(&mut self, items: &[Item<'a>], op: CompareOp, right: &Value<'a>, span: Span) -> Expr {
        let Value::Const(number, _) = right else {
            return self.unread(span, "a count compared with this kind of value");
        };
        let Some(number) = number.number() else { return logic::constant(false, span) };
        let at_least = |reader: &mut Self, least: f64| reader.at_least(items, least, span);
        match op {
            CompareOp::GreaterOrEqual => at_least(self, number.ceil()),
            CompareOp::Greater => at_least(self, number.floor() + 1.0),
            CompareOp::Less => logic::not(at_least(self, number.ceil())),
            CompareOp::LessOrEqual => logic::not(at_least(self, number.floor() + 1.0)),
            CompareOp::Equal if number.fract() == 0.0 => {
                let enough = at_least(self, number);
                logic::both(enough, logic::not(at_least(self, number + 1.0)))
            }
            CompareOp::Equal => logic::constant(false, span),
            CompareOp::NotEqual => logic::not(self.order_count(items, CompareOp::Equal, right, span)),
        }
    }

    /// At least so many of the items are there.
    fn at_least(&mut self, items: &[Item<'a>], least: f64, span: Span) -> Expr {
        if least <= 0.0 {
            return logic::constant(true, span);
        }
        if least <= 1.0 {
            return logic::or(items.iter().map(|item| item.guard.holds()).collect(), span);
        }
        if items.iter().any(|item| !item.guard.each.is_empty()) {
            return self.unread(span, "a count of elements");
        }
        let holds: Vec<Expr> = items.iter().map(|item| item.guard.holds()).collect();
        let least = least as usize;
        if least > holds.len() {
            return logic::constant(false, span);
        }
        let mut found = Vec::new();
        if !combinations(&holds, least, &mut Vec::new(), &mut found, span) {
            return self.unread(span, "a count of many conditions");
        }
        logic::or(found, span)
    }
}

/// Most combinations that a count of conditions is written out as.
const MAX_COMBINATIONS: usize = 100;

fn combinations(from: &[Expr], missing: usize, chosen: &mut Vec<Expr>, found: &mut Vec<Expr>, span: Span) -> bool {
    if missing == 0 {
        found.push(logic::and(chosen.clone(), span));
        return found.len() <= MAX_COMBINATIONS;
    }
    for (at, expr) in from.iter().enumerate() {
        chosen.push(expr.clone());
        let complete = combinations(from.get(at + 1..).unwrap_or_default(), missing - 1, chosen, found, span);
        chosen.pop();
        if !complete {
            return false;
        }
    }
    true
}
