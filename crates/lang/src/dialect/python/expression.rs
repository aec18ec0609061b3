//! Expressions: what each stands for, and as a condition what it tests.

use super::module::place;
use super::reader::{Frame, Reader, TOO_MUCH};
use super::statement::{RED_ZONE, STACK};
use super::value::{Const, Entry, Fold, Function, Guard, Item, Ptr, Symbol, Value};
use super::{Kind, condition, logic};
use ir::{BinaryOp, CompareOp, Expr, ExprKind, Span};
use ruff_python_ast::{self as ast, CmpOp, Expr as Python, Operator, UnaryOp};
use std::rc::Rc;

impl<'a> Reader<'a> {
    /// What an expression stands for.
    pub(super) fn value(&mut self, expression: &'a Python, frame: &mut Frame<'a>) -> Value<'a> {
        let span = place(expression, frame.file);
        if !self.step() {
            return self.unread_value(span, TOO_MUCH);
        }
        stacker::maybe_grow(RED_ZONE, STACK, || self.value_of(expression, span, frame))
    }

    fn value_of(&mut self, expression: &'a Python, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        match expression {
            Python::NoneLiteral(_) => Value::none(span),
            Python::BooleanLiteral(literal) => Value::bool(literal.value, span),
            Python::StringLiteral(literal) => Value::str(literal.value.to_str(), span),
            Python::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                Value::str(&String::from_utf8_lossy(&bytes), span)
            }
            Python::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(value) => match value.as_i64() {
                    Some(value) => Value::Const(Const::Int(value), span),
                    None => self.unread_value(span, "a number of more than 64 bits"),
                },
                ast::Number::Float(value) => Value::Const(Const::Float(*value), span),
                ast::Number::Complex { .. } => self.unread_value(span, "a complex number"),
            },
            Python::FString(literal) => self.f_string(literal, span, frame),
            Python::Name(name) => self.name(&name.id, span, frame),
            Python::List(list) => self.elements(&list.elts, frame),
            Python::Tuple(tuple) => self.elements(&tuple.elts, frame),
            Python::Set(set) => self.elements(&set.elts, frame),
            Python::Dict(dict) => self.dict(dict, span, frame),
            Python::BoolOp(operation) => self.bool_op(operation, span, frame),
            Python::UnaryOp(operation) => self.unary(operation, span, frame),
            Python::BinOp(operation) => {
                let left = self.value(&operation.left, frame);
                let right = self.value(&operation.right, frame);
                self.operate(operation.op, &left, &right, span)
            }
            Python::Compare(_) => {
                let test = self.condition(expression, frame);
                Value::test(test)
            }
            Python::If(choice) => {
                let guard = self.condition(&choice.test, frame);
                match logic::known(&guard) {
                    Some(true) => self.value(&choice.body, frame),
                    Some(false) => self.value(&choice.orelse, frame),
                    None => {
                        let then = self.value(&choice.body, frame);
                        let otherwise = self.value(&choice.orelse, frame);
                        self.either_value(Guard::when(guard), then, otherwise)
                    }
                }
            }
            Python::Named(named) => {
                let value = self.value(&named.value, frame);
                self.assign(&named.target, value.clone(), frame);
                value
            }
            Python::Lambda(lambda) => {
                let around = Rc::new(frame.names.clone());
                Value::Function(Function::Lambda(Ptr(frame.module), Ptr(lambda), around))
            }
            Python::Generator(found) => self.comprehension(&found.elt, &found.generators, span, frame),
            Python::ListComp(found) => self.comprehension(&found.elt, &found.generators, span, frame),
            Python::SetComp(found) => self.comprehension(&found.elt, &found.generators, span, frame),
            Python::DictComp(found) => self.dict_comprehension(found, span, frame),
            Python::Attribute(attribute) => {
                let of = self.value(&attribute.value, frame);
                self.attribute(&of, attribute.attr.as_str(), span)
            }
            Python::Subscript(subscript) => self.subscript(subscript, span, frame),
            Python::Call(call) => self.call(call, span, frame),
            Python::Starred(starred) => self.value(&starred.value, frame),
            _ => self.unread_value(span, "this kind of expression"),
        }
    }

    /// What an expression tests where only its truth counts.
    pub(super) fn condition(&mut self, expression: &'a Python, frame: &mut Frame<'a>) -> Expr {
        let span = place(expression, frame.file);
        match expression {
            Python::BoolOp(operation) => stacker::maybe_grow(RED_ZONE, STACK, || {
                let mut operands = Vec::with_capacity(operation.values.len());
                let all = operation.op == ast::BoolOp::And;
                for value in &operation.values {
                    let operand = self.condition(value, frame);
                    // What comes after is not evaluated by Python either.
                    let decided = logic::known(&operand) == Some(!all);
                    operands.push(operand);
                    if decided {
                        break;
                    }
                }
                if all { logic::and(operands, span) } else { logic::or(operands, span) }
            }),
            Python::UnaryOp(operation) if operation.op == UnaryOp::Not => stacker::maybe_grow(RED_ZONE, STACK, || {
                let mut test = logic::not(self.condition(&operation.operand, frame));
                if matches!(test.kind, ExprKind::Not(_)) {
                    test.span = span;
                }
                test
            }),
            Python::Compare(compare) => self.compare(compare, span, frame),
            _ => {
                let value = self.value(expression, frame);
                self.truth(&value)
            }
        }
    }

    fn compare(&mut self, compare: &'a ast::ExprCompare, span: Span, frame: &mut Frame<'a>) -> Expr {
        let mut left = self.value(&compare.left, frame);
        let mut tests = Vec::with_capacity(compare.ops.len());
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.value(right, frame);
            tests.push(self.compare_pair(&left, *op, &right, span));
            left = right;
        }
        logic::and(tests, span)
    }

    fn compare_pair(&mut self, left: &Value<'a>, op: CmpOp, right: &Value<'a>, span: Span) -> Expr {
        match op {
            CmpOp::Eq => self.equals(left, right, span),
            CmpOp::NotEq => logic::not(self.equals(left, right, span)),
            CmpOp::Is => self.is(left, right, span),
            CmpOp::IsNot => logic::not(self.is(left, right, span)),
            CmpOp::In => self.contains(right, left, span),
            CmpOp::NotIn => logic::not(self.contains(right, left, span)),
            CmpOp::Lt => self.order(left, CompareOp::Less, right, span),
            CmpOp::LtE => self.order(left, CompareOp::LessOrEqual, right, span),
            CmpOp::Gt => self.order(left, CompareOp::Greater, right, span),
            CmpOp::GtE => self.order(left, CompareOp::GreaterOrEqual, right, span),
        }
    }

    /// The one value or the other. An empty one that only stands in for a missing field becomes the field's default.
    pub(super) fn either_value(&mut self, guard: Guard, then: Value<'a>, otherwise: Value<'a>) -> Value<'a> {
        self.charge(logic::size(&guard.condition));
        Value::choice(vec![Item { guard, value: then }], otherwise).collapsed()
    }

    /// `a and b`, `a or b` as values.
    fn bool_op(&mut self, operation: &'a ast::ExprBoolOp, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        let all = operation.op == ast::BoolOp::And;
        let mut values: Vec<Value<'a>> = Vec::new();
        for value in &operation.values {
            let value = self.value(value, frame);
            let truth = match &value {
                Value::Const(constant, _) => Some(constant.truth()),
                _ => None,
            };
            match truth {
                Some(truth) if truth == all => {}
                Some(_) => {
                    values.push(value);
                    break;
                }
                None => values.push(value),
            }
        }
        let Some(mut result) = values.pop() else { return Value::bool(all, span) };
        while let Some(value) = values.pop() {
            let truth = self.truth(&value);
            // Where both are tests, so is the whole.
            if let (Value::Test(left), Value::Test(right)) = (&value, &result) {
                let pair = vec![left.as_ref().clone(), right.as_ref().clone()];
                result = Value::test(if all { logic::and(pair, span) } else { logic::or(pair, span) });
                continue;
            }
            let guard = Guard::when(if all { logic::not(truth) } else { truth });
            result = self.either_value(guard, value, result);
        }
        result
    }

    fn unary(&mut self, operation: &'a ast::ExprUnaryOp, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        if operation.op == UnaryOp::Not {
            let test = self.condition(&operation.operand, frame);
            return Value::test(logic::not(test));
        }
        let value = self.value(&operation.operand, frame);
        match (operation.op, &value) {
            (UnaryOp::UAdd, _) => value,
            (UnaryOp::USub, Value::Const(Const::Int(value), _)) => Value::Const(Const::Int(value.wrapping_neg()), span),
            (UnaryOp::USub, Value::Const(Const::Float(value), _)) => Value::Const(Const::Float(-value), span),
            _ => self.unread_value(span, "this operator"),
        }
    }

    /// The results of something done to each value that this one may be.
    pub(super) fn map(
        &mut self,
        value: &Value<'a>,
        make: &mut dyn FnMut(&mut Self, &Value<'a>) -> Value<'a>,
    ) -> Value<'a> {
        match value {
            Value::Choice(choice) => {
                let arms = choice.arms.iter().map(|arm| {
                    self.charge(logic::size(&arm.guard.condition));
                    Item { guard: arm.guard.clone(), value: self.map(&arm.value, make) }
                });
                let arms: Vec<_> = arms.collect();
                let otherwise = self.map(&choice.otherwise, make);
                Value::choice(arms, otherwise).collapsed()
            }
            Value::Symbol(symbol) if !symbol.default.is_none() => {
                let present = make(self, &Value::Symbol(Rc::new(symbol.bare())));
                let absent = make(self, &symbol.default);
                with_default(symbol, present, absent)
            }
            Value::Unread(_) => value.clone(),
            _ => make(self, value),
        }
    }

    /// Arithmetic, concatenation, and the operators of sets.
    pub(super) fn operate(&mut self, op: Operator, left: &Value<'a>, right: &Value<'a>, span: Span) -> Value<'a> {
        if let Some(value) = self.combine_lists(op, left, right, span) {
            return value;
        }
        self.map(left, &mut |reader, left| {
            reader.map(right, &mut |reader, right| reader.operate_plain(op, left, right, span))
        })
    }

    fn combine_lists(&mut self, op: Operator, left: &Value<'a>, right: &Value<'a>, span: Span) -> Option<Value<'a>> {
        let is_list = |value: &Value<'a>| {
            matches!(value, Value::Sequence(_)) || matches!(value, Value::Symbol(symbol) if symbol.kind == Kind::List)
        };
        if !is_list(left) && !is_list(right) {
            return None;
        }
        if matches!(op, Operator::Add | Operator::BitOr)
            && matches!((left, right), (Value::Dict(_), _) | (_, Value::Dict(_)))
        {
            return None;
        }
        match op {
            Operator::Add | Operator::BitOr => {
                let mut items = self.items(left)?;
                items.extend(self.items(right)?);
                Some(Value::sequence(items))
            }
            Operator::BitAnd => self.filtered(left, right, true, span),
            Operator::Sub => self.filtered(left, right, false, span),
            _ => None,
        }
    }

    /// The elements of the one list that are (or are not) in the other.
    pub(super) fn filtered(
        &mut self,
        left: &Value<'a>,
        right: &Value<'a>,
        wanted: bool,
        span: Span,
    ) -> Option<Value<'a>> {
        // The fixed one is looked up as a whole, so that the test stays one.
        let (left, right) =
            if wanted && left.fixed().is_some() && right.fixed().is_none() { (right, left) } else { (left, right) };
        let items = self.items(left)?;
        let mut kept = Vec::with_capacity(items.len());
        for item in items {
            let found = self.contains(right, &item.value, span);
            let found = if wanted { found } else { logic::not(found) };
            let guard = item.guard.and_inside(found);
            if !guard.is_never() {
                kept.push(Item { guard, value: item.value });
            }
        }
        Some(Value::sequence(kept))
    }

    fn operate_plain(&mut self, op: Operator, left: &Value<'a>, right: &Value<'a>, span: Span) -> Value<'a> {
        if let (Value::Const(left, _), Value::Const(right, _)) = (left, right)
            && let Some(value) = calculate(op, left, right)
        {
            return Value::Const(value, span);
        }
        if let (Value::Const(..), Value::Const(..)) = (left, right) {
            return self.unread_value(span, "this operator on these constants");
        }
        if let (Value::Dict(left), Value::Dict(right), Operator::BitOr) = (left, right, op) {
            return Value::Dict(Rc::new(left.iter().chain(right.iter()).cloned().collect()));
        }
        let (Some(first), Some(second)) = (scalar(left), scalar(right)) else {
            return match (left, right) {
                (Value::Unread(place), _) | (_, Value::Unread(place)) => Value::Unread(*place),
                _ => self.unread_value(span, "this operator on these kinds of values"),
            };
        };
        let text = left.kind() == Kind::Text || right.kind() == Kind::Text;
        let op = match op {
            Operator::Add if text => {
                return Value::computed(logic::call("concat", vec![first, second], span), Kind::Text);
            }
            Operator::Add => BinaryOp::Add,
            Operator::Sub => BinaryOp::Subtract,
            Operator::Mult => BinaryOp::Multiply,
            Operator::Div => BinaryOp::Divide,
            Operator::Mod if !text => BinaryOp::Remainder,
            _ => return self.unread_value(span, "this operator on these kinds of values"),
        };
        let kind = ExprKind::Arithmetic { op, left: Box::new(first), right: Box::new(second) };
        Value::computed(Expr::new(kind, span), Kind::Number)
    }

    fn elements(&mut self, elements: &'a [Python], frame: &mut Frame<'a>) -> Value<'a> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.value(element, frame);
            match element {
                Python::Starred(_) => match self.items(&value) {
                    Some(more) => items.extend(more),
                    None => return self.unread_value(place(element, frame.file), "a list from this kind of value"),
                },
                _ => items.push(Item::always(value)),
            }
        }
        Value::sequence(items)
    }

    fn dict(&mut self, dict: &'a ast::ExprDict, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        let mut entries = Vec::with_capacity(dict.items.len());
        for item in &dict.items {
            let value = self.value(&item.value, frame);
            match &item.key {
                Some(key) => {
                    let key = self.value(key, frame);
                    entries.push(Entry { guard: Guard::always(span), key, value });
                }
                None => match value {
                    Value::Dict(more) => entries.extend(more.iter().cloned()),
                    _ => return self.unread_value(span, "a dictionary from this kind of value"),
                },
            }
        }
        Value::Dict(Rc::new(entries))
    }

    fn comprehension(
        &mut self,
        element: &'a Python,
        generators: &'a [ast::Comprehension],
        span: Span,
        frame: &mut Frame<'a>,
    ) -> Value<'a> {
        let mut items = Vec::new();
        let mut inner = frame.clone();
        let complete = self.generate(generators, &Guard::always(span), &mut inner, &mut |reader, guard, frame| {
            let value = reader.value(element, frame);
            items.push(Item { guard: guard.clone(), value });
        });
        if complete {
            Value::sequence(items)
        } else {
            self.unread_value(span, "a comprehension over this kind of value")
        }
    }

    fn dict_comprehension(&mut self, found: &'a ast::ExprDictComp, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        let mut entries = Vec::new();
        let mut inner = frame.clone();
        let complete =
            self.generate(&found.generators, &Guard::always(span), &mut inner, &mut |reader, guard, frame| {
                let key = found.key.as_ref().map(|key| reader.value(key, frame));
                let value = reader.value(&found.value, frame);
                if let Some(key) = key {
                    entries.push(Entry { guard: guard.clone(), key, value });
                }
            });
        if complete {
            Value::Dict(Rc::new(entries))
        } else {
            self.unread_value(span, "a comprehension over this kind of value")
        }
    }

    /// Calls `make` for each round of nested generators; false where one of them cannot be gone through.
    fn generate(
        &mut self,
        generators: &'a [ast::Comprehension],
        around: &Guard,
        frame: &mut Frame<'a>,
        make: &mut dyn FnMut(&mut Self, &Guard, &mut Frame<'a>),
    ) -> bool {
        let Some((generator, rest)) = generators.split_first() else {
            make(self, around, frame);
            return true;
        };
        let list = self.value(&generator.iter, frame);
        let Some(items) = self.items(&list) else { return false };
        for item in items {
            if !self.step() {
                return false;
            }
            self.assign(&generator.target, item.value.clone(), frame);
            let mut guard = around.then(&item.guard);
            for test in &generator.ifs {
                let test = self.condition(test, frame);
                guard = guard.and_inside(test);
            }
            if !guard.is_never() && !self.generate(rest, &guard, frame, make) {
                return false;
            }
        }
        true
    }

    /// What going through a value yields; `None` where it cannot be gone through.
    pub(super) fn items(&mut self, value: &Value<'a>) -> Option<Vec<Item<'a>>> {
        match value {
            Value::Sequence(items) => Some(items.as_ref().clone()),
            Value::Dict(entries) => Some(
                entries.iter().map(|entry| Item { guard: entry.guard.clone(), value: entry.key.clone() }).collect(),
            ),
            Value::Symbol(symbol) => {
                let mut items = match &symbol.default {
                    Value::Sequence(items) => items.as_ref().clone(),
                    _ => Vec::new(),
                };
                for item in &mut items {
                    item.guard = item.guard.and(logic::is_null(symbol.expr.clone()));
                }
                if symbol.kind == Kind::Object {
                    let span = symbol.expr.span;
                    let key = self.unread_value(span, "the names of an object's fields");
                    items.push(Item { guard: element_of(symbol).guard, value: key });
                } else {
                    items.push(element_of(symbol));
                }
                Some(items)
            }
            Value::Choice(choice) => {
                let mut items = Vec::new();
                let mut before: Vec<Expr> = Vec::new();
                for arm in &choice.arms {
                    let holds = arm.guard.holds();
                    if !self.charge(logic::size(&holds) * 2) {
                        return None;
                    }
                    let not_before = logic::and(before.clone(), holds.span);
                    for item in self.items(&arm.value)? {
                        let guard = arm.guard.and(not_before.clone()).then(&item.guard);
                        items.push(Item { guard, value: item.value });
                    }
                    before.push(logic::not(holds));
                }
                let not_before = logic::and(before, value.span());
                for item in self.items(&choice.otherwise)? {
                    items.push(Item { guard: item.guard.and(not_before.clone()), value: item.value });
                }
                Some(items)
            }
            Value::Const(Const::None, _) => Some(Vec::new()),
            Value::Const(Const::Str(text), span) if text.chars().count() <= 64 => {
                Some(text.chars().map(|character| Item::always(Value::str(&character.to_string(), *span))).collect())
            }
            _ => None,
        }
    }

    /// Gives the names of a target their values.
    pub(super) fn assign(&mut self, target: &'a Python, value: Value<'a>, frame: &mut Frame<'a>) {
        match target {
            Python::Name(name) => {
                frame.names.insert(&name.id, value);
            }
            Python::Tuple(tuple) => self.unpack(&tuple.elts, &value, frame),
            Python::List(list) => self.unpack(&list.elts, &value, frame),
            Python::Starred(starred) => self.assign(&starred.value, value, frame),
            // `dictionary[key] = value`
            Python::Subscript(subscript) => {
                if let Python::Name(name) = subscript.value.as_ref() {
                    let key = self.value(&subscript.slice, frame);
                    let old = self.value(&subscript.value, frame);
                    let new = match old {
                        Value::Dict(entries) => {
                            let mut entries = entries.as_ref().clone();
                            let span = key.span();
                            entries.push(Entry { guard: Guard::always(span), key, value });
                            Value::Dict(Rc::new(entries))
                        }
                        _ => self
                            .unread_value(place(target, frame.file), "an assignment to a part of this kind of value"),
                    };
                    frame.names.insert(&name.id, new);
                }
            }
            _ => {}
        }
    }

    fn unpack(&mut self, targets: &'a [Python], value: &Value<'a>, frame: &mut Frame<'a>) {
        for (at, target) in targets.iter().enumerate() {
            let span = place(target, frame.file);
            let part = self.map(value, &mut |reader, value| match value {
                Value::Sequence(items)
                    if items.len() == targets.len() && items.iter().all(|item| item.guard.is_always()) =>
                {
                    items.get(at).map_or_else(|| Value::none(span), |item| item.value.clone())
                }
                Value::Symbol(_) => {
                    let index = Value::Const(Const::Int(i64::try_from(at).unwrap_or(i64::MAX)), span);
                    reader.index(value, &index, span)
                }
                _ => reader.unread_value(span, "unpacking of this kind of value"),
            });
            self.assign(target, part, frame);
        }
    }

    fn f_string(&mut self, literal: &'a ast::ExprFString, span: Span, frame: &mut Frame<'a>) -> Value<'a> {
        let mut parts = Vec::new();
        for part in literal.value.as_slice() {
            match part {
                ast::FStringPart::Literal(literal) => parts.push(Value::str(&literal.value, span)),
                ast::FStringPart::FString(found) => {
                    for element in &found.elements {
                        parts.push(match element {
                            ast::InterpolatedStringElement::Literal(literal) => Value::str(&literal.value, span),
                            ast::InterpolatedStringElement::Interpolation(inner) => {
                                let value = self.value(&inner.expression, frame);
                                self.as_text(&value, span)
                            }
                        });
                    }
                }
            }
        }
        let mut parts = parts.into_iter();
        let Some(mut result) = parts.next() else { return Value::str("", span) };
        for part in parts {
            result = self.operate(Operator::Add, &result, &part, span);
        }
        result
    }
}

