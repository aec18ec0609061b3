//! A call as a function sees it while binding: its arguments' types and constants, and the errors about them.

use super::Input;
use crate::types::ColumnType;
use datafusion::scalar::ScalarValue;
use ir::{Diagnostic, Literal, Span, TimeUnit, codes};
use schema::Type;
use std::fmt;

/// A call to be bound.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    /// The call as written.
    pub text: &'c str,
    pub span: Span,
    pub args: &'c [Arg],
    /// The query's clock, in nanoseconds since the epoch: the same for all calls of a query.
    pub now: i64,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Arg {
    pub value: ArgValue,
    /// The argument as written.
    pub text: String,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ArgValue {
    /// An expression, with its value where that is the same for every row.
    Expression {
        ty: ColumnType,
        constant: Option<ScalarValue>,
    },
    TimeSpan {
        count: i64,
        unit: TimeUnit,
    },
    /// Named options, always the last argument.
    Options(Vec<(String, Literal)>),
}

/// Named options with their values.
pub type Options<'c> = &'c [(String, Literal)];

/// A set of types that an argument may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Integer,
    /// `integer` or `long`.
    WholeNumber,
    Numeric,
    String,
    Date,
    Ip,
    Version,
    Any,
}

impl Kind {
    /// Null fits everywhere.
    pub fn accepts(self, ty: Type) -> bool {
        ty == Type::Null
            || match self {
                Kind::Boolean => ty == Type::Boolean,
                Kind::Integer => ty == Type::Integer,
                Kind::WholeNumber => matches!(ty, Type::Integer | Type::Long),
                Kind::Numeric => ty.is_numeric(),
                Kind::String => ty.is_string(),
                Kind::Date => ty.is_date(),
                Kind::Ip => ty == Type::Ip,
                Kind::Version => ty == Type::Version,
                Kind::Any => true,
            }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::WholeNumber => "integer or long",
            Kind::Numeric => "numeric",
            Kind::String => "string",
            Kind::Date => "date",
            Kind::Ip => "ip",
            Kind::Version => "version",
            Kind::Any => "any type",
        })
    }
}

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

