//! Conditions and values.
//!
//! Elasticsearch turns a test of a field against constants into a query, which some value of the field must meet and a
//! missing field does not; so `not process.name : "x"` and `process.name != "x"` select events without the field. Such
//! tests stand in `AnyValue`, and `!=` is the negation of `==` (with the same span). Ordered comparisons are turned
//! around under `not`, so that events without the field are never selected: they are left bare, null where the field is
//! missing. What compares computed values runs as a script over single values, and is bare as well.
//!
//! `\` in a pattern is an ordinary character: EQL has no escape for `*` and `?`.

use super::{Lowered, calls};
use crate::dialect::eql::ast::{Expr, ExprKind, LikeOp};
use ir::{Case, CompareOp, Diagnostic, Literal, Pattern, PatternKind, Span, Spanned, codes};

/// An expression that is true, false or null.
pub(super) fn condition(expr: &Expr) -> Lowered<ir::Expr> {
    let all = |operands: &[Expr]| operands.iter().map(condition).collect::<Lowered<_>>();
    let kind = match &expr.kind {
        ExprKind::Not(operand) => ir::ExprKind::Not(Box::new(condition(operand)?)),
        ExprKind::And(operands) => ir::ExprKind::And(all(operands)?),
        ExprKind::Or(operands) => ir::ExprKind::Or(all(operands)?),
        ExprKind::Field { .. } => {
            // Nobody wrote the `true`; it stands in no place of its own.
            let place = Span { end: expr.span.start, ..expr.span };
            let truth = ir::Expr::new(ir::ExprKind::Literal(Literal::Boolean(true)), place);
            return Ok(equal(value(expr)?, truth, Case::Sensitive, expr.span));
        }
        ExprKind::Compare { op, left, right } => return comparison(*op, left, right, expr.span),
        ExprKind::In { value, list, negated, insensitive } => {
            return membership(value, list, *negated, *insensitive, expr.span);
        }
        ExprKind::Like { value, op, patterns, .. } => return like(value, *op, patterns, expr.span),
        ExprKind::Call { .. } => {
            let called = value(expr)?;
            return if calls::is_test(&called) { Ok(called) } else { Err(no_condition(expr.span)) };
        }
        ExprKind::Literal(Literal::Boolean(_) | Literal::Null) => return value(expr),
        ExprKind::Literal(_) | ExprKind::Negate(_) | ExprKind::Arithmetic { .. } => {
            return Err(no_condition(expr.span));
        }
    };
    Ok(ir::Expr::new(kind, expr.span))
}

fn no_condition(span: Span) -> Diagnostic {
    let error = Diagnostic::refusal(codes::ARGUMENT_TYPE, "a condition must stand here, not a value").at(span);
    error.hint("compare the value with another: `length(field) > 5`")
}

/// Any expression.
pub(super) fn value(expr: &Expr) -> Lowered<ir::Expr> {
    let kind = match &expr.kind {
        ExprKind::Literal(literal) => ir::ExprKind::Literal(literal.clone()),
        ExprKind::Field { parts, .. } => ir::ExprKind::Field(parts.join(".")),
        ExprKind::Negate(operand) => match value(operand)?.kind {
            ir::ExprKind::Literal(literal) => negative(literal, expr.span)?,
            kind => ir::ExprKind::Negate(Box::new(ir::Expr::new(kind, operand.span))),
        },
        ExprKind::Arithmetic { op, left, right } => {
            ir::ExprKind::Arithmetic { op: *op, left: Box::new(value(left)?), right: Box::new(value(right)?) }
        }
        ExprKind::Call { function, insensitive, args } => return calls::call(function, *insensitive, args, expr.span),
        _ => return condition(expr),
    };
    Ok(ir::Expr::new(kind, expr.span))
}

