//! Tests between two values: comparisons, and the operators on strings with their rules of case.
//!
//! Operators without `_cs` do not tell cases apart, except `==`, `in` and `matches regex`. `has` and its kin look for whole
//! terms. Facts: "String operators" in Microsoft's KQL reference.

use super::{Env, Lowering};
use crate::dialect::kusto::ast::{BinaryOp, Expr, ExprKind};
use ir::{Anchor, Case, CompareOp, Pattern, PatternKind, RegexSyntax, Span, TermPlace};

/// What an operator looks for.
#[derive(Clone, Copy)]
enum Looks {
    Compare(CompareOp),
    Term(TermPlace),
    Contains,
    StartsWith,
    EndsWith,
    Like,
    Regex,
}

/// What an operator means: what it looks for, with which case, and whether it must not be there.
fn meaning(op: BinaryOp) -> (Looks, Case, bool) {
    use BinaryOp as Op;
    use Case::{Insensitive, Sensitive};
    match op {
        Op::NotEqual => (Looks::Compare(CompareOp::NotEqual), Sensitive, false),
        Op::Less => (Looks::Compare(CompareOp::Less), Sensitive, false),
        Op::LessOrEqual => (Looks::Compare(CompareOp::LessOrEqual), Sensitive, false),
        Op::Greater => (Looks::Compare(CompareOp::Greater), Sensitive, false),
        Op::GreaterOrEqual => (Looks::Compare(CompareOp::GreaterOrEqual), Sensitive, false),
        Op::EqualFolded => (Looks::Compare(CompareOp::Equal), Insensitive, false),
        Op::NotEqualFolded => (Looks::Compare(CompareOp::NotEqual), Insensitive, false),
        Op::Has => (Looks::Term(TermPlace::Whole), Insensitive, false),
        Op::NotHas => (Looks::Term(TermPlace::Whole), Insensitive, true),
        Op::HasCs => (Looks::Term(TermPlace::Whole), Sensitive, false),
        Op::NotHasCs => (Looks::Term(TermPlace::Whole), Sensitive, true),
        Op::HasPrefix => (Looks::Term(TermPlace::Start), Insensitive, false),
        Op::NotHasPrefix => (Looks::Term(TermPlace::Start), Insensitive, true),
        Op::HasPrefixCs => (Looks::Term(TermPlace::Start), Sensitive, false),
        Op::NotHasPrefixCs => (Looks::Term(TermPlace::Start), Sensitive, true),
        Op::HasSuffix => (Looks::Term(TermPlace::End), Insensitive, false),
        Op::NotHasSuffix => (Looks::Term(TermPlace::End), Insensitive, true),
        Op::HasSuffixCs => (Looks::Term(TermPlace::End), Sensitive, false),
        Op::NotHasSuffixCs => (Looks::Term(TermPlace::End), Sensitive, true),
        Op::Contains => (Looks::Contains, Insensitive, false),
        Op::NotContains => (Looks::Contains, Insensitive, true),
        Op::ContainsCs => (Looks::Contains, Sensitive, false),
        Op::NotContainsCs => (Looks::Contains, Sensitive, true),
        Op::StartsWith => (Looks::StartsWith, Insensitive, false),
        Op::NotStartsWith => (Looks::StartsWith, Insensitive, true),
        Op::StartsWithCs => (Looks::StartsWith, Sensitive, false),
        Op::NotStartsWithCs => (Looks::StartsWith, Sensitive, true),
        Op::EndsWith => (Looks::EndsWith, Insensitive, false),
        Op::NotEndsWith => (Looks::EndsWith, Insensitive, true),
        Op::EndsWithCs => (Looks::EndsWith, Sensitive, false),
        Op::NotEndsWithCs => (Looks::EndsWith, Sensitive, true),
        Op::Like => (Looks::Like, Insensitive, false),
        Op::NotLike => (Looks::Like, Insensitive, true),
        Op::LikeCs => (Looks::Like, Sensitive, false),
        Op::NotLikeCs => (Looks::Like, Sensitive, true),
        Op::MatchesRegex => (Looks::Regex, Sensitive, false),
        // Arithmetic is no test; `==` is what is left.
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder | Op::Equal => {
            (Looks::Compare(CompareOp::Equal), Sensitive, false)
        }
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn test(
        &mut self,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
        env: &Env<'a>,
    ) -> ir::Expr {
        // `* has "x"`: some column of the row.
        let any_column = left.kind == ExprKind::Star;
        let value =
            if any_column { ir::Expr::new(ir::ExprKind::EventText, left.span) } else { self.value_in(left, env) };
        let right = self.value_in(right, env);
        let (looks, case, negated) = meaning(op);
        let kind = match (looks, text_of(&right)) {
            (Looks::Compare(op), _) => {
                ir::ExprKind::Compare { op, left: Box::new(value), right: Box::new(right), case }
            }
            (looks, Some(text)) => {
                let pattern = Pattern { kind: pattern(looks, text), case, span: right.span };
                ir::ExprKind::Matches { value: Box::new(value), patterns: vec![pattern] }
            }
            (looks, None) => computed(looks, op, case, value, right, span),
        };
        let mut test = ir::Expr::new(kind, span);
        if any_column {
            test = ir::Expr::new(ir::ExprKind::AnyValue(Box::new(test)), span);
        }
        negated_if(negated, test)
    }

    /// A word to look for in every column, with `*` at its ends or inside.
    pub(super) fn word(text: &str, span: Span) -> ir::Expr {
        let inner = text.trim_matches('*');
        let kind = match (text.starts_with('*'), text.ends_with('*')) {
            _ if inner.contains('*') => PatternKind::Wildcard(format!("*{}*", wildcard(text))),
            (false, false) => PatternKind::Term { text: text.to_owned(), place: TermPlace::Whole },
            (false, true) => PatternKind::Term { text: inner.to_owned(), place: TermPlace::Start },
            (true, false) => PatternKind::Term { text: inner.to_owned(), place: TermPlace::End },
            (true, true) => PatternKind::Contains(inner.to_owned()),
        };
        let value = Box::new(ir::Expr::new(ir::ExprKind::EventText, span));
        let patterns = vec![Pattern { kind, case: Case::Insensitive, span }];
        let test = ir::Expr::new(ir::ExprKind::Matches { value, patterns }, span);
        ir::Expr::new(ir::ExprKind::AnyValue(Box::new(test)), span)
    }
}

pub(super) fn negated_if(negated: bool, expr: ir::Expr) -> ir::Expr {
    let span = expr.span;
    if negated { ir::Expr::new(ir::ExprKind::Not(Box::new(expr)), span) } else { expr }
}

/// The text of a constant; numbers as they are written.
pub(super) fn text_of(expr: &ir::Expr) -> Option<String> {
    match &expr.kind {
        ir::ExprKind::Literal(ir::Literal::String(text)) => Some(text.clone()),
        ir::ExprKind::Literal(
            literal @ (ir::Literal::Integer(_)
            | ir::Literal::Long(_)
            | ir::Literal::Double(_)
            | ir::Literal::Boolean(_)),
        ) => Some(literal.to_string()),
        _ => None,
    }
}

fn pattern(looks: Looks, text: String) -> PatternKind {
    match looks {
        Looks::Term(place) => PatternKind::Term { text, place },
        Looks::Contains => PatternKind::Contains(text),
        Looks::StartsWith => PatternKind::StartsWith(text),
        Looks::EndsWith => PatternKind::EndsWith(text),
        Looks::Like => PatternKind::Wildcard(wildcard(&text)),
        Looks::Regex => PatternKind::Regex { pattern: text, syntax: RegexSyntax::Re2, anchor: Anchor::Anywhere },
        Looks::Compare(_) => PatternKind::Equals(text),
    }
}

/// A pattern in which only `*` means something.
fn wildcard(text: &str) -> String {
    text.replace('\\', "\\\\").replace('?', "\\?")
}

/// A test whose pattern is no constant.
fn computed(looks: Looks, op: BinaryOp, case: Case, value: ir::Expr, right: ir::Expr, span: Span) -> ir::ExprKind {
    let function = match looks {
        Looks::Contains => "contains".to_owned(),
        Looks::StartsWith => "starts_with".to_owned(),
        Looks::EndsWith => "ends_with".to_owned(),
        _ => format!(
            "kusto_{}",
            op.spelling().trim_start_matches(['!', ' ']).trim_start_matches("not").replace(' ', "_")
        ),
    };
    let fold = case == Case::Insensitive && !function.starts_with("kusto_");
    let args = [value, right].map(|arg| {
        let span = arg.span;
        if fold { Lowering::call("to_lower", vec![arg], span) } else { arg }
    });
    Lowering::call(&function, args.to_vec(), span).kind
}
