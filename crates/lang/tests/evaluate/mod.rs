//! A slow, obvious evaluator of conditions over JSON, to hold lowered rules against the tests that their authors wrote.

mod functions;
mod pattern;

use ir::{Case, CompareOp, Expr, ExprKind, Literal};
use serde_json::Value;

/// An event, with the elements of lists that are being looked at, the innermost last.
pub struct Event<'e> {
    root: &'e Value,
    elements: Vec<(String, Value)>,
}

/// Whether the condition holds for the event; null does not.
pub fn holds(condition: &Expr, event: &Value) -> bool {
    Event { root: event, elements: Vec::new() }.test(condition) == Some(true)
}

impl Event<'_> {
    fn test(&mut self, expr: &Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::Unread => None,
            ExprKind::Literal(Literal::Boolean(value)) => Some(*value),
            ExprKind::Not(inner) => self.test(inner).map(|value| !value),
            ExprKind::And(inner) => self.all(inner, true),
            ExprKind::Or(inner) => self.all(inner, false),
            ExprKind::AnyValue(test) => Some(self.any_value(test)),
            ExprKind::AnyElement { of, test } => Some(self.any_element(&of.value, test)),
            ExprKind::IsNull { value, negated } => {
                let null = self.value(value).is_none_or(|value| value.is_null());
                Some(null != *negated)
            }
            ExprKind::Call { function, args, .. } if function.value == "truthy" => {
                Some(args.first().and_then(|arg| self.value(arg)).is_some_and(|value| truthy(&value)))
            }
            _ => self.value(expr).and_then(|value| value.as_bool()),
        }
    }

    fn all(&mut self, operands: &[Expr], conjunction: bool) -> Option<bool> {
        let mut unknown = false;
        for operand in operands {
            match self.test(operand) {
                Some(value) if value != conjunction => return Some(value),
                Some(_) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(conjunction)
    }

    /// Some value passes the one test.
    fn any_value(&mut self, test: &Expr) -> bool {
        match &test.kind {
            ExprKind::Compare { op, left, right, case } => {
                let (left, right) = (self.values(left), self.values(right));
                left.iter().any(|left| right.iter().any(|right| compare(*op, left, right, *case)))
            }
            ExprKind::In { value, list, case } => {
                let values = self.values(value);
                let list: Vec<Value> = list.iter().flat_map(|item| self.values(item)).collect();
                values.iter().any(|value| list.iter().any(|item| equals(value, item, *case)))
            }
            ExprKind::Matches { value, patterns } => {
                let values = self.values(value);
                values
                    .iter()
                    .filter_map(functions::text)
                    .any(|text| patterns.iter().any(|one| pattern::fits(one, &text)))
            }
            _ => self.value(test).is_some_and(|value| value == Value::Bool(true)),
        }
    }

    fn any_element(&mut self, of: &str, test: &Expr) -> bool {
        let elements = match self.field(of) {
            Some(Value::Array(elements)) => elements,
            Some(Value::Null) | None => return false,
            Some(Value::String(text)) => match serde_json::from_str(&text) {
                Ok(Value::Array(elements)) => elements,
                _ => vec![Value::String(text)],
            },
            Some(single) => vec![single],
        };
        elements.into_iter().any(|element| {
            self.elements.push((of.to_owned(), element));
            let passed = self.test(test) == Some(true);
            self.elements.pop();
            passed
        })
    }

    /// The scalar values of an expression.
    fn values(&mut self, expr: &Expr) -> Vec<Value> {
        let mut flat = Vec::new();
        if let Some(value) = self.value(expr) {
            flatten(value, &mut flat);
        }
        flat
    }

    fn value(&mut self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Literal(literal) => Some(json(literal)),
            ExprKind::Field(name) => self.field(name),
            ExprKind::Cast { value, to } => functions::cast(&self.value(value)?, &to.value),
            ExprKind::Arithmetic { op, left, right } => {
                functions::arithmetic(*op, &self.value(left)?, &self.value(right)?)
            }
            ExprKind::Call { function, args, .. } => {
                let args: Option<Vec<Value>> = args.iter().map(|arg| self.value(arg)).collect();
                functions::call(&function.value, &args?)
            }
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Option<Value> {
        for (of, element) in self.elements.iter().rev() {
            if name == of {
                return Some(element.clone());
            }
            if let Some(rest) = name.strip_prefix(of.as_str()).and_then(|rest| rest.strip_prefix('.')) {
                return below(element, rest);
            }
        }
        below(self.root, name)
    }
}

/// What stands under a dotted name. Names may themselves have dots; a text of JSON counts as what it says; lists are gone
/// through.
fn below(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            if let Some(rest) = name.strip_prefix('*') {
                let rest = rest.strip_prefix('.');
                let values =
                    fields.values().filter_map(|value| rest.map_or(Some(value.clone()), |rest| below(value, rest)));
                return Some(Value::Array(values.collect()));
            }
            let get = |key: &str| {
                fields.get(key).or_else(|| {
                    fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value)
                })
            };
            if let Some(value) = get(name) {
                return Some(value.clone());
            }
            name.match_indices('.').find_map(|(dot, _)| below(get(&name[..dot])?, &name[dot + 1..]))
        }
        Value::Array(items) => {
            let found: Vec<Value> = items.iter().filter_map(|item| below(item, name)).collect();
            (!found.is_empty()).then_some(Value::Array(found))
        }
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            below(&serde_json::from_str(text).ok()?, name)
        }
        _ => None,
    }
}

fn flatten(value: Value, flat: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| flatten(item, flat)),
        Value::Null => {}
        other => flat.push(other),
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

fn json(literal: &Literal) -> Value {
    match literal {
        Literal::Boolean(value) => Value::from(*value),
        Literal::Integer(value) => Value::from(*value),
        Literal::Long(value) => Value::from(*value),
        Literal::UnsignedLong(value) => Value::from(*value),
        Literal::Double(value) => Value::from(*value),
        Literal::String(text) => Value::from(text.as_str()),
        _ => Value::Null,
    }
}

fn equals(left: &Value, right: &Value, case: Case) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => match case {
            Case::Sensitive => left == right,
            Case::Insensitive => left.to_lowercase() == right.to_lowercase(),
        },
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            number.to_string() == *text
        }
        _ => left == right,
    }
}

fn compare(op: CompareOp, left: &Value, right: &Value, case: Case) -> bool {
    let order = match (left, right) {
        _ if op == CompareOp::Equal => return equals(left, right, case),
        _ if op == CompareOp::NotEqual => return !equals(left, right, case),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => match left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)) {
            Some(order) => order,
            None => return false,
        },
    };
    match op {
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}
