//! Conditions in YAML: `Detection` of rules without a program, and `InlineFilters`.
//!
//! Source: Panther's reference of match expressions.

use crate::envelope::yaml_file::{Constant, Node, Reader, Schema};
use crate::python::networks;
use ir::{Case, CompareOp, Diagnostic, Expr, ExprKind, Literal, Pattern, PatternKind, Span, Spanned, codes};

/// What a condition does with a field and a value.
#[derive(Clone, Copy)]
enum Test {
    Equals,
    Order(CompareOp),
    Text(fn(String) -> PatternKind),
    Cidr,
    /// The value is an address, the field holds networks that may contain it.
    In,
    Known,
    /// There, and not empty.
    Truthy,
    Private,
}

/// Name, whether it is the opposite of the test, whether letters' case counts.
const CONDITIONS: &[(&str, Test, bool, Case)] = &[
    ("Contains", Test::Text(PatternKind::Contains), false, Case::Sensitive),
    ("DoesNotContain", Test::Text(PatternKind::Contains), true, Case::Sensitive),
    ("DoesNotEndWith", Test::Text(PatternKind::EndsWith), true, Case::Sensitive),
    ("DoesNotEqual", Test::Equals, true, Case::Sensitive),
    ("DoesNotExist", Test::Known, true, Case::Sensitive),
    ("DoesNotStartWith", Test::Text(PatternKind::StartsWith), true, Case::Sensitive),
    ("EndsWith", Test::Text(PatternKind::EndsWith), false, Case::Sensitive),
    ("Equals", Test::Equals, false, Case::Sensitive),
    ("Exists", Test::Known, false, Case::Sensitive),
    ("IContains", Test::Text(PatternKind::Contains), false, Case::Insensitive),
    ("IDoesNotContain", Test::Text(PatternKind::Contains), true, Case::Insensitive),
    ("IDoesNotEndWith", Test::Text(PatternKind::EndsWith), true, Case::Insensitive),
    ("IDoesNotEqual", Test::Equals, true, Case::Insensitive),
    ("IDoesNotStartWith", Test::Text(PatternKind::StartsWith), true, Case::Insensitive),
    ("IEndsWith", Test::Text(PatternKind::EndsWith), false, Case::Insensitive),
    ("IEquals", Test::Equals, false, Case::Insensitive),
    ("IStartsWith", Test::Text(PatternKind::StartsWith), false, Case::Insensitive),
    ("IsGreaterThan", Test::Order(CompareOp::Greater), false, Case::Sensitive),
    ("IsGreaterThanOrEqual", Test::Order(CompareOp::GreaterOrEqual), false, Case::Sensitive),
    ("IsGreaterThanOrEquals", Test::Order(CompareOp::GreaterOrEqual), false, Case::Sensitive),
    ("IsIPAddressInCIDR", Test::Cidr, false, Case::Sensitive),
    ("IsIPAddressNotInCIDR", Test::Cidr, true, Case::Sensitive),
    ("IsIPAddressPrivate", Test::Private, false, Case::Sensitive),
    ("IsIPAddressPublic", Test::Private, true, Case::Sensitive),
    ("IsIn", Test::In, false, Case::Sensitive),
    ("IsLessThan", Test::Order(CompareOp::Less), false, Case::Sensitive),
    ("IsLessThanOrEqual", Test::Order(CompareOp::LessOrEqual), false, Case::Sensitive),
    ("IsLessThanOrEquals", Test::Order(CompareOp::LessOrEqual), false, Case::Sensitive),
    ("IsNotIn", Test::In, true, Case::Sensitive),
    ("IsNotNull", Test::Known, false, Case::Sensitive),
    ("IsNotNullOrEmpty", Test::Truthy, false, Case::Sensitive),
    ("IsNull", Test::Known, true, Case::Sensitive),
    ("IsNullOrEmpty", Test::Truthy, true, Case::Sensitive),
    ("StartsWith", Test::Text(PatternKind::StartsWith), false, Case::Sensitive),
];

