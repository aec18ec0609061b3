//! Conditions from values: truth, comparison, membership. Each is two-valued: what Python makes of a missing field, or of the
//! default of a `get`, is written out.

use super::empty_text::fits_empty;
use super::reader::{Reader, TOO_MUCH};
use super::value::{Const, Fold, Guard, Item, Symbol, Value};
use super::{Kind, logic, networks};
use ir::{Case, CompareOp, Expr, ExprKind, Literal, Pattern, PatternKind, Span};
use std::rc::Rc;

impl<'a> Reader<'a> {
    /// A test of each value that this one may be.
    pub(super) fn test_each(&mut self, value: &Value<'a>, test: &mut dyn FnMut(&mut Self, &Value<'a>) -> Expr) -> Expr {
        match value {
            Value::Choice(choice) => {
                let mut result = self.test_each(&choice.otherwise, test);
                let mut arms = choice.arms.iter().rev().peekable();
                while let Some(arm) = arms.next() {
                    let inner = self.test_each(&arm.value, test);
                    let Some(outcome) = logic::known(&inner) else {
                        result = self.choose(&arm.guard, inner, result);
                        continue;
                    };
                    // Arms with one outcome are one step, however many they are.
                    let mut guards = vec![arm.guard.holds()];
                    while let Some(next) = arms.peek() {
                        if logic::known(&self.test_each(&next.value, test)) != Some(outcome) {
                            break;
                        }
                        guards.extend(arms.next().map(|arm| arm.guard.holds()));
                    }
                    guards.reverse();
                    result = self.decided(guards, outcome, result);
                }
                result
            }
            Value::Symbol(symbol) if !symbol.default.is_none() => {
                let present = test(self, &Value::Symbol(Rc::new(symbol.bare())));
                let absent = test(self, &symbol.default);
                match logic::known(&absent) {
                    Some(false) => present,
                    Some(true) if logic::known(&present) == Some(true) => present,
                    _ => logic::either(logic::both(logic::is_null(symbol.expr.clone()), absent), present),
                }
            }
            _ => test(self, value),
        }
    }

    /// The outcome where one of the guards holds, else what comes after them.
    fn decided(&mut self, guards: Vec<Expr>, outcome: bool, otherwise: Expr) -> Expr {
        let span = guards.first().map_or(otherwise.span, |guard| guard.span);
        let nodes: usize = guards.iter().map(logic::size).sum();
        if !self.charge(nodes) {
            return self.unread(span, TOO_MUCH);
        }
        match logic::known(&otherwise) {
            Some(same) if same == outcome => otherwise,
            _ if outcome => logic::or(guards.into_iter().chain([otherwise]).collect(), span),
            _ => logic::and(guards.into_iter().map(logic::not).chain([otherwise]).collect(), span),
        }
    }

    /// `then` where the guard holds, else `otherwise`.
    pub(super) fn choose(&mut self, guard: &Guard, then: Expr, otherwise: Expr) -> Expr {
        if !self.charge(logic::size(&otherwise) + logic::size(&then)) {
            return self.unread(then.span, TOO_MUCH);
        }
        match (logic::known(&then), logic::known(&otherwise)) {
            (Some(left), Some(right)) if left == right => then,
            (Some(true), _) => logic::either(guard.holds(), otherwise),
            (Some(false), _) => logic::both(logic::not(guard.holds()), otherwise),
            (None, Some(false)) => guard.with(then),
            (None, Some(true)) => logic::not(guard.with(logic::not(then))),
            _ if then == otherwise && guard.each.is_empty() => then,
            // The truth of `a or b`, and of `a and b`.
            _ if guard.each.is_empty() && then == guard.condition => logic::either(then, otherwise),
            _ if guard.each.is_empty() && logic::not(then.clone()) == guard.condition => logic::both(then, otherwise),
            _ => logic::either(guard.with(then), logic::both(logic::not(guard.holds()), otherwise)),
        }
    }

    /// Python's truth of a value.
    pub(super) fn truth(&mut self, value: &Value<'a>) -> Expr {
        self.test_each(value, &mut |reader, value| {
            let span = value.span();
            match value {
                Value::Const(constant, _) => logic::constant(constant.truth(), span),
                Value::Symbol(symbol) if symbol.path.as_deref() == Some("") => logic::constant(true, span),
                Value::Symbol(symbol) => logic::truthy(symbol.expr.clone()),
                Value::Test(expr) => expr.as_ref().clone(),
                Value::Found(found) => found.test.clone(),
                Value::Sequence(items) | Value::Count(items) => {
                    let present = items.iter().map(|item| item.guard.holds()).collect();
                    reader.charged(logic::or(present, span))
                }
                Value::Dict(entries) => logic::or(entries.iter().map(|entry| entry.guard.holds()).collect(), span),
                Value::Unread(span) => logic::unread(*span),
                _ => logic::constant(true, span),
            }
        })
    }

    /// `left == right`.
    pub(super) fn equals(&mut self, left: &Value<'a>, right: &Value<'a>, span: Span) -> Expr {
        self.test_each(left, &mut |reader, left| {
            reader.test_each(right, &mut |reader, right| reader.equals_plain(left, right, span))
        })
    }

    fn equals_plain(&mut self, left: &Value<'a>, right: &Value<'a>, span: Span) -> Expr {
        match (left, right) {
            (Value::Unread(place), _) | (_, Value::Unread(place)) => logic::unread(*place),
            (Value::Const(left, _), Value::Const(right, _)) => logic::constant(left.equals(right), span),
            (Value::Symbol(symbol), Value::Const(constant, place))
            | (Value::Const(constant, place), Value::Symbol(symbol)) => equals_constant(symbol, constant, *place, span),
            (Value::Symbol(left), Value::Symbol(right)) if left.kind == Kind::List && right.kind == Kind::List => {
                holds(logic::call("same_values", vec![left.exact(), right.exact()], span), span)
            }
            (Value::Symbol(left), Value::Symbol(right)) => compare(left, CompareOp::Equal, right, span),
            (Value::Count(items), other @ Value::Const(..)) | (other @ Value::Const(..), Value::Count(items)) => {
                self.order_count(items, CompareOp::Equal, other, span)
            }
            (Value::Test(test), other @ Value::Const(..)) | (other @ Value::Const(..), Value::Test(test)) => {
                match other {
                    Value::Const(Const::Bool(true) | Const::Int(1), _) => test.as_ref().clone(),
                    Value::Const(Const::Bool(false) | Const::Int(0), _) => logic::not(test.as_ref().clone()),
                    _ => logic::constant(false, span),
                }
            }
            (Value::Test(left), Value::Test(right)) => {
                let (left, right) = (left.as_ref().clone(), right.as_ref().clone());
                let neither = logic::both(logic::not(left.clone()), logic::not(right.clone()));
                logic::either(logic::both(left, right), neither)
            }
            (Value::Sequence(items), Value::Symbol(symbol)) | (Value::Symbol(symbol), Value::Sequence(items)) => {
                self.symbol_is_list(symbol, items, span)
            }
            (Value::Sequence(left), Value::Sequence(right)) => self.equal_lists(left, right, span),
            (Value::Dict(entries), Value::Symbol(symbol)) | (Value::Symbol(symbol), Value::Dict(entries))
                if entries.is_empty() =>
            {
                empty(symbol)
            }
            (Value::Sequence(_), Value::Const(..)) | (Value::Const(..), Value::Sequence(_)) => {
                logic::constant(false, span)
            }
            (Value::Dict(_), Value::Const(..)) | (Value::Const(..), Value::Dict(_)) => logic::constant(false, span),
            _ if left == right => logic::constant(true, span),
            _ => self.unread(span, "a comparison of these kinds of values"),
        }
    }

    fn symbol_is_list(&mut self, symbol: &Rc<Symbol<'a>>, items: &Rc<Vec<Item<'a>>>, span: Span) -> Expr {
        if items.is_empty() {
            return empty(symbol);
        }
        let list = Value::Symbol(symbol.clone());
        let all = items.iter().map(|item| {
            let found = self.contains(&list, &item.value, span);
            logic::not(item.guard.with(logic::not(found)))
        });
        logic::and(all.collect(), span)
    }

    fn equal_lists(&mut self, left: &[Item<'a>], right: &[Item<'a>], span: Span) -> Expr {
        let fixed = |items: &[Item<'a>]| items.iter().all(|item| item.guard.is_always());
        if !fixed(left) || !fixed(right) {
            return self.unread(span, "a comparison of lists that depend on the event");
        }
        if left.len() != right.len() {
            return logic::constant(false, span);
        }
        let pairs = left.iter().zip(right).map(|(left, right)| self.equals(&left.value, &right.value, span));
        logic::and(pairs.collect(), span)
    }

    /// `left is right`, which for what rules compare means `None`, `True` or `False`.
    pub(super) fn is(&mut self, left: &Value<'a>, right: &Value<'a>, span: Span) -> Expr {
        if right.is_none() {
            return self.is_none(left, span);
        }
        self.equals(left, right, span)
    }

    pub(super) fn is_none(&mut self, value: &Value<'a>, span: Span) -> Expr {
        match value {
            Value::Symbol(symbol) if symbol.default.is_none() => {
                let mut test = logic::is_null(symbol.expr.clone());
                test.span = span;
                test
            }
            Value::Symbol(_) => logic::constant(false, span),
            Value::Const(constant, _) => logic::constant(*constant == Const::None, span),
            Value::Found(found) => logic::not(found.test.clone()),
            Value::Unread(place) => logic::unread(*place),
            Value::Choice(choice) => {
                let mut result = self.is_none(&choice.otherwise, span);
                for arm in choice.arms.iter().rev() {
                    let inner = self.is_none(&arm.value, span);
                    result = self.choose(&arm.guard, inner, result);
                }
                result
            }
            _ => logic::constant(false, span),
        }
    }

    /// `left < right` and its like.
    pub(super) fn order(&mut self, left: &Value<'a>, op: CompareOp, right: &Value<'a>, span: Span) -> Expr {
        self.test_each(left, &mut |reader, left| {
            reader.test_each(right, &mut |reader, right| match (left, right) {
                (Value::Unread(place), _) | (_, Value::Unread(place)) => logic::unread(*place),
                (Value::Const(left, _), Value::Const(right, _)) => logic::constant(ordered(left, op, right), span),
                (Value::Symbol(symbol), Value::Const(constant, place)) => {
                    order_constant(symbol, op, constant, *place, span)
                }
                (Value::Const(constant, place), Value::Symbol(symbol)) => {
                    order_constant(symbol, flipped(op), constant, *place, span)
                }
                (Value::Symbol(left), Value::Symbol(right)) => compare(left, op, right, span),
                (Value::Count(items), _) => reader.order_count(items, op, right, span),
                (_, Value::Count(items)) => reader.order_count(items, flipped(op), left, span),
                (Value::Sequence(_) | Value::Dict(_), _) => reader.order_sets(left, op, right, span),
                _ => reader.unread(span, "an ordered comparison of these kinds of values"),
            })
        })
    }

    /// `<=` and `>=` of sets.
    fn order_sets(&mut self, left: &Value<'a>, op: CompareOp, right: &Value<'a>, span: Span) -> Expr {
        match op {
            CompareOp::LessOrEqual => self.subset(left, right, span),
            CompareOp::GreaterOrEqual => self.subset(right, left, span),
            _ => self.unread(span, "an ordered comparison of these kinds of values"),
        }
    }

    /// Every element of the one is in the other.
    pub(super) fn subset(&mut self, inner: &Value<'a>, outer: &Value<'a>, span: Span) -> Expr {
        let Some(items) = self.items(inner) else { return self.unread(span, "a set of this kind") };
        let all = items.iter().map(|item| {
            let found = self.contains(outer, &item.value, span);
            logic::not(item.guard.with(logic::not(found)))
        });
        logic::and(all.collect(), span)
    }

    /// `needle in container`.
    pub(super) fn contains(&mut self, container: &Value<'a>, needle: &Value<'a>, span: Span) -> Expr {
        // A fixed list stays one test, whatever is looked up in it.
        self.test_each(container, &mut |reader, container| {
            reader.test_each(needle, &mut |reader, needle| reader.contains_plain(container, needle, span))
        })
    }

    fn contains_plain(&mut self, container: &Value<'a>, needle: &Value<'a>, span: Span) -> Expr {
        match (container, needle) {
            (Value::Unread(place), _) | (_, Value::Unread(place)) => logic::unread(*place),
            (Value::Sequence(items), _) => self.in_list(items, needle, span),
            (Value::Dict(entries), _) => {
                let keys: Vec<_> =
                    entries.iter().map(|entry| Item { guard: entry.guard.clone(), value: entry.key.clone() }).collect();
                self.in_list(&keys, needle, span)
            }
            (Value::Const(Const::Str(text), _), Value::Const(Const::Str(needle), _)) => {
                logic::constant(text.contains(needle.as_ref()), span)
            }
            (Value::Const(..), Value::Const(..)) => logic::constant(false, span),
            (Value::Const(Const::Str(_), place), Value::Symbol(symbol)) => {
                let literal = literal(container, *place);
                holds(logic::call("contains", vec![literal, symbol.exact()], span), span)
            }
            (Value::Network(network, _), Value::Network(address, _)) => {
                logic::constant(networks::holds(network, address).unwrap_or(false), span)
            }
            (Value::Network(network, _), Value::Symbol(symbol)) => matches(
                symbol.expr.clone(),
                vec![pattern(PatternKind::Cidr(network.to_string()), Case::Sensitive, span)],
                span,
            ),
            (Value::Symbol(symbol), Value::Const(constant, place)) => {
                let is_name = |path: &Rc<str>| match constant {
                    Const::Str(text) => self.facts.kinds.contains_key(&join(path, text)),
                    _ => false,
                };
                if symbol.kind != Kind::Object && symbol.path.as_ref().is_some_and(is_name) {
                    let object = Symbol { kind: Kind::Object, ..symbol.as_ref().clone() };
                    return contains_constant(&object, constant, *place, span);
                }
                contains_constant(symbol, constant, *place, span)
            }
            (Value::Symbol(container), Value::Symbol(needle)) if container.kind == Kind::Text => {
                holds(logic::call("contains", vec![container.exact(), needle.exact()], span), span)
            }
            (Value::Symbol(container), Value::Symbol(needle)) => compare(container, CompareOp::Equal, needle, span),
            _ => self.unread(span, "a membership test of these kinds of values"),
        }
    }

    /// Membership of something in a list that may depend on the event. Runs of constants become one test.
    fn in_list(&mut self, items: &[Item<'a>], needle: &Value<'a>, span: Span) -> Expr {
        let Value::Symbol(symbol) = needle else {
            let tests = items.iter().map(|item| {
                let equal = self.equals(&item.value, needle, span);
                item.guard.with(equal)
            });
            return logic::or(tests.collect(), span);
        };
        let mut tests = Vec::new();
        let mut run: Vec<(&Const, Span)> = Vec::new();
        for item in items {
            match &item.value {
                Value::Const(Const::None, place) if item.guard.is_always() => {
                    tests.push(equals_constant(symbol, &Const::None, *place, span));
                }
                Value::Const(constant, place) if item.guard.is_always() => run.push((constant, *place)),
                value => {
                    let equal = self.equals(needle, value, span);
                    tests.push(item.guard.with(equal));
                }
            }
        }
        if !run.is_empty() {
            tests.insert(0, in_constants(symbol, &run, span));
        }
        logic::or(tests, span)
    }

    /// A regular expression, wildcard or the like on each value that the subject may be.
    pub(super) fn fits(&mut self, subject: &Value<'a>, patterns: &[Pattern], span: Span) -> Expr {
        self.test_each(subject, &mut |reader, subject| match subject {
            Value::Symbol(symbol) => matches(symbol.exact(), patterns.to_vec(), span),
            Value::Const(Const::Str(text), _) => match fits_constant(text, patterns) {
                Some(fits) => logic::constant(fits, span),
                None => reader.unread(span, "a pattern on a constant text"),
            },
            Value::Const(..) => logic::constant(false, span),
            Value::Unread(place) => logic::unread(*place),
            Value::Sequence(_) | Value::Dict(_) => logic::constant(false, span),
            _ => reader.unread(span, "a pattern on this kind of value"),
        })
    }

    /// Text tests whose operand is a constant, with the case conversion of the subject: `startswith`, `endswith`, `in`.
    pub(super) fn fits_texts(
        &mut self,
        subject: &Value<'a>,
        texts: &[(Rc<str>, Span)],
        make: fn(String) -> PatternKind,
        span: Span,
    ) -> Expr {
        self.test_each(subject, &mut |reader, subject| match subject {
            Value::Symbol(symbol) => text_patterns(symbol, texts, make, span),
            _ => {
                let patterns: Vec<_> = texts
                    .iter()
                    .map(|(text, place)| pattern(make(text.to_string()), Case::Sensitive, *place))
                    .collect();
                reader.fits(subject, &patterns, span)
            }
        })
    }
}

/// A call that is true or false, or null, which passes no test.
pub(super) fn holds(call: Expr, span: Span) -> Expr {
    logic::any_value(call.kind, span)
}

pub(super) fn pattern(kind: PatternKind, case: Case, span: Span) -> Pattern {
    Pattern { kind, case, span }
}

pub(super) fn matches(value: Expr, patterns: Vec<Pattern>, span: Span) -> Expr {
    logic::any_value(ExprKind::Matches { value: Box::new(value), patterns }, span)
}

/// Patterns of texts; where the subject's case was converted, letters of different case are the same.
fn text_patterns(symbol: &Symbol<'_>, texts: &[(Rc<str>, Span)], make: fn(String) -> PatternKind, span: Span) -> Expr {
    let folded = symbol.fold != Fold::None && texts.iter().all(|(text, _)| symbol.folds_to(text));
    let (value, case) =
        if folded { (symbol.expr.clone(), Case::Insensitive) } else { (symbol.exact(), Case::Sensitive) };
    let patterns = texts.iter().map(|(text, place)| pattern(make(text.to_string()), case, *place)).collect();
    matches(value, patterns, span)
}

fn literal(value: &Value<'_>, span: Span) -> Expr {
    let literal = match value {
        Value::Const(constant, _) => constant.literal(),
        _ => Literal::Null,
    };
    Expr::new(ExprKind::Literal(literal), span)
}

fn equals_constant(symbol: &Symbol<'_>, constant: &Const, place: Span, span: Span) -> Expr {
    let text = match constant {
        Const::None => {
            let mut test = logic::is_null(symbol.expr.clone());
            test.span = span;
            return test;
        }
        Const::Str(text) => Some(text),
        _ => None,
    };
    let folded = symbol.fold != Fold::None && text.is_some_and(|text| symbol.folds_to(text));
    let (left, case) =
        if folded { (symbol.expr.clone(), Case::Insensitive) } else { (symbol.exact(), Case::Sensitive) };
    let right = Box::new(Expr::new(ExprKind::Literal(constant.literal()), place));
    logic::any_value(ExprKind::Compare { op: CompareOp::Equal, left: Box::new(left), right, case }, span)
}

fn in_constants(symbol: &Symbol<'_>, constants: &[(&Const, Span)], span: Span) -> Expr {
    let folded = symbol.fold != Fold::None
        && constants.iter().all(|(constant, _)| matches!(constant, Const::Str(text) if symbol.folds_to(text)));
    let (value, case) =
        if folded { (symbol.expr.clone(), Case::Insensitive) } else { (symbol.exact(), Case::Sensitive) };
    let list =
        constants.iter().map(|(constant, place)| Expr::new(ExprKind::Literal(constant.literal()), *place)).collect();
    logic::any_value(ExprKind::In { value: Box::new(value), list, case }, span)
}

fn contains_constant(symbol: &Symbol<'_>, constant: &Const, place: Span, span: Span) -> Expr {
    let Const::Str(text) = constant else { return equals_constant(symbol, constant, place, span) };
    match (symbol.kind, &symbol.path) {
        (Kind::Object, Some(path)) => {
            let below = join(path, text);
            let mut test = logic::not(logic::is_null(Expr::new(ExprKind::Field(below), symbol.expr.span)));
            test.span = span;
            test
        }
        (Kind::List, _) => equals_constant(symbol, constant, place, span),
        // What a text of JSON says is an object or a list.
        (_, Some(path)) if !std::ptr::eq(logic::unparsed(&symbol.expr), &symbol.expr) => {
            let below = Expr::new(ExprKind::Field(join(path, text)), symbol.expr.span);
            logic::either(logic::not(logic::is_null(below)), equals_constant(symbol, constant, place, span))
        }
        _ => text_patterns(symbol, &[(text.clone(), place)], PatternKind::Contains, span),
    }
}

fn order_constant(symbol: &Symbol<'_>, op: CompareOp, constant: &Const, place: Span, span: Span) -> Expr {
    let right = Box::new(Expr::new(ExprKind::Literal(constant.literal()), place));
    logic::any_value(ExprKind::Compare { op, left: Box::new(symbol.exact()), right, case: Case::Sensitive }, span)
}

fn compare(left: &Symbol<'_>, op: CompareOp, right: &Symbol<'_>, span: Span) -> Expr {
    let folded = left.fold != Fold::None && left.fold == right.fold;
    let (first, second, case) = if folded {
        (left.expr.clone(), right.expr.clone(), Case::Insensitive)
    } else {
        (left.exact(), right.exact(), Case::Sensitive)
    };
    logic::any_value(ExprKind::Compare { op, left: Box::new(first), right: Box::new(second), case }, span)
}

/// There, and empty.
fn empty(symbol: &Symbol<'_>) -> Expr {
    logic::both(logic::not(logic::is_null(symbol.expr.clone())), logic::not(logic::truthy(symbol.expr.clone())))
}

fn ordered(left: &Const, op: CompareOp, right: &Const) -> bool {
    let order = match (left, right) {
        (Const::Str(left), Const::Str(right)) => Some(left.cmp(right)),
        _ => left.number().zip(right.number()).and_then(|(left, right)| left.partial_cmp(&right)),
    };
    let Some(order) = order else { return false };
    match op {
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
    }
}

fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}

/// Whether a constant text fits one of the patterns; `None` for kinds that need an engine.
fn fits_constant(text: &str, patterns: &[Pattern]) -> Option<bool> {
    let mut found = false;
    for pattern in patterns {
        found |= match &pattern.kind {
            PatternKind::Equals(operand) => text == operand,
            PatternKind::Contains(operand) => text.contains(operand.as_str()),
            PatternKind::StartsWith(operand) => text.starts_with(operand.as_str()),
            PatternKind::EndsWith(operand) => text.ends_with(operand.as_str()),
            PatternKind::Cidr(_) => return text.is_empty().then_some(false),
            PatternKind::Wildcard(operand) if !operand.contains(['*', '?', '\\']) => text == operand,
            PatternKind::Wildcard(operand) if text.is_empty() => operand.bytes().all(|byte| byte == b'*'),
            PatternKind::Regex { pattern, .. } if text.is_empty() => fits_empty(pattern),
            _ => return None,
        };
    }
    Some(found)
}

/// A name below a path.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
