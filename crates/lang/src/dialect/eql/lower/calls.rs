//! Calls of functions: tests of strings become patterns where the pattern is constant, the rest calls of canonical
//! functions.

use super::Lowered;
use super::conditions::{any_value, is_field, value};
use crate::dialect::eql::ast::Expr;
use crate::dialect::eql::functions::{self, Function, Meaning};
use crate::similar::similar;
use ir::{Case, Diagnostic, ExprKind, Literal, Pattern, PatternKind, Span, Spanned, codes};

pub(super) fn call(name: &Spanned<String>, insensitive: bool, args: &[Expr], span: Span) -> Lowered<ir::Expr> {
    let function = functions::find(&name.value).ok_or_else(|| unknown(name))?;
    check_count(function, args.len(), name.span)?;
    let meaning = match function.insensitive {
        None if insensitive => {
            let message = format!("`{}` has no case to ignore", function.name);
            return Err(Diagnostic::refusal(codes::UNKNOWN_FUNCTION, message)
                .at(name.span)
                .hint("write it without `~`"));
        }
        Some(meaning) if insensitive => meaning,
        _ => function.meaning,
    };
    let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
    let args = args.iter().map(value).collect::<Lowered<Vec<_>>>()?;
    let canonical = |function: &str, args| {
        let args = if insensitive && function != "between_any_case" { lower_case(args) } else { args };
        plain_call(function, args, name.span, span)
    };
    Ok(match meaning {
        Meaning::Arithmetic(op) => {
            let [left, right] = <[ir::Expr; 2]>::try_from(args).map_err(|_| unknown(name))?;
            let kind = ExprKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) };
            ir::Expr::new(kind, span)
        }
        Meaning::StartsWith => {
            pattern_test(&args, PatternKind::StartsWith, case, span).unwrap_or_else(|| canonical("starts_with", args))
        }
        Meaning::EndsWith => {
            pattern_test(&args, PatternKind::EndsWith, case, span).unwrap_or_else(|| canonical("ends_with", args))
        }
        Meaning::Contains => {
            pattern_test(&args, PatternKind::Contains, case, span).unwrap_or_else(|| canonical("contains", args))
        }
        Meaning::CidrMatch => {
            pattern_test(&args, PatternKind::Cidr, case, span).unwrap_or_else(|| canonical("cidr_match", args))
        }
        Meaning::Concat => canonical("concat", args.into_iter().map(as_string).collect()),
        Meaning::Call(function) => canonical(function, args),
    })
}

/// Whether what a call became is true or false.
pub(super) fn is_test(called: &ir::Expr) -> bool {
    match &called.kind {
        ExprKind::AnyValue(_) | ExprKind::Matches { .. } => true,
        ExprKind::Call { function, .. } => {
            matches!(function.value.as_str(), "starts_with" | "ends_with" | "contains" | "cidr_match")
        }
        _ => false,
    }
}

fn unknown(name: &Spanned<String>) -> Diagnostic {
    let message = format!("there is no function `{}`", name.value);
    let error = Diagnostic::refusal(codes::UNKNOWN_FUNCTION, message).at(name.span);
    match name.value.to_ascii_lowercase().as_str() {
        "wildcard" => error.hint("write `field like \"pattern*\"`"),
        "match" => error.hint("write `field regex \"pattern\"`"),
        lower => match similar(lower, functions::ALL.iter().map(|function| function.name)) {
            Some(meant) => error.hint(format!("a similar function is `{meant}`")),
            None => error,
        },
    }
}

fn check_count(function: &Function, found: usize, span: Span) -> Lowered<()> {
    let Function { name, least, most, .. } = function;
    if (*least..=*most).contains(&found) {
        return Ok(());
    }
    let expected = match (*least, *most) {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    };
    let message = format!("`{name}` takes {expected} argument(s), and here are {found}");
    Err(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(span))
}

/// `function(value, "constant", ...)` as a test of patterns; `None` where a pattern is not constant.
fn pattern_test(args: &[ir::Expr], kind: impl Fn(String) -> PatternKind, case: Case, span: Span) -> Option<ir::Expr> {
    let (of, patterns) = args.split_first()?;
    let pattern = |arg: &ir::Expr| match &arg.kind {
        ExprKind::Literal(Literal::String(text)) => Some(Pattern { kind: kind(text.clone()), case, span: arg.span }),
        _ => None,
    };
    let patterns = patterns.iter().map(pattern).collect::<Option<Vec<_>>>()?;
    let test = ExprKind::Matches { value: Box::new(of.clone()), patterns };
    Some(if is_field(of) { any_value(test, span) } else { ir::Expr::new(test, span) })
}

fn plain_call(function: &str, args: Vec<ir::Expr>, name: Span, span: Span) -> ir::Expr {
    let function = Spanned { value: function.to_owned(), span: name };
    ir::Expr::new(ExprKind::Call { function, args, filter: None }, span)
}

/// Numbers and booleans are written out; the type of a field is not known here.
fn as_string(arg: ir::Expr) -> ir::Expr {
    match &arg.kind {
        ExprKind::Literal(Literal::String(_) | Literal::Null) => arg,
        _ => {
            let span = arg.span;
            plain_call("to_string", vec![arg], span, span)
        }
    }
}

/// The texts that are compared in any case; numbers among the arguments stay.
fn lower_case(args: Vec<ir::Expr>) -> Vec<ir::Expr> {
    let lowered = |(position, arg): (usize, ir::Expr)| {
        let span = arg.span;
        if position < 2 { plain_call("to_lower", vec![arg], span, span) } else { arg }
    };
    args.into_iter().enumerate().map(lowered).collect()
}
