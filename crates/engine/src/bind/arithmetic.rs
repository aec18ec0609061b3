//! `+ - * / %` and the unary minus.
//!
//! DataFusion's integer operators wrap or fail where ES|QL gives null and a warning, so these are kernels of our own.

use super::{Binder, Operand, Value, convert::common_type, time::Shift};
use crate::{
    functions::{Bound, Evaluation, Input},
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray, PrimitiveBuilder},
    datatypes::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType, TimestampNanosecondType, UInt64Type},
    error::ArrowError,
};
use ir::{BinaryOp, Diagnostic, Expr, Span, codes};
use schema::Type;
use std::sync::Arc;

impl Binder<'_> {
    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Result<Operand, Diagnostic> {
        let (l, r) = (self.operand(left)?, self.operand(right)?);
        match (l, r) {
            (Operand::Value(l), Operand::Value(r)) => self.numbers(op, l, r, span),
            (Operand::Value(date), Operand::Span(by)) => self.shift(op, date, by, left.span, span),
            (Operand::Span(by), Operand::Value(date)) if op == BinaryOp::Add => {
                self.shift(op, date, by, right.span, span)
            }
            (Operand::Span(mut l), Operand::Span(r)) if matches!(op, BinaryOp::Add | BinaryOp::Subtract) => {
                let sign = if op == BinaryOp::Add { 1 } else { -1 };
                l.extend(r.into_iter().map(|(count, unit)| (count.saturating_mul(sign), unit)));
                Ok(Operand::Span(l))
            }
            _ => Err(self.unfit(op, span)),
        }
    }

    fn unfit(&self, op: BinaryOp, span: Span) -> Diagnostic {
        let text = self.query.source(span);
        let message = format!("[{}] has arguments with incompatible types in [{text}]", symbol(op));
        Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span)
    }

    fn numbers(&mut self, op: BinaryOp, l: Value, r: Value, span: Span) -> Result<Operand, Diagnostic> {
        // A constant string next to a date is a time span.
        for (date, text) in [(&l, &r), (&r, &l)] {
            if date.ty.ty.is_date()
                && text.is_constant_string()
                && let Some(Operand::Span(by)) = self.span_of(text)
            {
                return self.shift(op, date.clone(), by, span, span);
            }
        }
        let fits = |ty: Type| ty.is_numeric() || ty == Type::Null;
        for (ordinal, side) in [("first", &l), ("second", &r)] {
            if !fits(side.ty.ty) && !(side.ty.ty.is_date() && (l.ty.ty == Type::Null || r.ty.ty == Type::Null)) {
                let text = self.query.source(span);
                let message = if side.ty.ty.is_date() {
                    format!(
                        "[{}] has arguments with incompatible types [{}] and [{}]",
                        symbol(op),
                        shown(l.ty.ty),
                        shown(r.ty.ty)
                    )
                } else {
                    format!(
                        "{ordinal} argument of [{text}] must be [numeric], found value [{}] type [{}]",
                        self.query.source(span),
                        shown(side.ty.ty)
                    )
                };
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span));
            }
        }
        let ty = common_type(l.ty.ty, r.ty.ty).ok_or_else(|| {
            let text = self.query.source(span);
            let message = format!(
                "first argument of [{text}] is [{}] and second is [{}]. [unsigned_long] can only be operated on \
                 together with another [unsigned_long]",
                l.ty.ty, r.ty.ty
            );
            Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span)
        })?;
        if l.ty.ty == Type::Null || r.ty.ty == Type::Null {
            return Ok(Operand::Value(Value::null(ColumnType::one(ty))));
        }
        let (l, r) = (self.convert(&l, ty, span)?, self.convert(&r, ty, span)?);
        let bound = match ty {
            Type::Integer => binary::<Int32Type>(ty, move |a, b| integer(op, a, b)),
            Type::Long => binary::<Int64Type>(ty, move |a, b| long(op, a, b)),
            Type::UnsignedLong => binary::<UInt64Type>(ty, move |a, b| unsigned(op, a, b)),
            _ => binary::<Float64Type>(ty, move |a, b| double(op, a, b)),
        };
        self.apply(symbol(op), bound, &[&l, &r], span).map(Operand::Value)
    }

    /// A date moved by a time span.
    fn shift(
        &mut self,
        op: BinaryOp,
        date: Value,
        by: Vec<(i64, ir::TimeUnit)>,
        date_span: Span,
        span: Span,
    ) -> Result<Operand, Diagnostic> {
        if !matches!(op, BinaryOp::Add | BinaryOp::Subtract) {
            return Err(self.unfit(op, span));
        }
        let date = if date.is_constant_string() { self.convert(&date, Type::Date, date_span)? } else { date };
        let ty = date.ty.ty;
        if ty == Type::Null {
            return Ok(Operand::Value(date));
        }
        let shift = Shift::of(&by).and_then(|shift| if op == BinaryOp::Add { Some(shift) } else { shift.negated() });
        let shift =
            shift.ok_or_else(|| Diagnostic::refusal(codes::LITERAL, "the time span is out of range").at(span))?;
        let bound = match ty {
            Type::Date => unary::<TimestampMillisecondType>(ty, move |at| shift.apply(at, 1_000)),
            Type::DateNanos => unary::<TimestampNanosecondType>(ty, move |at| shift.apply(at, 1_000_000_000)),
            _ => return Err(self.unfit(op, span)),
        };
        self.apply(symbol(op), bound, &[&date], span).map(Operand::Value)
    }

    pub(super) fn negate(&mut self, inner: &Expr, span: Span) -> Result<Operand, Diagnostic> {
        let value = match self.operand(inner)? {
            Operand::Span(by) => {
                return Ok(Operand::Span(by.into_iter().map(|(count, unit)| (count.saturating_neg(), unit)).collect()));
            }
            Operand::Value(value) => value,
            Operand::Options(_) => return Err(self.unfit(BinaryOp::Subtract, span)),
        };
        let overflow = |ty: &str| Reason::Arithmetic(format!("{ty} overflow"));
        let bound = match value.ty.ty {
            Type::Null => return Ok(Operand::Value(value)),
            ty @ Type::Integer => unary::<Int32Type>(ty, move |v| v.checked_neg().ok_or_else(|| overflow("integer"))),
            ty @ Type::Long => unary::<Int64Type>(ty, move |v| v.checked_neg().ok_or_else(|| overflow("long"))),
            ty @ Type::Double => unary::<Float64Type>(ty, |v| Ok(-v)),
            other => {
                let (text, found) = (self.query.source(span), self.query.source(inner.span));
                let message =
                    format!("argument of [{text}] must be [numeric], found value [{found}] type [{}]", shown(other));
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span));
            }
        };
        self.apply("negate", bound, &[&value], span).map(Operand::Value)
    }
}

