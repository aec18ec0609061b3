//! Two-valued conditions, built so that what an early return or a loop leaves behind reads as if it had been written as one
//! condition: constants are folded, nested conjunctions flattened, negations kept at the test they belong to.

use ir::{Expr, ExprKind, Literal, Span, Spanned};

pub(super) fn constant(value: bool, span: Span) -> Expr {
    Expr::new(ExprKind::Literal(Literal::Boolean(value)), span)
}

pub(super) fn unread(span: Span) -> Expr {
    Expr::new(ExprKind::Unread, span)
}

/// What the condition is in every event, where that is known.
pub(super) fn known(expr: &Expr) -> Option<bool> {
    match expr.kind {
        ExprKind::Literal(Literal::Boolean(value)) => Some(value),
        _ => None,
    }
}

pub(super) fn not(expr: Expr) -> Expr {
    let span = expr.span;
    match expr.kind {
        ExprKind::Literal(Literal::Boolean(value)) => constant(!value, span),
        ExprKind::Not(inner) => *inner,
        ExprKind::IsNull { value, negated } => Expr::new(ExprKind::IsNull { value, negated: !negated }, span),
        ExprKind::Unread => expr,
        kind => Expr::new(ExprKind::Not(Box::new(Expr::new(kind, span))), span),
    }
}

pub(super) fn and(operands: Vec<Expr>, span: Span) -> Expr {
    join(operands, span, true)
}

pub(super) fn or(operands: Vec<Expr>, span: Span) -> Expr {
    join(operands, span, false)
}

pub(super) fn both(left: Expr, right: Expr) -> Expr {
    let span = cover(left.span, right.span);
    and(vec![left, right], span)
}

pub(super) fn either(left: Expr, right: Expr) -> Expr {
    let span = cover(left.span, right.span);
    or(vec![left, right], span)
}

/// The smallest span over both; the first where they stand in different files.
pub(super) fn cover(left: Span, right: Span) -> Span {
    if left.file == right.file { left.to(right) } else { left }
}

/// A conjunction, of which `true` is the neutral element, or a disjunction, of which `false` is.
fn join(operands: Vec<Expr>, span: Span, conjunction: bool) -> Expr {
    let mut flat: Vec<Expr> = Vec::with_capacity(operands.len());
    for operand in operands {
        match operand.kind {
            ExprKind::Literal(Literal::Boolean(value)) if value == conjunction => {}
            ExprKind::Literal(Literal::Boolean(value)) => return constant(value, span),
            ExprKind::And(inner) if conjunction => inner.into_iter().for_each(|inner| add(&mut flat, inner)),
            ExprKind::Or(inner) if !conjunction => inner.into_iter().for_each(|inner| add_or_merge(&mut flat, inner)),
            kind => {
                let operand = Expr::new(kind, operand.span);
                if conjunction { add(&mut flat, operand) } else { add_or_merge(&mut flat, operand) }
            }
        }
    }
    match flat.len() {
        0 => constant(conjunction, span),
        1 => flat.remove(0),
        _ if conjunction => Expr::new(ExprKind::And(flat), span),
        _ => Expr::new(ExprKind::Or(flat), span),
    }
}

/// How far back an operand is looked for among its neighbours, which bounds the work for long lists.
const NEIGHBOURS: usize = 16;

fn add(flat: &mut Vec<Expr>, operand: Expr) {
    if !flat.iter().rev().take(NEIGHBOURS).any(|known| *known == operand) {
        flat.push(operand);
    }
}

/// Patterns for one value that stand side by side become one test with all of them.
fn add_or_merge(flat: &mut Vec<Expr>, operand: Expr) {
    if let Some(last) = flat.last_mut()
        && let (Some((value, _)), Some((next, _))) = (patterns(last), patterns(&operand))
        && same(value, next)
    {
        let more = patterns(&operand).map(|(_, more)| more.to_vec()).unwrap_or_default();
        last.span = cover(last.span, operand.span);
        if let ExprKind::AnyValue(test) = &mut last.kind
            && let ExprKind::Matches { patterns, .. } = &mut test.kind
        {
            for pattern in more {
                if !patterns.iter().rev().take(NEIGHBOURS).any(|known| *known == pattern) {
                    patterns.push(pattern);
                }
            }
        }
        return;
    }
    add(flat, operand);
}

fn patterns(expr: &Expr) -> Option<(&Expr, &[ir::Pattern])> {
    let ExprKind::AnyValue(test) = &expr.kind else { return None };
    match &test.kind {
        ExprKind::Matches { value, patterns } => Some((value, patterns)),
        _ => None,
    }
}