/// An element of a list in the event.
fn element_of<'a>(symbol: &Rc<Symbol<'a>>) -> Item<'a> {
    let span = symbol.expr.span;
    let always = logic::constant(true, span);
    let guard = Guard { condition: always.clone(), each: vec![(symbol.path.clone(), always)] };
    let element = Symbol { kind: symbol.kind.of_element(), default: Value::none(span), ..symbol.as_ref().clone() };
    Item { guard, value: Value::Symbol(Rc::new(element)) }
}

/// A value made of a symbol, and what it is where the symbol is null.
fn with_default<'a>(symbol: &Symbol<'a>, present: Value<'a>, absent: Value<'a>) -> Value<'a> {
    if let Value::Test(test) = &present {
        let missing = logic::is_null(symbol.expr.clone());
        return match &absent {
            Value::Const(constant, _) if !constant.truth() => present,
            Value::Const(..) => Value::test(logic::either(missing, test.as_ref().clone())),
            _ => Value::choice(vec![Item { guard: Guard::when(missing), value: absent }], present),
        };
    }
    if let Value::Symbol(made) = &present
        && made.default.is_none()
        && !matches!(absent, Value::Choice(_))
    {
        return Value::Symbol(Rc::new(Symbol { default: absent, ..made.as_ref().clone() }));
    }
    if present.same(&absent) {
        return present;
    }
    let missing = Guard::when(logic::is_null(symbol.expr.clone()));
    Value::choice(vec![Item { guard: missing, value: absent }], present)
}