fn negative(literal: Literal, span: Span) -> Lowered<ir::ExprKind> {
    let literal = match literal {
        Literal::Integer(value) => value.checked_neg().map_or(Literal::Long(-i64::from(value)), Literal::Integer),
        // The least integer of each width is read as the negation of a number one too large for it.
        Literal::Long(2_147_483_648) => Literal::Integer(i32::MIN),
        Literal::Long(value) => Literal::Long(value.wrapping_neg()),
        Literal::Double(value) => Literal::Double(-value),
        Literal::Null => Literal::Null,
        _ => return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, "only a number can be negated").at(span)),
    };
    Ok(ir::ExprKind::Literal(literal))
}

/// `field == constant`, true where some value of the field is equal.
fn equal(left: ir::Expr, right: ir::Expr, case: Case, span: Span) -> ir::Expr {
    let test = ir::ExprKind::Compare { op: CompareOp::Equal, left: Box::new(left), right: Box::new(right), case };
    any_value(test, span)
}

pub(super) fn any_value(test: ir::ExprKind, span: Span) -> ir::Expr {
    ir::Expr::new(ir::ExprKind::AnyValue(Box::new(ir::Expr::new(test, span))), span)
}

fn negated_if(negated: bool, expr: ir::Expr) -> ir::Expr {
    let span = expr.span;
    if negated { ir::Expr::new(ir::ExprKind::Not(Box::new(expr)), span) } else { expr }
}

pub(super) fn is_field(expr: &ir::Expr) -> bool {
    matches!(expr.kind, ir::ExprKind::Field(_))
}

fn constant(expr: &ir::Expr) -> Option<&Literal> {
    match &expr.kind {
        ir::ExprKind::Literal(literal) => Some(literal),
        _ => None,
    }
}

fn comparison(op: CompareOp, left: &Expr, right: &Expr, span: Span) -> Lowered<ir::Expr> {
    let (mut op, mut left, mut right) = (op, value(left)?, value(right)?);
    if constant(&left).is_some() && constant(&right).is_none() {
        (left, right) = (right, left);
        op = turned_around(op);
    }
    check_types(&left, &right, span)?;
    let unequal = op == CompareOp::NotEqual;
    if unequal || op == CompareOp::Equal {
        match constant(&right) {
            Some(Literal::Null) => {
                let kind = ir::ExprKind::IsNull { value: Box::new(left), negated: unequal };
                return Ok(ir::Expr::new(kind, span));
            }
            // A condition that is compared with `true` or `false` is itself or its negation.
            Some(Literal::Boolean(truth)) if is_condition(&left) => {
                return Ok(ir::Expr { span, ..negated_if(*truth == unequal, left) });
            }
            Some(_) if is_field(&left) => return Ok(negated_if(unequal, equal(left, right, Case::Sensitive, span))),
            _ => {}
        }
    }
    let kind = ir::ExprKind::Compare { op, left: Box::new(left), right: Box::new(right), case: Case::Sensitive };
    Ok(ir::Expr::new(kind, span))
}

/// A computed number is never a text: `user-name == "x"` is about a name that lacks its quotes.
fn check_types(left: &ir::Expr, right: &ir::Expr, span: Span) -> Lowered<()> {
    let number = matches!(left.kind, ir::ExprKind::Arithmetic { .. } | ir::ExprKind::Negate(_));
    match constant(right) {
        Some(Literal::String(_)) if number => {
            let error = Diagnostic::refusal(codes::ARGUMENT_TYPE, "a number is compared with a string").at(span);
            Err(error.hint("a name with `-` stands in backquotes"))
        }
        _ => Ok(()),
    }
}

fn is_condition(expr: &ir::Expr) -> bool {
    use ir::ExprKind::{And, AnyValue, Compare, In, IsNull, Matches, Not, Or};
    matches!(
        expr.kind,
        Not(_) | And(_) | Or(_) | AnyValue(_) | Compare { .. } | In { .. } | Matches { .. } | IsNull { .. }
    )
}

fn turned_around(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        CompareOp::Equal | CompareOp::NotEqual => op,
    }
}

