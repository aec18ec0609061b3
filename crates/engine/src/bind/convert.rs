//! Conversions that a query makes without saying so, and the ones it asks for with `::`.

use super::{Binder, Operand, Value, failed, fold, time};
use crate::{functions, types::ColumnType};
use arrow::error::ArrowError;
use datafusion::logical_expr::{Cast, Expr as DfExpr};
use ir::{Diagnostic, Expr, Span, Spanned, codes};
use schema::Type;

/// The conversion function to each type, where there is one.
fn function_to(ty: Type) -> Option<&'static str> {
    Some(match ty {
        Type::Boolean => "to_boolean",
        Type::Integer => "to_integer",
        Type::Long => "to_long",
        Type::UnsignedLong => "to_unsigned_long",
        Type::Double => "to_double",
        Type::Keyword => "to_string",
        Type::Date => "to_datetime",
        Type::DateNanos => "to_date_nanos",
        Type::Ip => "to_ip",
        Type::Version => "to_version",
        Type::Text | Type::Null => return None,
    })
}

impl Binder<'_> {
    /// `value::type`.
    pub(super) fn cast(&mut self, inner: &Expr, to: &Spanned<String>, span: Span) -> Result<Operand, Diagnostic> {
        let function = match to.value.as_str() {
            "date_period" => "to_dateperiod",
            "time_duration" => "to_timeduration",
            "datetime" | "date" => "to_datetime",
            // Text and keyword lie alike in memory; nothing converts to analysed text.
            "text" => "to_string",
            name => Type::from_name(name).and_then(function_to).ok_or_else(|| {
                Diagnostic::refusal(codes::UNSUPPORTED_TYPE, format!("no conversion to [{name}]")).at(to.span)
            })?,
        };
        let function = Spanned { value: function.to_string(), span: to.span };
        self.call(&function, std::slice::from_ref(inner), None, span)
    }

    /// The value as type `to`, of as many values as it has. Widens numbers, gives nulls their type, reads constant
    /// strings; everything else is already of the type.
    pub fn convert(&mut self, value: &Value, to: Type, span: Span) -> Result<Value, Diagnostic> {
        let from = value.ty.ty;
        if from == to || (from.is_string() && to.is_string()) {
            return Ok(Value { ty: ColumnType { ty: to, ..value.ty }, ..value.clone() });
        }
        if from == Type::Null {
            return Ok(Value::null(ColumnType::one(to)));
        }
        if value.is_constant_string() {
            return self.read(value, to, span);
        }
        let ty = ColumnType { ty: to, many: value.ty.many };
        let cast = DfExpr::Cast(Cast::new(Box::new(value.folded()), ty.physical()));
        fold::value(cast, ty, &[value]).map_err(|error| failed(error, span))
    }

    /// A constant string as a constant of another type; a refusal if it does not read as one.
    fn read(&mut self, value: &Value, to: Type, span: Span) -> Result<Value, Diagnostic> {
        let text = value.constant_str().unwrap_or_default();
        let refusal = || {
            let shown = if to == Type::Date { "datetime" } else { to.name() };
            Diagnostic::refusal(codes::ARGUMENT_VALUE, format!("Cannot convert string [{text}] to [{shown}]")).at(span)
        };
        let function = function_to(to).and_then(functions::find).ok_or_else(refusal)?;
        let arg = functions::Arg {
            value: functions::ArgValue::Expression { ty: value.ty, constant: value.constant.clone() },
            text: text.to_string(),
            span,
        };
        let call = functions::Call { text, span, args: &[arg], now: self.query.now };
        let bound = function.bind(&call)?;
        let returns = bound.returns;
        // A failure is an error of the query here, not a warning of its rows.
        let unheard = crate::warning::Warnings::default();
        let expr = functions::expression("read", bound, &[value.ty], vec![value.folded()], text, span, &unheard)
            .map_err(|error| failed(error, span))?;
        let read = fold::value(expr, returns, &[value]).map_err(|error| failed(error, span))?;
        match &read.constant {
            Some(constant) if !constant.is_null() => Ok(read),
            _ => Err(refusal()),
        }
    }

    /// A constant string read as a time span: `"3 days"`.
    pub(super) fn span_of(&self, value: &Value) -> Option<Operand> {
        value.constant_str().and_then(time::parse_span).map(|span| Operand::Span(vec![span]))
    }
}

/// The type that both sides of an operator take, for types that may meet; `None` for those that may not.
pub(super) fn common_type(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (a, b) if a == b => Some(a),
        (Type::Null, other) | (other, Type::Null) => Some(other),
        (Type::UnsignedLong, _) | (_, Type::UnsignedLong) => None,
        (Type::Double, b) if b.is_numeric() => Some(Type::Double),
        (a, Type::Double) if a.is_numeric() => Some(Type::Double),
        (Type::Integer, Type::Long) | (Type::Long, Type::Integer) => Some(Type::Long),
        (a, b) if a.is_string() && b.is_string() => Some(Type::Keyword),
        (a, b) if a.is_date() && b.is_date() => Some(Type::DateNanos),
        _ => None,
    }
}

/// Whether constant strings are read as values of the type where one meets them.
pub(super) fn reads_strings(ty: Type) -> bool {
    matches!(ty, Type::Date | Type::DateNanos | Type::Ip | Type::Version | Type::Boolean)
}

/// A column of one value in each row as a column of lists.
pub fn listed(expr: DfExpr, ty: Type) -> datafusion::error::Result<DfExpr> {
    let bound = functions::Bound::new(ColumnType::many(ty), [functions::Input::Many(ty)], |args, _| {
        args.first().cloned().ok_or_else(|| ArrowError::InvalidArgumentError("no list".to_string()))
    });
    let unheard = crate::warning::Warnings::default();
    functions::expression("list", bound, &[ColumnType::one(ty)], vec![expr], "", Span::default(), &unheard)
}