/// The expression for a value that is one.
pub(super) fn scalar(value: &Value<'_>) -> Option<Expr> {
    match value {
        Value::Const(constant, span) => Some(Expr::new(ExprKind::Literal(constant.literal()), *span)),
        Value::Symbol(symbol) => Some(symbol.exact()),
        _ => None,
    }
}

fn calculate(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    match (op, left, right) {
        (Operator::Add, Const::Str(left), Const::Str(right)) => {
            let length = left.len() + right.len();
            (length <= super::MAX_TEXT).then(|| Const::Str(format!("{left}{right}").into()))
        }
        (Operator::Mult, Const::Str(text), Const::Int(count))
        | (Operator::Mult, Const::Int(count), Const::Str(text)) => {
            let count = usize::try_from(*count).unwrap_or(0);
            let fits = text.len().checked_mul(count).is_some_and(|length| length <= super::MAX_TEXT);
            fits.then(|| Const::Str(text.repeat(count).into()))
        }
        (_, Const::Int(left), Const::Int(right)) => match op {
            Operator::Add => left.checked_add(*right).map(Const::Int),
            Operator::Sub => left.checked_sub(*right).map(Const::Int),
            Operator::Mult => left.checked_mul(*right).map(Const::Int),
            Operator::Pow => u32::try_from(*right).ok().and_then(|right| left.checked_pow(right)).map(Const::Int),
            Operator::FloorDiv if *right > 0 => Some(Const::Int(left.div_euclid(*right))),
            Operator::Mod if *right > 0 => Some(Const::Int(left.rem_euclid(*right))),
            Operator::BitAnd => Some(Const::Int(left & right)),
            Operator::BitOr => Some(Const::Int(left | right)),
            Operator::Div if *right != 0 => Some(Const::Float(*left as f64 / *right as f64)),
            _ => None,
        },
        _ => {
            let (left, right) = (left.number()?, right.number()?);
            match op {
                Operator::Add => Some(Const::Float(left + right)),
                Operator::Sub => Some(Const::Float(left - right)),
                Operator::Mult => Some(Const::Float(left * right)),
                Operator::Div if right != 0.0 => Some(Const::Float(left / right)),
                _ => None,
            }
        }
    }
}