/// The name that messages use for a type.
fn shown(ty: Type) -> &'static str {
    if ty == Type::Date { "datetime" } else { ty.name() }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
    }
}

/// Applies a partial function to each pair.
fn binary<T: ArrowPrimitiveType>(
    ty: Type,
    apply: impl Fn(T::Native, T::Native) -> Result<T::Native, Reason> + Send + Sync + 'static,
) -> Bound {
    Bound::new(ColumnType::one(ty), [Input::One(ty), Input::One(ty)], move |args, evaluation| {
        let [l, r] = args else { return Err(arity()) };
        let (l, r) = (l.as_primitive::<T>(), r.as_primitive::<T>());
        Ok(each::<T>(l.len(), evaluation, |row| {
            (l.is_valid(row) && r.is_valid(row)).then(|| apply(l.value(row), r.value(row)))
        }))
    })
}

/// Applies a partial function to each value.
fn unary<T: ArrowPrimitiveType>(
    ty: Type,
    apply: impl Fn(T::Native) -> Result<T::Native, Reason> + Send + Sync + 'static,
) -> Bound {
    Bound::new(ColumnType::one(ty), [Input::One(ty)], move |args, evaluation| {
        let [values] = args else { return Err(arity()) };
        let values = values.as_primitive::<T>();
        Ok(each::<T>(values.len(), evaluation, |row| values.is_valid(row).then(|| apply(values.value(row)))))
    })
}

fn each<T: ArrowPrimitiveType>(
    rows: usize,
    evaluation: &mut Evaluation<'_>,
    compute: impl Fn(usize) -> Option<Result<T::Native, Reason>>,
) -> ArrayRef {
    let mut results = PrimitiveBuilder::<T>::with_capacity(rows);
    for row in 0..rows {
        results.append_option(compute(row).and_then(|result| evaluation.check(result)));
    }
    let results: PrimitiveArray<T> = results.finish();
    Arc::new(results)
}

fn arity() -> ArrowError {
    ArrowError::InvalidArgumentError("an operator was handed another number of operands".to_string())
}

fn by_zero() -> Reason {
    Reason::Arithmetic("/ by zero".to_string())
}

macro_rules! whole {
    ($name:ident, $type:ty, $overflow:literal) => {
        fn $name(op: BinaryOp, a: $type, b: $type) -> Result<$type, Reason> {
            let result = match op {
                BinaryOp::Add => a.checked_add(b),
                BinaryOp::Subtract => a.checked_sub(b),
                BinaryOp::Multiply => a.checked_mul(b),
                BinaryOp::Divide | BinaryOp::Remainder if b == 0 => return Err(by_zero()),
                BinaryOp::Divide => a.checked_div(b),
                BinaryOp::Remainder => Some(a.wrapping_rem(b)),
            };
            result.ok_or_else(|| Reason::Arithmetic($overflow.to_string()))
        }
    };
}

whole!(integer, i32, "integer overflow");
whole!(long, i64, "long overflow");
whole!(unsigned, u64, "unsigned_long overflow");

fn double(op: BinaryOp, a: f64, b: f64) -> Result<f64, Reason> {
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide | BinaryOp::Remainder if b == 0.0 => return Err(by_zero()),
        BinaryOp::Divide => a / b,
        BinaryOp::Remainder => a % b,
    };
    if result.is_finite() {
        return Ok(result);
    }
    let shown = if result.is_nan() {
        "NaN"
    } else if result > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    Err(Reason::Arithmetic(format!("not a finite double number: {shown}")))
}
