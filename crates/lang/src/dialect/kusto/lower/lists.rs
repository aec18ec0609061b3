//! Membership: `in`, `in~`, `has_any`, `has_all`, over values, lists and tables.

use super::tests_of_text::{negated_if, text_of};
use super::{Bound, Env, Lowering};
use crate::dialect::kusto::ast::{Expr, ExprKind, Json, JsonKind, ListOp, Literal};
use ir::{Case, Diagnostic, Pattern, PatternKind, Span, TermPlace, codes};

/// What the items of a list are.
pub(super) enum Items<'a> {
    Values(Vec<ir::Expr>),
    /// The first column of a table.
    Table(&'a Expr, Env<'a>),
}

impl<'a> Lowering<'a> {
    pub(super) fn membership(
        &mut self,
        op: ListOp,
        value: &'a Expr,
        items: &'a [Expr],
        span: Span,
        env: &Env<'a>,
    ) -> ir::Expr {
        let value = if value.kind == ExprKind::Star {
            ir::Expr::new(ir::ExprKind::EventText, value.span)
        } else {
            self.value_in(value, env)
        };
        let any_column = value.kind == ir::ExprKind::EventText;
        let list = match self.items(items, env) {
            Items::Values(values) => values,
            Items::Table(table, inner) => {
                self.table(table, &inner);
                let message = "membership in a table is read only as a condition of its own";
                let error = Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(span);
                self.report(error.hint("write it as a `where` of its own"));
                vec![Self::unread(items.first().map_or(span, |item| item.span))]
            }
        };
        let case = match op {
            ListOp::In | ListOp::NotIn => Case::Sensitive,
            _ => Case::Insensitive,
        };
        let test = match op {
            ListOp::In | ListOp::NotIn | ListOp::InFolded | ListOp::NotInFolded => {
                ir::Expr::new(ir::ExprKind::In { value: Box::new(value), list, case }, span)
            }
            ListOp::HasAny | ListOp::HasAll => Self::has(op, value, list, span),
        };
        let test = if any_column { ir::Expr::new(ir::ExprKind::AnyValue(Box::new(test)), span) } else { test };
        negated_if(matches!(op, ListOp::NotIn | ListOp::NotInFolded), test)
    }

    /// One test for `has_any`; one for each term of `has_all`.
    fn has(op: ListOp, value: ir::Expr, list: Vec<ir::Expr>, span: Span) -> ir::Expr {
        let terms: Option<Vec<_>> = list.iter().map(text_of).collect();
        let Some(terms) = terms else {
            let function = if op == ListOp::HasAny { "kusto_has_any" } else { "kusto_has_all" };
            let args = std::iter::once(value).chain(list).collect();
            return Self::call(function, args, span);
        };
        let patterns = terms.into_iter().zip(&list).map(|(text, item)| Pattern {
            kind: PatternKind::Term { text, place: TermPlace::Whole },
            case: Case::Insensitive,
            span: item.span,
        });
        let matches =
            |patterns| ir::Expr::new(ir::ExprKind::Matches { value: Box::new(value.clone()), patterns }, span);
        if op == ListOp::HasAny {
            return matches(patterns.collect());
        }
        let mut tests: Vec<_> = patterns.map(|pattern| matches(vec![pattern])).collect();
        match tests.len() {
            1 => tests.remove(0),
            _ => ir::Expr::new(ir::ExprKind::And(tests), span),
        }
    }

    /// The items of a list: lists in lists become their elements.
    pub(super) fn items(&mut self, items: &'a [Expr], env: &Env<'a>) -> Items<'a> {
        if let [item] = items
            && self.is_table(item, env)
        {
            return Items::Table(item, env.clone());
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            self.elements(item, env, &mut values);
        }
        Items::Values(values)
    }

    /// The constants of a list, or the value itself, each with its own place.
    pub(super) fn elements(&mut self, item: &'a Expr, env: &Env<'a>, values: &mut Vec<ir::Expr>) {
        let found = self.deeper(item.span, |lowering| match &item.kind {
            ExprKind::Literal(Literal::Dynamic(Json { kind: JsonKind::Array(elements), .. })) => {
                lowering.count += elements.len();
                values.extend(elements.iter().map(|element| lowering.element(element)));
            }
            ExprKind::Name(name) => match env.find(name).cloned() {
                Some(Bound::Expr { expr, env }) => lowering.elements(expr, &env, values),
                _ => values.push(lowering.value_in(item, env)),
            },
            ExprKind::Call { scope: None, function, args }
                if matches!(function.value.as_str(), "pack_array" | "parse_json" | "todynamic" | "materialize")
                    && env.find(&function.value).is_none()
                    && (function.value == "pack_array" || args.len() == 1) =>
            {
                args.iter().for_each(|arg| lowering.elements(&arg.expr, env, values));
            }
            _ => values.push(lowering.value_in(item, env)),
        });
        if found.is_none() {
            values.push(Self::unread(item.span));
        }
    }

    /// The values of an argument: the elements of a list, or the one value. Tables are read and give an unknown value.
    pub fn argument_values(&mut self, arg: &'a Expr, env: &Env<'a>) -> Vec<ir::Expr> {
        if self.is_table(arg, &Env { in_rows: true, ..env.clone() }) {
            return vec![self.subquery(arg, env)];
        }
        let mut values = Vec::new();
        self.elements(arg, &Env { in_rows: true, ..env.clone() }, &mut values);
        values
    }

    fn element(&mut self, json: &Json) -> ir::Expr {
        match &json.kind {
            JsonKind::Literal(literal) => self.literal(literal, json.span),
            JsonKind::Null => ir::Expr::new(ir::ExprKind::Literal(ir::Literal::Null), json.span),
            _ => Self::unread(json.span),
        }
    }
}
