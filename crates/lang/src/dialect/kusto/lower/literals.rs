//! Constants, and the names of types.

use super::Lowering;
use crate::dialect::kusto::ast::{Expr, ExprKind, Json, JsonKind, Literal};
use ir::{Diagnostic, Span, Spanned, TimeUnit, codes};

/// Each type with its name in the IR.
const TYPES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("date", "datetime"),
    ("datetime", "datetime"),
    ("decimal", "double"),
    ("double", "double"),
    ("dynamic", "kusto_dynamic"),
    ("guid", "keyword"),
    ("int", "integer"),
    ("int32", "integer"),
    ("int64", "long"),
    ("long", "long"),
    ("real", "double"),
    ("string", "keyword"),
    ("time", "time_duration"),
    ("timespan", "time_duration"),
    ("uniqueid", "keyword"),
    ("uuid", "keyword"),
];

/// The name of a type in the IR; unknown ones keep theirs.
pub(in crate::dialect::kusto) fn type_name(written: &str) -> &str {
    TYPES.iter().find(|(name, _)| *name == written).map_or(written, |(_, canonical)| canonical)
}

/// Ticks, of 100 nanoseconds each, in the units of a bare span of time.
const UNITS: &[(&[&str], f64, TimeUnit)] = &[
    (&["d", "day", "days"], 864e9, TimeUnit::Day),
    (&["h", "hour", "hours", "hr", "hrs"], 36e9, TimeUnit::Hour),
    (&["m", "min", "minute", "minutes"], 6e8, TimeUnit::Minute),
    (&["s", "sec", "second", "seconds"], 1e7, TimeUnit::Second),
    (&["ms", "milli", "millis", "millisec", "millisecond", "milliseconds"], 1e4, TimeUnit::Millisecond),
    (&["micro", "micros", "microsec", "microsecond", "microseconds"], 10.0, TimeUnit::Millisecond),
    (&["nano", "nanos", "nanosec", "nanosecond", "nanoseconds"], 0.01, TimeUnit::Millisecond),
    (&["tick", "ticks"], 1.0, TimeUnit::Millisecond),
];

impl<'a> Lowering<'a> {
    pub(super) fn literal(&mut self, literal: &Literal, span: Span) -> ir::Expr {
        let kind = match literal {
            Literal::Boolean(value) => ir::ExprKind::Literal(ir::Literal::Boolean(*value)),
            Literal::Long(value) => ir::ExprKind::Literal(integer(*value)),
            Literal::Real(value) => ir::ExprKind::Literal(ir::Literal::Double(*value)),
            Literal::Text(text) | Literal::HiddenText(text) => ir::ExprKind::Literal(ir::Literal::String(text.clone())),
            Literal::Span(text) => {
                return span_of_time(text, span).unwrap_or_else(|| self.bad_literal("span of time", text, span));
            }
            Literal::Typed { type_name, text } => return self.typed(type_name, text, span),
            Literal::Dynamic(json) => return self.json(json),
        };
        ir::Expr::new(kind, span)
    }

