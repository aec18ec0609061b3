//! AST to an `ir` condition: what kuery leaves unsaid is said here.
//!
//! * A field passes a test if one of its values does, and a missing field passes none: every test stands in `AnyValue`.
//! * Case counts, as it does in Elasticsearch's `term` queries on keyword fields. In analysed text fields (`message`) a
//!   value is looked for among the words of the text in any case, and an unquoted value of several words fits where one
//!   of them does. Which fields are which is known to the engine only, and so it has to decide that.
//! * `*` is a wildcard outside quotes; nothing else is, not `?` either.
//! * A name of a field with `*` keeps it and stands for every field that fits.
//! * Words that are `true` or `false` are booleans; numbers stay text, which `AnyValue` compares with numbers.

use super::Options;
use super::ast::{Node, NodeKind, Piece, Query, Value, ValueKind, Values, ValuesKind};
use crate::dialect::range_value::range_value;
use ir::{CompareOp, Expr, ExprKind, Literal, Pattern, PatternKind, Span, Spanned, TermPlace};

pub(super) fn query(query: &Query, options: &Options) -> Expr {
    let lowering = Lowering { options };
    match &query.condition {
        Some(condition) => lowering.node(condition, ""),
        None => truth(query.span),
    }
}

struct Lowering<'a> {
    options: &'a Options,
}

fn truth(span: Span) -> Expr {
    Expr::new(ExprKind::Literal(Literal::Boolean(true)), span)
}

fn any_value(test: ExprKind, span: Span) -> Expr {
    Expr::new(ExprKind::AnyValue(Box::new(Expr::new(test, span))), span)
}

fn literal(value: Literal, span: Span) -> Expr {
    Expr::new(ExprKind::Literal(value), span)
}

