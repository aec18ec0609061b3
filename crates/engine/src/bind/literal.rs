//! Literals and lists of them.

use super::{Operand, Value};
use crate::types::ColumnType;
use datafusion::scalar::ScalarValue;
use ingest::physical;
use ir::{Diagnostic, Literal, Span, codes};
use schema::Type;
use std::sync::Arc;

/// The constant that a literal stands for.
pub(super) fn bind(literal: &Literal, span: Span) -> Result<Operand, Diagnostic> {
    match literal {
        Literal::TimeSpan { count, unit } => Ok(Operand::Span(vec![(*count, *unit)])),
        Literal::List(items) => list(items, span).map(Operand::Value),
        other => scalar(other)
            .map(|(value, ty)| Operand::Value(Value::constant(value, ColumnType::one(ty))))
            .ok_or_else(|| malformed(span)),
    }
}

fn malformed(span: Span) -> Diagnostic {
    Diagnostic::refusal(codes::LITERAL, "the literal is not a single value").at(span)
}

/// The value and type of a literal of one value.
pub fn scalar(literal: &Literal) -> Option<(ScalarValue, Type)> {
    Some(match literal {
        Literal::Null => (ScalarValue::Boolean(None), Type::Null),
        Literal::Boolean(value) => (ScalarValue::Boolean(Some(*value)), Type::Boolean),
        Literal::Integer(value) => (ScalarValue::Int32(Some(*value)), Type::Integer),
        Literal::Long(value) => (ScalarValue::Int64(Some(*value)), Type::Long),
        Literal::UnsignedLong(value) => (ScalarValue::UInt64(Some(*value)), Type::UnsignedLong),
        Literal::Double(value) => (ScalarValue::Float64(Some(*value)), Type::Double),
        Literal::String(value) => (ScalarValue::Utf8View(Some(value.clone())), Type::Keyword),
        Literal::TimeSpan { .. } | Literal::List(_) => return None,
    })
}

/// A constant of several values; numbers of different widths take the widest. A list of one value is that value.
fn list(items: &[Literal], span: Span) -> Result<Value, Diagnostic> {
    let values: Option<Vec<_>> = items.iter().map(scalar).collect();
    let values = values.ok_or_else(|| malformed(span))?;
    let ty = values.iter().map(|(_, ty)| *ty).reduce(|a, b| if width(b) > width(a) { b } else { a });
    let ty = ty.ok_or_else(|| Diagnostic::refusal(codes::LITERAL, "the list of values is empty").at(span))?;
    let element = physical::of_type(ty);
    if values.iter().any(|(_, other)| *other != ty && !(other.is_numeric() && ty.is_numeric())) {
        return Err(Diagnostic::refusal(codes::LITERAL, "the values of a list must have the same type").at(span));
    }
    let cast: Result<Vec<_>, _> = values.iter().map(|(value, _)| value.cast_to(&element)).collect();
    let cast = cast.map_err(|error| super::failed(error, span))?;
    if let [only] = cast.as_slice() {
        return Ok(Value::constant(only.clone(), ColumnType::one(ty)));
    }
    let list = ScalarValue::new_list(&cast, &element, true);
    Ok(Value::constant(ScalarValue::List(Arc::clone(&list)), ColumnType::many(ty)))
}

/// Orders the numeric types by what they can hold.
fn width(ty: Type) -> u8 {
    match ty {
        Type::Integer => 1,
        Type::Long => 2,
        Type::UnsignedLong => 3,
        Type::Double => 4,
        _ => 0,
    }
}
