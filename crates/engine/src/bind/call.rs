//! Calls of scalar functions.

use super::{Binder, Operand, Value, failed, fold, time};
use crate::functions::{self, Arg, ArgValue, Call, Input};
use ir::{Diagnostic, Expr, Span, Spanned, TimeUnit, codes};
use schema::Type;

impl Binder<'_> {
    pub(super) fn call(
        &mut self,
        function: &Spanned<String>,
        args: &[Expr],
        filter: Option<&Expr>,
        span: Span,
    ) -> Result<Operand, Diagnostic> {
        let name = function.value.as_str();
        if filter.is_some() {
            let message = format!("WHERE may only follow an aggregate function, found [{name}]");
            return Err(Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(span));
        }
        match name {
            "to_dateperiod" | "to_timeduration" => return self.time_span(name, args, span),
            _ => {}
        }
        let Some(found) = functions::find(name) else { return Err(self.no_function(function, span)) };
        let operands: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect::<Result<_, _>>()?;
        let described: Vec<Arg> =
            args.iter().zip(&operands).map(|(arg, operand)| self.describe(arg, operand)).collect::<Result<_, _>>()?;
        let text = self.query.source(span);
        let call = Call { text, span, args: &described, now: self.query.now };
        let bound = found.bind(&call)?;
        let mut values = Vec::with_capacity(operands.len());
        for ((operand, input), arg) in operands.iter().zip(&bound.inputs).zip(args) {
            values.push(match (operand, input) {
                (Operand::Value(value), Input::One(ty) | Input::Many(ty)) if *ty != Type::Null => {
                    self.convert(value, *ty, arg.span)?
                }
                (Operand::Value(value), _) => value.clone(),
                _ => Value::null(crate::types::ColumnType::NULL),
            });
        }
        let types: Vec<_> = values.iter().map(|value| value.ty).collect();
        let exprs = values.iter().map(Value::folded).collect();
        let returns = bound.returns;
        let name = found.doc().name;
        let expr = functions::expression(name, bound, &types, exprs, text, span, &self.query.warnings)
            .map_err(|error| failed(error, span))?;
        let borrowed: Vec<&Value> = values.iter().collect();
        fold::value(expr, returns, &borrowed).map(Operand::Value).map_err(|error| failed(error, span))
    }

    /// An argument of an aggregate call: how the function sees it, and its value.
    pub fn argument(&mut self, arg: &Expr) -> Result<(Arg, Value), Diagnostic> {
        let operand = self.operand(arg)?;
        let described = self.describe(arg, &operand)?;
        let value = match operand {
            Operand::Value(value) => value,
            Operand::Span(_) | Operand::Options(_) => Value::null(crate::types::ColumnType::NULL),
        };
        Ok((described, value))
    }

    /// A function of one argument, for a stage that needs it.
    pub fn function_of(&self, name: &str, value: &Value, span: Span) -> Result<Value, Diagnostic> {
        let missing = || Diagnostic::refusal(codes::EXECUTION, format!("the function `{name}` is missing")).at(span);
        let function = functions::find(name).ok_or_else(missing)?;
        let text = self.query.source(span);
        let arg = ArgValue::Expression { ty: value.ty, constant: value.constant.clone() };
        let args = [Arg { value: arg, text: text.to_string(), span }];
        let bound = function.bind(&Call { text, span, args: &args, now: self.query.now })?;
        self.apply(function.doc().name, bound, &[value], span)
    }

    /// How a function sees an argument.
    fn describe(&self, arg: &Expr, operand: &Operand) -> Result<Arg, Diagnostic> {
        let value = match operand {
            Operand::Value(value) => ArgValue::Expression { ty: value.ty, constant: value.constant.clone() },
            Operand::Options(options) => ArgValue::Options(options.clone()),
            Operand::Span(spans) => match spans.as_slice() {
                [(count, unit)] => ArgValue::TimeSpan { count: *count, unit: *unit },
                _ => {
                    let message = format!("the time span [{}] must be of one unit", self.query.source(arg.span));
                    return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(arg.span));
                }
            },
        };
        Ok(Arg { value, text: self.query.source(arg.span).to_string(), span: arg.span })
    }

    /// A constant string, or a span already, as a time span.
    fn time_span(&mut self, name: &str, args: &[Expr], span: Span) -> Result<Operand, Diagnostic> {
        let [arg] = args else {
            let message =
                format!("[{}] has {} arguments; expected exactly one argument", self.query.source(span), args.len());
            return Err(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(span));
        };
        let operand = self.operand(arg)?;
        let spans = match &operand {
            Operand::Span(spans) => Some(spans.clone()),
            Operand::Value(value) => value.constant_str().and_then(time::parse_span).map(|span| vec![span]),
            Operand::Options(_) => None,
        };
        let calendar = name == "to_dateperiod";
        let fits = |unit: &TimeUnit| unit.is_calendar() == calendar;
        match spans {
            Some(spans) if spans.iter().all(|(_, unit)| fits(unit)) => Ok(Operand::Span(spans)),
            _ => {
                let kind = if calendar { "date_period" } else { "time_duration" };
                let message = format!("Cannot convert [{}] to [{kind}]", self.query.source(arg.span));
                Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(arg.span))
            }
        }
    }

    /// The refusal of a name that is no scalar function.
    pub fn no_function(&self, function: &Spanned<String>, span: Span) -> Diagnostic {
        let name = &function.value;
        if crate::aggregates::find(name).is_some() {
            let message = format!("aggregate function [{}] not allowed outside STATS command", self.query.source(span));
            return Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(span);
        }
        let aggregates: Vec<&str> = crate::aggregates::ALL.iter().map(|aggregate| aggregate.doc().name).collect();
        functions::missing(name, function.span, &aggregates)
    }
}
