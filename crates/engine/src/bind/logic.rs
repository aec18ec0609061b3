//! `NOT`, `AND`, `OR` and `IS NULL`: DataFusion's own, over single booleans.

use super::{Binder, Value, failed, fold};
use crate::types::ColumnType;
use datafusion::logical_expr::Expr as DfExpr;
use ir::{Diagnostic, Expr, Span, codes};
use schema::Type;

impl Binder<'_> {
    pub(super) fn not(&mut self, inner: &Expr, span: Span) -> Result<Value, Diagnostic> {
        let value = self.boolean(inner, "NOT")?;
        let negated = DfExpr::Not(Box::new(value.folded()));
        fold::value(negated, value.ty, &[&value]).map_err(|error| failed(error, span))
    }

    /// All or any of the parts. The tree is balanced, so that thousands of parts do not nest thousands deep.
    pub(super) fn junction(&mut self, parts: &[Expr], all: bool) -> Result<Value, Diagnostic> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(self.boolean(part, if all { "AND" } else { "OR" })?);
        }
        let span = parts.first().map_or(Span::default(), |part| part.span);
        while values.len() > 1 {
            let mut halved = Vec::with_capacity(values.len().div_ceil(2));
            let mut rest = values.into_iter();
            while let Some(left) = rest.next() {
                let Some(right) = rest.next() else {
                    halved.push(left);
                    break;
                };
                let (l, r) = (left.folded(), right.folded());
                let joined = if all { l.and(r) } else { l.or(r) };
                let ty = ColumnType::one(Type::Boolean);
                halved.push(fold::value(joined, ty, &[&left, &right]).map_err(|error| failed(error, span))?);
            }
            values = halved;
        }
        values.pop().ok_or_else(|| Diagnostic::refusal(codes::SYNTAX, "a condition without parts").at(span))
    }

    pub(super) fn is_null(&mut self, inner: &Expr, negated: bool) -> Result<Value, Diagnostic> {
        let value = self.value(inner)?;
        let test = if negated { value.folded().is_not_null() } else { value.folded().is_null() };
        fold::value(test, ColumnType::one(Type::Boolean), &[&value]).map_err(|error| failed(error, inner.span))
    }

    fn boolean(&mut self, expr: &Expr, operator: &str) -> Result<Value, Diagnostic> {
        let value = self.value(expr)?;
        if !matches!(value.ty.ty, Type::Boolean | Type::Null) {
            let text = self.query.source(expr.span);
            let message =
                format!("argument of [{operator}] must be [boolean], found value [{text}] type [{}]", value.ty.ty);
            return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(expr.span));
        }
        self.single(value, Type::Boolean, expr.span, "null")
    }
}