impl<'a> Value<'a> {
    /// A choice between a field, as long as it is there and of a kind, and something empty, is the field with that default:
    /// `event.get("a") or {}`.
    pub(super) fn collapsed(self) -> Value<'a> {
        let Value::Choice(choice) = &self else { return self };
        let values = || choice.arms.iter().map(|arm| &arm.value).chain([&choice.otherwise]);
        let symbols = || {
            values().filter_map(|value| match value {
                Value::Symbol(symbol) => Some(symbol),
                _ => None,
            })
        };
        // A text of JSON and the same already parsed are one value: the parsed one.
        let parsed = symbols().find(|symbol| !std::ptr::eq(logic::unparsed(&symbol.expr), &symbol.expr));
        let Some(symbol) = parsed.or_else(|| symbols().next()) else { return self };
        let subject = logic::unparsed(&symbol.expr);
        let about_it =
            choice.arms.iter().all(|arm| arm.guard.each.is_empty() && only_about(&arm.guard.condition, subject));
        let fits = values().all(|value| match value {
            Value::Symbol(other) => {
                logic::unparsed(&other.expr).kind == subject.kind
                    && other.fold == symbol.fold
                    && default_is_empty(other)
            }
            other => is_empty(other),
        });
        if !about_it || !fits {
            return self;
        }
        let empties = || values().filter(|value| is_empty(value)).chain(symbols().map(|symbol| &symbol.default));
        let default = empties().find(|value| !value.is_none()).cloned().unwrap_or(Value::none(symbol.expr.span));
        let kind = if symbol.kind == Kind::Unknown { default.kind() } else { symbol.kind };
        Value::Symbol(Rc::new(Symbol { default, kind, ..symbol.as_ref().clone() }))
    }
}