impl Lowering<'_> {
    /// `path` is the nested field around the node with a dot at its end; names inside are relative to it.
    fn node(&self, node: &Node, path: &str) -> Expr {
        let all = |nodes: &[Node]| nodes.iter().map(|inner| self.node(inner, path)).collect();
        let kind = match &node.kind {
            NodeKind::Or(nodes) => ExprKind::Or(all(nodes)),
            NodeKind::And(nodes) => ExprKind::And(all(nodes)),
            NodeKind::Not(inner) => ExprKind::Not(Box::new(self.node(inner, path))),
            NodeKind::Test { field, values } => return self.test(field.as_ref(), values, node.span, path),
            NodeKind::Range { field, op, value } => return self.range(field, *op, value, node.span, path),
            NodeKind::Nested { field, condition } => {
                let of = Spanned { value: format!("{path}{}", name(field)), span: field.span };
                let test = Box::new(self.node(condition, &format!("{}.", of.value)));
                ExprKind::AnyElement { of, test }
            }
        };
        Expr::new(kind, node.span)
    }

    fn range(&self, field: &Value, op: CompareOp, value: &Value, span: Span, path: &str) -> Expr {
        let left = Box::new(Expr::new(ExprKind::Field(format!("{path}{}", name(field))), field.span));
        let right = Box::new(range_value(&name(value), op, value.span));
        any_value(ExprKind::Compare { op, left, right, case: self.options.case }, span)
    }

    fn test(&self, field: Option<&Value>, values: &Values, span: Span, path: &str) -> Expr {
        let field = match (field, &self.options.default_field) {
            // `*` names every field.
            (Some(field), _) if is_any(field) => None,
            (Some(field), _) => Some(Expr::new(ExprKind::Field(format!("{path}{}", name(field))), field.span)),
            (None, Some(default)) if default != "*" => Some(Expr::new(ExprKind::Field(default.clone()), span)),
            (None, _) => None,
        };
        self.values(field.as_ref(), values, span)
    }

    fn values(&self, field: Option<&Expr>, values: &Values, span: Span) -> Expr {
        let all = |items: &[Values]| items.iter().map(|inner| self.values(field, inner, inner.span)).collect();
        let kind = match &values.kind {
            ValuesKind::One(value) => return self.value(field, value, span),
            ValuesKind::And(items) => ExprKind::And(all(items)),
            ValuesKind::Not(inner) => ExprKind::Not(Box::new(self.values(field, inner, inner.span))),
            ValuesKind::Or(items) => match (field, plain(items)) {
                (Some(field), Some(list)) => {
                    return any_value(
                        ExprKind::In { value: Box::new(field.clone()), list, case: self.options.case },
                        span,
                    );
                }
                _ => ExprKind::Or(all(items)),
            },
        };
        Expr::new(kind, span)
    }

    fn value(&self, field: Option<&Expr>, value: &Value, span: Span) -> Expr {
        let Some(field) = field else { return self.anywhere(value, span) };
        if is_any(value) {
            return Expr::new(ExprKind::IsNull { value: Box::new(field.clone()), negated: true }, span);
        }
        let field = Box::new(field.clone());
        match constant(value) {
            Some(constant) => any_value(
                ExprKind::Compare {
                    op: CompareOp::Equal,
                    left: field,
                    right: Box::new(literal(constant, value.span)),
                    case: self.options.case,
                },
                span,
            ),
            None => any_value(ExprKind::Matches { value: field, patterns: vec![self.pattern(value)] }, span),
        }
    }

    /// Words without a field: in quotes a phrase, without quotes any of the words, with wildcards a whole value.
    fn anywhere(&self, value: &Value, span: Span) -> Expr {
        if is_any(value) {
            return truth(span);
        }
        let text = Box::new(Expr::new(ExprKind::EventText, span));
        match (&value.kind, constant(value)) {
            (ValueKind::Quoted(phrase), _) => {
                let kind = PatternKind::Term { text: phrase.clone(), place: TermPlace::Whole };
                let patterns = vec![Pattern { kind, case: ir::Case::Insensitive, span: value.span }];
                any_value(ExprKind::Matches { value: text, patterns }, span)
            }
            (ValueKind::Unquoted(_), Some(_)) => {
                let query = Box::new(literal(Literal::String(name(value)), value.span));
                any_value(ExprKind::FullText { field: text, query }, span)
            }
            (ValueKind::Unquoted(_), None) => {
                any_value(ExprKind::Matches { value: text, patterns: vec![self.pattern(value)] }, span)
            }
        }
    }

    fn pattern(&self, value: &Value) -> Pattern {
        let mut pattern = String::new();
        let escape = |text: &str, pattern: &mut String| {
            for character in text.chars() {
                if matches!(character, '*' | '?' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
        };
        match &value.kind {
            ValueKind::Quoted(text) => escape(text, &mut pattern),
            ValueKind::Unquoted(pieces) => pieces.iter().for_each(|piece| match piece {
                Piece::Any => pattern.push('*'),
                Piece::Text(text) => escape(text, &mut pattern),
            }),
        }
        Pattern { kind: PatternKind::Wildcard(pattern), case: self.options.case, span: value.span }
    }
}

/// The elements of a list in which none has a wildcard.
fn plain(items: &[Values]) -> Option<Vec<Expr>> {
    let element = |item: &Values| match &item.kind {
        ValuesKind::One(value) => constant(value).map(|found| literal(found, value.span)),
        _ => None,
    };
    items.iter().map(element).collect()
}

/// Whether the literal is nothing but wildcards.
fn is_any(value: &Value) -> bool {
    matches!(&value.kind, ValueKind::Unquoted(pieces) if pieces.iter().all(|piece| *piece == Piece::Any))
}

/// The value, unless it has a wildcard.
fn constant(value: &Value) -> Option<Literal> {
    match &value.kind {
        ValueKind::Quoted(text) => Some(Literal::String(text.clone())),
        ValueKind::Unquoted(pieces) => match pieces.as_slice() {
            [Piece::Text(text)] => Some(match text.as_str() {
                "true" => Literal::Boolean(true),
                "false" => Literal::Boolean(false),
                _ => Literal::String(text.clone()),
            }),
            _ => None,
        },
    }
}

/// The literal as one text; wildcards stay.
fn name(value: &Value) -> String {
    match &value.kind {
        ValueKind::Quoted(text) => text.clone(),
        ValueKind::Unquoted(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Any => "*",
                Piece::Text(text) => text,
            })
            .collect(),
    }
}