/// The condition under a key: all of a list. `None` where something in it cannot be read, which is a diagnostic.
pub(super) fn read(root: &Node<'_>, key: &str, reader: &mut Reader) -> Option<Expr> {
    let node = root.get(key)?;
    let Some(items) = node.items() else {
        reader.refuse(format!("`{key}` is a list of conditions, and here is {}", node.kind()), node.span);
        return None;
    };
    let conditions: Option<Vec<Expr>> = items.iter().map(|item| condition(item, "", reader)).collect();
    Some(all(conditions?, node.span))
}

fn all(mut conditions: Vec<Expr>, span: Span) -> Expr {
    match conditions.len() {
        0 => Expr::new(ExprKind::Literal(Literal::Boolean(true)), span),
        1 => conditions.remove(0),
        _ => Expr::new(ExprKind::And(conditions), span),
    }
}

fn not(test: Expr) -> Expr {
    let span = test.span;
    Expr::new(ExprKind::Not(Box::new(test)), span)
}

/// One condition; names are below `path`.
fn condition(node: &Node<'_>, path: &str, reader: &mut Reader) -> Option<Expr> {
    for entry in node.entries() {
        let inner = |reader: &mut Reader| -> Option<Vec<Expr>> {
            entry.value.items().unwrap_or_default().iter().map(|item| condition(item, path, reader)).collect()
        };
        let span = entry.key.span;
        match entry.key.text().unwrap_or_default() {
            "All" => return Some(all(inner(reader)?, span)),
            "Any" => return Some(Expr::new(ExprKind::Or(inner(reader)?), span)),
            "None" => return Some(not(Expr::new(ExprKind::Or(inner(reader)?), span))),
            "OnlyOne" => return Some(only_one(inner(reader)?, span)),
            _ => {}
        }
    }
    let field = field(node, path, reader)?;
    let name = reader.required(node, "Condition")?;
    let place = node.get("Condition").map_or(node.span, |node| node.span);
    if let Some(expressions) = node.get("Expressions") {
        return of_elements(&field, &name, expressions, place, reader);
    }
    let Some((_, test, opposite, case)) = CONDITIONS.iter().find(|(known, ..)| *known == name) else {
        let message = format!("the condition `{name}` is not supported");
        reader.diagnostics.push(Diagnostic::refusal(codes::UNSUPPORTED_FUNCTION, message).at(place));
        return None;
    };
    let test = apply(*test, *case, &field, node, reader)?;
    Some(if *opposite { not(test) } else { test })
}

/// Exactly one of these.
fn only_one(conditions: Vec<Expr>, span: Span) -> Expr {
    let alone = |at: usize| {
        let parts = conditions.iter().enumerate().map(|(other, condition)| match other == at {
            true => condition.clone(),
            false => not(condition.clone()),
        });
        all(parts.collect(), span)
    };
    Expr::new(ExprKind::Or((0..conditions.len()).map(alone).collect()), span)
}

/// The field of `Key`, `DeepKey` or `KeyPath`.
fn field(node: &Node<'_>, path: &str, reader: &mut Reader) -> Option<Spanned<String>> {
    let found = ["Key", "KeyPath", "DeepKey"].iter().find_map(|key| node.get(key));
    let Some(found) = found else {
        // The element itself, in conditions on the elements of a list.
        if !path.is_empty() {
            return Some(Spanned { value: path.to_owned(), span: node.span });
        }
        reader.refuse("the condition has no `Key`, `KeyPath` or `DeepKey`", node.span);
        return None;
    };
    let name = match found.items() {
        Some(parts) => parts.iter().filter_map(Node::text).collect::<Vec<_>>().join("."),
        None => found.text().unwrap_or_default().replace("[*]", ""),
    };
    let value = if path.is_empty() { name } else { format!("{path}.{name}") };
    Some(Spanned { value, span: found.span })
}