fn default_is_empty(symbol: &Symbol<'_>) -> bool {
    is_empty(&symbol.default)
}

fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Const(constant, _) => {
            matches!(constant, Const::None) || matches!(constant, Const::Str(text) if text.is_empty())
        }
        Value::Sequence(items) => items.is_empty(),
        Value::Dict(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Whether a condition only asks if the expression is there, true, or of some kind.
fn only_about(condition: &Expr, subject: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Not(inner) | ExprKind::IsNull { value: inner, .. } => {
            only_about(inner, subject) || inner.kind == subject.kind
        }
        ExprKind::And(inner) | ExprKind::Or(inner) => inner.iter().all(|inner| only_about(inner, subject)),
        ExprKind::Call { function, args, .. } => {
            (function.value == "truthy" || function.value.starts_with("is_"))
                && args.iter().all(|arg| arg.kind == subject.kind)
        }
        ExprKind::AnyValue(test) => only_about(test, subject),
        ExprKind::Literal(ir::Literal::Boolean(_)) => true,
        _ => false,
    }
}

/// A test of what kind of value a symbol is.
pub(super) fn kind_test(symbol: &Symbol<'_>, kind: &str, span: Span) -> Expr {
    condition::holds(logic::call(kind, vec![symbol.expr.clone()], span), span)
}

pub(super) fn folded(symbol: &Symbol<'_>, fold: Fold) -> Symbol<'static> {
    Symbol { expr: symbol.expr.clone(), path: None, fold, kind: Kind::Text, default: Value::none(symbol.expr.span) }
}
