//! What `summarize` computes of a group: aggregates, and values of them.

use super::{Bound, Env, Lowering, Rows, column_name};
use crate::dialect::kusto::ast::{Expr, ExprKind, Field, Label, Name};
use crate::dialect::kusto::functions::{self, Aggregate};
use ir::{Assignment, Span, Spanned};

impl<'a> Lowering<'a> {
    pub fn aggregates(&mut self, fields: &'a [Field], rows: &Rows<'a>) -> Vec<Assignment> {
        let env = rows.env();
        let mut assignments = Vec::with_capacity(fields.len());
        let mut unnamed = 0;
        let outer = std::mem::replace(&mut self.aggregating, true);
        for field in fields {
            if let ExprKind::Call { scope: None, function, args } = &field.expr.kind
                && env.find(&function.value).is_none()
                && self.several(function, args, field, &env, &mut assignments)
            {
                continue;
            }
            let expr = self.value_in(&field.expr, &env);
            let name = match &field.label {
                Label::Name(name) => name.clone(),
                _ => {
                    let name = column_name(&field.expr).unwrap_or_else(|| {
                        unnamed += 1;
                        format!("Column{unnamed}")
                    });
                    Spanned { value: name, span: field.expr.span }
                }
            };
            assignments.push(Assignment { name, expr });
        }
        self.aggregating = outer;
        assignments
    }

    /// Aggregates that make several columns: `arg_max(time, a, b)` gives the maximum, and `a` and `b` of its row.
    fn several(
        &mut self,
        function: &'a Name,
        args: &'a [Field],
        field: &'a Field,
        env: &Env<'a>,
        assignments: &mut Vec<Assignment>,
    ) -> bool {
        let extreme = match function.value.as_str() {
            "arg_max" | "argmax" => Some(("max", "last", "kusto_arg_max")),
            "arg_min" | "argmin" => Some(("min", "first", "kusto_arg_min")),
            "take_any" | "any" if args.len() > 1 => None,
            "percentiles" if args.len() > 2 => None,
            _ => return false,
        };
        let span = field.expr.span;
        let mut names = match &field.label {
            Label::Names(names) => names.clone(),
            Label::Name(name) => vec![name.clone()],
            Label::None => Vec::new(),
        }
        .into_iter();
        let mut named = |expr: &Expr, fallback: &str| {
            let name = column_name(expr).unwrap_or_else(|| fallback.to_owned());
            names.next().unwrap_or(Spanned { value: name, span: expr.span })
        };
        let Some((first, rest)) = args.split_first() else { return false };
        let by = self.value_in(&first.expr, env);
        let Some((best, other, whole)) = extreme else {
            let percentiles = function.value == "percentiles";
            for arg in if percentiles { rest } else { args } {
                let value = self.value_in(&arg.expr, env);
                let (name, call) = if percentiles {
                    let name = format!("percentile_{}_{value}", column_name(&first.expr).unwrap_or_default());
                    (name, Self::call("percentile", vec![by.clone(), value], span))
                } else {
                    (column_name(&arg.expr).unwrap_or_default(), Self::call("kusto_take_any", vec![value], span))
                };
                assignments.push(Assignment { name: named(&arg.expr, &name), expr: call });
            }
            return true;
        };
        let name = named(&first.expr, best);
        assignments.push(Assignment { name, expr: Self::call(best, vec![by.clone()], span) });
        for arg in rest {
            let (name, call) = match &arg.expr.kind {
                ExprKind::Star => {
                    let star = ir::Expr::new(ir::ExprKind::Star, arg.expr.span);
                    (
                        Spanned { value: "*".to_owned(), span: arg.expr.span },
                        Self::call(whole, vec![by.clone(), star], span),
                    )
                }
                _ => {
                    let value = self.value_in(&arg.expr, env);
                    (named(&arg.expr, other), Self::call(other, vec![value, by.clone()], span))
                }
            };
            assignments.push(Assignment { name, expr: call });
        }
        true
    }

    /// The call of an aggregate, where one may stand.
    pub(super) fn aggregate_call(
        &mut self,
        function: &'a Name,
        args: &'a [Field],
        span: Span,
        env: &Env<'a>,
    ) -> Option<ir::Expr> {
        if !self.aggregating || matches!(env.find(&function.value), Some(Bound::Function { .. })) {
            return None;
        }
        let aggregate = functions::aggregate(&function.value)?;
        self.check_count(function, args.len(), aggregate.least, aggregate.most);
        Some(self.reduce(aggregate, function, args, span, env))
    }

    fn reduce(
        &mut self,
        aggregate: &Aggregate,
        function: &'a Name,
        args: &'a [Field],
        span: Span,
        env: &Env<'a>,
    ) -> ir::Expr {
        let mut values: Vec<_> = args.iter().map(|arg| self.value_in(&arg.expr, env)).collect();
        let condition = aggregate.condition.filter(|&at| at < values.len());
        let filter = condition.map(|at| Box::new(values.remove(at)));
        if aggregate.meaning == "count" && values.is_empty() {
            values.push(ir::Expr::new(ir::ExprKind::Star, span));
        }
        let meaning = match aggregate.meaning {
            // With a limit on how many values are kept.
            "values" if values.len() > 1 => "kusto_make_set",
            // The accuracy; ES|QL's second argument is another one.
            "count_distinct" => {
                values.truncate(1);
                "count_distinct"
            }
            meaning => meaning,
        };
        let name = Spanned { value: meaning.to_owned(), span: function.span };
        ir::Expr::new(ir::ExprKind::Call { function: name, args: values, filter }, span)
    }
}