/// The same value, wherever it is read.
fn same(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Field(left), ExprKind::Field(right)) => left == right,
        _ => left == right,
    }
}

/// Some element of the list `of` makes the test true. A single test of the element itself needs no such bracket, nor do
/// alternatives of them.
pub(super) fn any_element(of: &str, test: Expr) -> Expr {
    let span = test.span;
    if let ExprKind::Or(tests) = test.kind {
        return or(tests.into_iter().map(|test| any_element(of, test)).collect(), span);
    }
    if known(&test) == Some(false) {
        return test;
    }
    if known(&test) == Some(true) {
        return truthy(Expr::new(ExprKind::Field(of.to_owned()), span));
    }
    if is_of_each_value(&test) && mentions(&test, of) {
        return test;
    }
    // What does not depend on the element stands outside.
    if let ExprKind::And(tests) = test.kind {
        let (inside, outside): (Vec<_>, Vec<_>) = tests.into_iter().partition(|test| mentions(test, of));
        if outside.is_empty() {
            return bracket(of, and(inside, span), span);
        }
        let inside = any_element(of, and(inside, span));
        return both(and(outside, span), inside);
    }
    if !mentions(&test, of) {
        return both(truthy(Expr::new(ExprKind::Field(of.to_owned()), span)), test);
    }
    bracket(of, test, span)
}

fn bracket(of: &str, test: Expr, span: Span) -> Expr {
    if is_of_each_value(&test) {
        return test;
    }
    let of = Spanned { value: of.to_owned(), span };
    Expr::new(ExprKind::AnyElement { of, test: Box::new(test) }, span)
}

/// Whether a test is one of a field's values alone, so that it says the same of some element as of some value of the list.
fn is_of_each_value(test: &Expr) -> bool {
    let ExprKind::AnyValue(test) = &test.kind else { return false };
    let value = match &test.kind {
        ExprKind::Compare { left, right, .. } if matches!(right.kind, ExprKind::Literal(_)) => left,
        ExprKind::In { value, .. } | ExprKind::Matches { value, .. } => value,
        _ => return false,
    };
    match &value.kind {
        ExprKind::Field(_) => true,
        ExprKind::Call { function, args, .. } => {
            matches!(function.value.as_str(), "to_lower" | "to_upper" | "trim" | "ltrim" | "rtrim")
                && args.first().is_some_and(|arg| matches!(arg.kind, ExprKind::Field(_)))
        }
        _ => false,
    }
}

/// Whether the expression reads the elements of the list, or something below them.
fn mentions(expr: &Expr, of: &str) -> bool {
    let below =
        |name: &str| name == of || name.strip_prefix(of).is_some_and(|rest| of.is_empty() || rest.starts_with('.'));
    let mut found = false;
    expr.walk(&mut |expr| {
        found |= match &expr.kind {
            ExprKind::Field(name) => below(name),
            ExprKind::AnyElement { of, .. } => below(&of.value),
            _ => false,
        }
    });
    found
}

/// Python's truth of a value: there, and neither false, zero nor empty. Never null.
pub(super) fn truthy(value: Expr) -> Expr {
    call("truthy", vec![value.clone()], value.span)
}

pub(super) fn is_null(value: Expr) -> Expr {
    let span = value.span;
    Expr::new(ExprKind::IsNull { value: Box::new(value), negated: false }, span)
}

pub(super) fn any_value(test: ExprKind, span: Span) -> Expr {
    Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span)
}

pub(super) fn call(function: &str, args: Vec<Expr>, span: Span) -> Expr {
    let function = Spanned { value: function.to_owned(), span };
    Expr::new(ExprKind::Call { function, args, filter: None }, span)
}

/// An expression without the conversion from JSON around it.
pub(super) fn unparsed(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Call { function, args, .. } if function.value == "parse_json" => args.first().unwrap_or(expr),
        _ => expr,
    }
}

/// How many nodes the expression has.
pub(super) fn size(expr: &Expr) -> usize {
    let mut size = 0;
    expr.walk(&mut |expr| {
        size += match &expr.kind {
            ExprKind::Matches { patterns, .. } => 1 + patterns.len(),
            _ => 1,
        }
    });
    size
}

/// How many levels the expression has.
pub(super) fn depth(expr: &Expr) -> usize {
    let mut below = 0;
    expr.for_each_child(&mut |child| below = below.max(depth(child)));
    below + 1
}
