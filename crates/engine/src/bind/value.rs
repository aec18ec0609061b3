//! What an expression binds to.

use crate::types::ColumnType;
use datafusion::{logical_expr::Expr, scalar::ScalarValue};
use ir::TimeUnit;

/// A bound expression.
#[derive(Clone, Debug)]
pub struct Value {
    pub expr: Expr,
    pub ty: ColumnType,
    /// Its value where that is the same for every row.
    pub constant: Option<ScalarValue>,
}

/// What may stand as an argument or operand.
#[derive(Clone, Debug)]
pub enum Operand {
    Value(Value),
    /// A sum of calendar and clock spans.
    Span(Vec<(i64, TimeUnit)>),
    Options(Vec<(String, ir::Literal)>),
}

impl Value {
    pub fn new(expr: Expr, ty: ColumnType) -> Self {
        Value { expr, ty, constant: None }
    }

    pub fn constant(value: ScalarValue, ty: ColumnType) -> Self {
        Value { expr: Expr::Literal(value.clone(), None), ty, constant: Some(value) }
    }

    /// A null of that type.
    pub fn null(ty: ColumnType) -> Self {
        // Every physical type has a null; the fallback is of the type that stands for null itself.
        let value = ScalarValue::try_from(&ty.physical()).unwrap_or(ScalarValue::Boolean(None));
        Value::constant(value, ty)
    }

    /// The expression, or the literal that it always equals.
    pub fn folded(&self) -> Expr {
        match &self.constant {
            Some(value) => Expr::Literal(value.clone(), None),
            None => self.expr.clone(),
        }
    }

    /// The text of a constant string.
    pub fn constant_str(&self) -> Option<&str> {
        self.constant.as_ref().and_then(|value| value.try_as_str().flatten())
    }

    pub fn is_constant_string(&self) -> bool {
        self.ty.ty.is_string() && !self.ty.many && self.constant_str().is_some()
    }
}