/// `AnyElement`, `AllElements`, `NoElement` of a list.
fn of_elements(
    list: &Spanned<String>,
    name: &str,
    expressions: &Node<'_>,
    span: Span,
    reader: &mut Reader,
) -> Option<Expr> {
    let tests: Option<Vec<Expr>> =
        expressions.items().unwrap_or_default().iter().map(|item| condition(item, &list.value, reader)).collect();
    let test = all(tests?, span);
    let some = |test: Expr| Expr::new(ExprKind::AnyElement { of: list.clone(), test: Box::new(test) }, span);
    Some(match name {
        "AnyElement" => some(test),
        "AllElements" => not(some(not(test))),
        "NoElement" => not(some(test)),
        _ => {
            let message = format!("the condition `{name}` on the elements of a list is not supported");
            reader.diagnostics.push(Diagnostic::refusal(codes::UNSUPPORTED_FUNCTION, message).at(span));
            return None;
        }
    })
}

fn apply(test: Test, case: Case, field: &Spanned<String>, node: &Node<'_>, reader: &mut Reader) -> Option<Expr> {
    let span = node.span;
    let value = || Box::new(Expr::new(ExprKind::Field(field.value.clone()), field.span));
    let any = |test: ExprKind| Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span);
    let matches = |patterns: Vec<Pattern>| any(ExprKind::Matches { value: value(), patterns });
    Some(match test {
        Test::Known => Expr::new(ExprKind::IsNull { value: value(), negated: true }, span),
        Test::Truthy => {
            let function = Spanned { value: "truthy".to_owned(), span };
            Expr::new(ExprKind::Call { function, args: vec![*value()], filter: None }, span)
        }
        Test::Private => {
            let (networks, _) = networks::of("is_private")?;
            let pattern = |network: &&str| Pattern { kind: PatternKind::Cidr((*network).to_owned()), case, span };
            matches(networks.iter().map(pattern).collect())
        }
        Test::In => {
            let list = reader_values(node, "Values", reader)?;
            any(ExprKind::In { value: value(), list, case })
        }
        Test::Equals | Test::Order(_) => {
            let op = if let Test::Order(op) = test { op } else { CompareOp::Equal };
            let right = Box::new(reader_values(node, "Value", reader)?.into_iter().next()?);
            any(ExprKind::Compare { op, left: value(), right, case })
        }
        Test::Text(_) | Test::Cidr => {
            let operand = reader_values(node, "Value", reader)?.into_iter().next()?;
            let text = match operand.kind {
                ExprKind::Literal(Literal::String(text)) => text,
                ExprKind::Literal(other) => other.to_string(),
                _ => return None,
            };
            let kind = if let Test::Text(make) = test { make(text) } else { PatternKind::Cidr(text) };
            matches(vec![Pattern { kind, case, span: operand.span }])
        }
    })
}

/// The constants under a key, which must be there.
fn reader_values(node: &Node<'_>, key: &str, reader: &mut Reader) -> Option<Vec<Expr>> {
    let Some(found) = node.get(key) else {
        reader.missing(node, key);
        return None;
    };
    let items = found.items().unwrap_or(std::slice::from_ref(found));
    let literal = |item: &Node<'_>| {
        let literal = match item.scalar()?.constant(Schema::Core) {
            Constant::Null => Literal::Null,
            Constant::Boolean(value) => Literal::Boolean(value),
            Constant::Integer(value) => match (i32::try_from(value), i64::try_from(value)) {
                (Ok(value), _) => Literal::Integer(value),
                (_, Ok(value)) => Literal::Long(value),
                _ => Literal::Double(value as f64),
            },
            Constant::Float(value) => Literal::Double(value),
            Constant::String(text) => Literal::String(text.to_owned()),
        };
        Some(Expr::new(ExprKind::Literal(literal), item.span))
    };
    let values: Option<Vec<Expr>> = items.iter().map(literal).collect();
    if values.is_none() {
        let message = "a condition that compares two fields is not supported";
        reader.diagnostics.push(Diagnostic::refusal(codes::UNSUPPORTED_FUNCTION, message).at(found.span));
    }
    values
}