    fn typed(&mut self, name: &str, text: &str, span: Span) -> ir::Expr {
        let unquoted = text.trim_matches(['"', '\'']);
        if text == "null" {
            return ir::Expr::new(ir::ExprKind::Literal(ir::Literal::Null), span);
        }
        let literal = match type_name(name) {
            "boolean" => match text {
                "true" | "True" | "TRUE" | "1" => Some(ir::Literal::Boolean(true)),
                "false" | "False" | "FALSE" | "0" => Some(ir::Literal::Boolean(false)),
                _ => None,
            },
            "integer" | "long" => whole(text).map(integer),
            "double" => match text {
                "nan" => Some(ir::Literal::Double(f64::NAN)),
                "+inf" | "inf" => Some(ir::Literal::Double(f64::INFINITY)),
                "-inf" => Some(ir::Literal::Double(f64::NEG_INFINITY)),
                _ => text.parse().ok().filter(|value: &f64| value.is_finite()).map(ir::Literal::Double),
            },
            "time_duration" => return self.duration(name, unquoted, span),
            "datetime" => {
                let text = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::String(unquoted.to_owned())), span);
                let to = Spanned { value: "datetime".to_owned(), span };
                return ir::Expr::new(ir::ExprKind::Cast { value: Box::new(text), to }, span);
            }
            _ => Some(ir::Literal::String(unquoted.to_owned())),
        };
        match literal {
            Some(literal) => ir::Expr::new(ir::ExprKind::Literal(literal), span),
            None => self.bad_literal(name, text, span),
        }
    }

    fn bad_literal(&mut self, name: &str, text: &str, span: Span) -> ir::Expr {
        self.report(Diagnostic::refusal(codes::LITERAL, format!("`{text}` is no {name}")).at(span));
        ir::Expr::new(ir::ExprKind::Unread, span)
    }

    /// `timespan(1d)`, `timespan(2.03:04:05.678)`, or a number of days.
    fn duration(&mut self, name: &str, text: &str, span: Span) -> ir::Expr {
        if text.ends_with(|last: char| last.is_ascii_alphabetic()) {
            return span_of_time(text, span).unwrap_or_else(|| self.bad_literal(name, text, span));
        }
        let (days, clock) = match text.split_once(':') {
            None => (text, ""),
            Some((head, _)) => match head.split_once('.') {
                Some((days, _)) => (days, text.get(days.len() + 1..).unwrap_or("")),
                None => ("0", text),
            },
        };
        let mut parts = clock.split(':').map(|part| part.parse::<f64>().ok());
        let mut part = || parts.next().unwrap_or(Some(0.0));
        let ticks = match (days.parse::<f64>(), clock, part(), part(), part()) {
            (Ok(days), "", ..) => Some(days * 864e9),
            (Ok(days), _, Some(hours), Some(minutes), Some(seconds)) => {
                Some(days * 864e9 + hours * 36e9 + minutes * 6e8 + seconds * 1e7)
            }
            _ => None,
        };
        match ticks {
            Some(ticks) => of_ticks(ticks, text, span),
            None => self.bad_literal(name, text, span),
        }
    }

    /// Arrays of constants are constants of several values; objects are JSON.
    fn json(&mut self, json: &Json) -> ir::Expr {
        if let Some(literal) = json_literal(json) {
            return ir::Expr::new(ir::ExprKind::Literal(literal), json.span);
        }
        match &json.kind {
            JsonKind::Literal(literal) => self.literal(literal, json.span),
            _ => {
                let expr = Expr { kind: ExprKind::Literal(Literal::Dynamic(json.clone())), span: json.span };
                let printed = crate::dialect::kusto::print_expr(&expr);
                let text = printed.strip_prefix("dynamic(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(&printed);
                let text = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::String(text.to_owned())), json.span);
                Self::call("kusto_parse_json", vec![text], json.span)
            }
        }
    }

    /// The type that `typeof(...)` names.
    pub fn type_of(&mut self, expr: &Expr) -> Option<Spanned<String>> {
        match &expr.kind {
            ExprKind::Literal(Literal::Typed { type_name: name, text }) if name == "typeof" => {
                Some(Spanned { value: type_name(text).to_owned(), span: expr.span })
            }
            _ => {
                let error = Diagnostic::refusal(codes::SYNTAX, "a type is written as `typeof(string)`");
                self.report(error.at(expr.span));
                None
            }
        }
    }
}

fn json_literal(json: &Json) -> Option<ir::Literal> {
    match &json.kind {
        JsonKind::Null => Some(ir::Literal::Null),
        JsonKind::Literal(literal) => match &**literal {
            Literal::Boolean(value) => Some(ir::Literal::Boolean(*value)),
            Literal::Long(value) => Some(integer(*value)),
            Literal::Real(value) => Some(ir::Literal::Double(*value)),
            Literal::Text(text) | Literal::HiddenText(text) => Some(ir::Literal::String(text.clone())),
            _ => None,
        },
        JsonKind::Array(items) => {
            let scalar = |item: &Json| match item.kind {
                JsonKind::Array(_) => None,
                _ => json_literal(item),
            };
            items.iter().map(scalar).collect::<Option<Vec<_>>>().map(ir::Literal::List)
        }
        JsonKind::Object(_) => None,
    }
}

/// In the narrowest width.
fn integer(value: i64) -> ir::Literal {
    i32::try_from(value).map_or(ir::Literal::Long(value), ir::Literal::Integer)
}

fn whole(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// `1d`, `2.5h`
fn span_of_time(text: &str, span: Span) -> Option<ir::Expr> {
    let digits = text.find(|found: char| found.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number = number.trim();
    let (_, ticks, unit) = UNITS.iter().find(|(names, ..)| names.contains(&unit))?;
    if let Ok(count) = number.parse::<i64>()
        && *ticks >= 1e4
    {
        let literal = ir::Literal::TimeSpan { count, unit: *unit };
        return Some(ir::Expr::new(ir::ExprKind::Literal(literal), span));
    }
    Some(of_ticks(ticks * number.parse::<f64>().ok()?, text, span))
}

/// A span in the largest unit that it is a whole number of; shorter ones than a millisecond keep their text.
fn of_ticks(ticks: f64, text: &str, span: Span) -> ir::Expr {
    for (_, length, unit) in UNITS.iter().take_while(|(_, length, _)| *length >= 1e4) {
        let count = ticks / length;
        if count.fract() == 0.0 && count.abs() < 9e15 {
            // Whole and in range, as was just checked.
            let literal = ir::Literal::TimeSpan { count: count as i64, unit: *unit };
            return ir::Expr::new(ir::ExprKind::Literal(literal), span);
        }
    }
    let text = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::String(text.to_owned())), span);
    Lowering::call("kusto_totimespan", vec![text], span)
}