fn membership(of: &Expr, list: &[Expr], negated: bool, insensitive: bool, span: Span) -> Lowered<ir::Expr> {
    let of = value(of)?;
    let list = list.iter().map(value).collect::<Lowered<Vec<_>>>()?;
    let constants = list.iter().all(|item| constant(item).is_some_and(|literal| *literal != Literal::Null));
    let any = is_field(&of) && constants;
    let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
    let test = ir::ExprKind::In { value: Box::new(of), list, case };
    let test = if any { any_value(test, span) } else { ir::Expr::new(test, span) };
    Ok(negated_if(negated, test))
}

fn like(of: &Expr, op: LikeOp, patterns: &[Spanned<Literal>], span: Span) -> Lowered<ir::Expr> {
    let of = value(of)?;
    if op == LikeOp::Colon {
        return Ok(insensitive_equal(of, patterns, span));
    }
    let patterns = patterns.iter().map(|pattern| pattern_of(op, pattern)).collect::<Lowered<_>>()?;
    let any = is_field(&of);
    let test = ir::ExprKind::Matches { value: Box::new(of), patterns };
    Ok(if any { any_value(test, span) } else { ir::Expr::new(test, span) })
}

fn pattern_of(op: LikeOp, pattern: &Spanned<Literal>) -> Lowered<Pattern> {
    let Literal::String(text) = &pattern.value else {
        let message = "patterns are strings";
        return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message)
            .at(pattern.span)
            .hint("compare numbers with `==`"));
    };
    let case = match op {
        LikeOp::Like | LikeOp::Regex => Case::Sensitive,
        LikeOp::Colon | LikeOp::LikeInsensitive | LikeOp::RegexInsensitive => Case::Insensitive,
    };
    let kind = match op {
        LikeOp::Regex | LikeOp::RegexInsensitive => PatternKind::LuceneRegex(text.clone()),
        _ if has_wildcard(text) => PatternKind::Wildcard(text.replace('\\', "\\\\")),
        _ => PatternKind::Equals(text.clone()),
    };
    Ok(Pattern { kind, case, span: pattern.span })
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// `:`. A list without wildcards is one test; in a list with a wildcard each element is a test of its own.
fn insensitive_equal(of: ir::Expr, patterns: &[Spanned<Literal>], span: Span) -> ir::Expr {
    let wild = |pattern: &Spanned<Literal>| matches!(&pattern.value, Literal::String(text) if has_wildcard(text));
    let literal =
        |pattern: &Spanned<Literal>| ir::Expr::new(ir::ExprKind::Literal(pattern.value.clone()), pattern.span);
    let any = is_field(&of);
    let wrapped = |test, span| if any { any_value(test, span) } else { ir::Expr::new(test, span) };
    let single = |pattern: &Spanned<Literal>, span| {
        let value = Box::new(of.clone());
        let test = match &pattern.value {
            Literal::String(text) if has_wildcard(text) => {
                let kind = PatternKind::Wildcard(text.replace('\\', "\\\\"));
                let patterns = vec![Pattern { kind, case: Case::Insensitive, span: pattern.span }];
                ir::ExprKind::Matches { value, patterns }
            }
            _ => ir::ExprKind::Compare {
                op: CompareOp::Equal,
                left: value,
                right: Box::new(literal(pattern)),
                case: Case::Insensitive,
            },
        };
        wrapped(test, span)
    };
    match patterns {
        [pattern] => single(pattern, span),
        _ if patterns.iter().any(wild) => {
            let tests = patterns.iter().map(|pattern| single(pattern, pattern.span)).collect();
            ir::Expr::new(ir::ExprKind::Or(tests), span)
        }
        _ => {
            let list = patterns.iter().map(literal).collect();
            wrapped(ir::ExprKind::In { value: Box::new(of.clone()), list, case: Case::Insensitive }, span)
        }
    }
}