impl Call<'_> {
    /// Refuses a call with fewer than `least` or more than `most` arguments.
    pub fn count(&self, least: usize, most: usize) -> Result<(), Diagnostic> {
        let found = self.args.len();
        if (least..=most).contains(&found) {
            return Ok(());
        }
        let expected = match (least, most) {
            (0, 0) => "no arguments".to_string(),
            (1, 1) => "exactly one argument".to_string(),
            (least, most) if least == most => format!("exactly {least} arguments"),
            (least, usize::MAX) => format!("at least {least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let message = format!("[{}] has {found} arguments; expected {expected}", self.text);
        Err(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(self.span))
    }

    /// The type of an argument, which must be of that kind. A string constant stands for a value of another
    /// kind, as ES|QL's implicit casting has it; the binder reads it.
    pub fn expect(&self, at: usize, kind: Kind) -> Result<Type, Diagnostic> {
        let wrong = |found: &str| {
            let ordinal = ORDINALS.get(at).copied().unwrap_or("an");
            let text = self.args.get(at).map_or("", |arg| arg.text.as_str());
            let which = if self.args.len() == 1 { String::new() } else { format!("{ordinal} ") };
            let message =
                format!("{which}argument of [{}] must be [{kind}], found value [{text}] type [{found}]", self.text);
            Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(self.args.get(at).map_or(self.span, |arg| arg.span))
        };
        match self.args.get(at).map(|arg| &arg.value) {
            Some(ArgValue::Expression { ty, .. }) if kind.accepts(ty.ty) => Ok(ty.ty),
            Some(ArgValue::Expression { ty, constant: Some(_) }) if ty.ty.is_string() && !ty.many => match kind {
                Kind::Boolean => Ok(Type::Boolean),
                Kind::Integer => Ok(Type::Integer),
                Kind::WholeNumber => Ok(Type::Long),
                Kind::Numeric => Ok(Type::Double),
                Kind::Date => Ok(Type::Date),
                Kind::Ip => Ok(Type::Ip),
                Kind::Version => Ok(Type::Version),
                Kind::String | Kind::Any => Err(wrong(ty.ty.name())),
            },
            Some(ArgValue::Expression { ty, .. }) => Err(wrong(ty.ty.name())),
            Some(ArgValue::TimeSpan { unit, .. }) if unit.is_calendar() => Err(wrong("date_period")),
            Some(ArgValue::TimeSpan { .. }) => Err(wrong("time_duration")),
            Some(ArgValue::Options(_)) => Err(wrong("map")),
            None => Err(wrong("null")),
        }
    }

    /// The static type of an argument; null for time spans and options.
    pub fn ty(&self, at: usize) -> ColumnType {
        match self.args.get(at).map(|arg| &arg.value) {
            Some(ArgValue::Expression { ty, .. }) => *ty,
            _ => ColumnType::NULL,
        }
    }

    /// The value of a constant argument.
    pub fn constant(&self, at: usize) -> Option<&ScalarValue> {
        match self.args.get(at).map(|arg| &arg.value) {
            Some(ArgValue::Expression { constant, .. }) => constant.as_ref(),
            _ => None,
        }
    }

    /// The text of an argument that is a constant string; `None` where it varies or is null.
    pub fn constant_str(&self, at: usize) -> Option<&str> {
        self.constant(at).and_then(|value| value.try_as_str().flatten())
    }

    /// A refusal of an argument's value.
    pub fn bad_value(&self, at: usize, message: impl Into<String>) -> Diagnostic {
        let span = self.args.get(at).map_or(self.span, |arg| arg.span);
        Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(span)
    }

    /// [`Input::One`] of the kind's type for an argument that [`Call::expect`] accepted.
    pub fn one(&self, at: usize, kind: Kind) -> Result<Input, Diagnostic> {
        self.expect(at, kind).map(Input::One)
    }

    /// The type of an argument that may hold several values, and whether it does; it must be of that kind.
    pub fn column(&self, at: usize, kind: Kind) -> Result<ColumnType, Diagnostic> {
        Ok(ColumnType { ty: self.expect(at, kind)?, many: self.ty(at).many })
    }

    /// A constant string argument; null is `None`.
    pub fn constant_text(&self, at: usize) -> Result<Option<&str>, Diagnostic> {
        self.must_be_constant(at)?;
        Ok(self.constant_str(at))
    }

    /// The value of an argument that is a constant whole number; `None` where it varies or is null.
    pub fn constant_whole_or_none(&self, at: usize) -> Option<i64> {
        match self.constant(at) {
            Some(ScalarValue::Int32(value)) => value.map(i64::from),
            Some(ScalarValue::Int64(value)) => *value,
            Some(ScalarValue::UInt64(value)) => value.and_then(|value| i64::try_from(value).ok()),
            _ => None,
        }
    }

    /// The same for an argument that must be a constant.
    pub fn constant_whole(&self, at: usize) -> Result<Option<i64>, Diagnostic> {
        self.must_be_constant(at)?;
        Ok(self.constant_whole_or_none(at))
    }

    /// Refuses an argument that is not the same for every row.
    pub fn must_be_constant(&self, at: usize) -> Result<(), Diagnostic> {
        match self.args.get(at) {
            Some(Arg { value: ArgValue::Expression { constant: None, .. }, text, span }) => {
                let ordinal = ORDINALS.get(at).copied().unwrap_or("an");
                let message = format!("{ordinal} argument of [{}] must be a constant, received [{text}]", self.text);
                Err(Diagnostic::refusal(codes::NOT_CONSTANT, message).at(*span))
            }
            _ => Ok(()),
        }
    }

    /// The named options, which are the last argument, and the number of arguments before them. Options other than the
    /// `known` are refused.
    pub fn options(&self, known: &[&str]) -> Result<(Options<'_>, usize), Diagnostic> {
        let Some((Arg { value: ArgValue::Options(options), span, .. }, rest)) = self.args.split_last() else {
            return Ok((&[], self.args.len()));
        };
        if let Some((name, _)) = options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let message = format!("invalid option [{name}] in [{}], expected one of {known:?}", self.text);
            return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(*span));
        }
        Ok((options, rest.len()))
    }
}
