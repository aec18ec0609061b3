//! Expressions that give a value.

use super::{Bound, Env, Lowering, Rows, path};
use crate::dialect::kusto::ast::{BinaryOp, Expr, ExprKind};
use ir::{Case, CompareOp, Diagnostic, Span, codes};

impl<'a> Lowering<'a> {
    /// A value over rows.
    pub fn value(&mut self, expr: &'a Expr, rows: &Rows<'a>) -> ir::Expr {
        self.value_in(expr, &rows.env())
    }

    pub(super) fn value_in(&mut self, expr: &'a Expr, env: &Env<'a>) -> ir::Expr {
        let lowered = self.deeper(expr.span, |lowering| lowering.value_here(expr, env));
        lowered.unwrap_or_else(|| Self::unread(expr.span))
    }

    pub(super) fn unread(span: Span) -> ir::Expr {
        ir::Expr::new(ir::ExprKind::Unread, span)
    }

    fn values(&mut self, exprs: &'a [Expr], env: &Env<'a>) -> Vec<ir::Expr> {
        exprs.iter().map(|expr| self.value_in(expr, env)).collect()
    }

    fn boxed(&mut self, expr: &'a Expr, env: &Env<'a>) -> Box<ir::Expr> {
        Box::new(self.value_in(expr, env))
    }

    fn value_here(&mut self, expr: &'a Expr, env: &Env<'a>) -> ir::Expr {
        if let Some(path) = path(expr)
            && env.find(path.root).is_none()
        {
            return if env.columns.has(path.root) { path.members() } else { path.field() };
        }
        let kind = match &expr.kind {
            ExprKind::Literal(literal) => return self.literal(literal, expr.span),
            ExprKind::Name(name) => return self.definition(name, expr.span, env),
            ExprKind::Star | ExprKind::Wildcard(_) => ir::ExprKind::Star,
            ExprKind::Member { value, name } => {
                let value = self.value_in(value, env);
                let name = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::String(name.value.clone())), name.span);
                return Self::call("member", vec![value, name], expr.span);
            }
            ExprKind::Element { value, index } => {
                let args = vec![self.value_in(value, env), self.value_in(index, env)];
                return Self::call("member", args, expr.span);
            }
            ExprKind::Call { scope, function, args } => {
                return self.function(scope.as_deref(), function, args, expr, env);
            }
            ExprKind::Sign { negative: true, value } => ir::ExprKind::Negate(self.boxed(value, env)),
            ExprKind::Sign { negative: false, value } => return self.value_in(value, env),
            ExprKind::And(operands) => ir::ExprKind::And(self.values(operands, env)),
            ExprKind::Or(operands) => ir::ExprKind::Or(self.values(operands, env)),
            ExprKind::Binary { op, left, right } => match arithmetic(*op) {
                Some(op) => ir::ExprKind::Arithmetic { op, left: self.boxed(left, env), right: self.boxed(right, env) },
                None => return self.test(*op, left, right, expr.span, env),
            },
            ExprKind::List { op, value, items } => return self.membership(*op, value, items, expr.span, env),
            ExprKind::Between { value, low, high, negated } => {
                return self.between(value, low, high, *negated, expr.span, env);
            }
            ExprKind::Pipe(_) => return self.subquery(expr, env),
        };
        ir::Expr::new(kind, expr.span)
    }

    /// What a name is bound to, as a value.
    fn definition(&mut self, name: &str, span: Span, env: &Env<'a>) -> ir::Expr {
        match env.find(name).cloned() {
            Some(Bound::Expr { expr, env }) if !self.is_table(expr, &env) => self.value_in(expr, &env),
            Some(Bound::Unknown) => Self::unread(span),
            Some(Bound::Function { .. }) => {
                let message = format!("`{name}` is a function, and here a value must stand");
                self.report(
                    Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span).hint(format!("call it: `{name}()`")),
                );
                Self::unread(span)
            }
            Some(_) => {
                let message = format!("`{name}` is a table, and here a value must stand");
                let error = Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span);
                self.report(error.hint(format!("take one value of it: `toscalar({name})`")));
                Self::unread(span)
            }
            None => ir::Expr::new(ir::ExprKind::Field(name.to_owned()), span),
        }
    }

    /// A query where a value must stand: its tables count, its value is not known.
    pub(super) fn subquery(&mut self, expr: &'a Expr, env: &Env<'a>) -> ir::Expr {
        self.table(expr, env);
        let message = "the value of a query inside of an expression is not computed";
        self.report(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(expr.span));
        Self::unread(expr.span)
    }

    /// `value between (low .. high)`; a span of time after a point in time is counted from there.
    fn between(
        &mut self,
        value: &'a Expr,
        low: &'a Expr,
        high: &'a Expr,
        negated: bool,
        span: Span,
        env: &Env<'a>,
    ) -> ir::Expr {
        let value = self.value_in(value, env);
        let low = self.value_in(low, env);
        let mut high = self.value_in(high, env);
        let is_span = |expr: &ir::Expr| matches!(expr.kind, ir::ExprKind::Literal(ir::Literal::TimeSpan { .. }));
        let is_number = |expr: &ir::Expr| matches!(expr.kind, ir::ExprKind::Literal(_));
        if is_span(&high) && !is_number(&low) && !is_difference(&value) {
            let span = high.span;
            let kind =
                ir::ExprKind::Arithmetic { op: ir::BinaryOp::Add, left: Box::new(low.clone()), right: Box::new(high) };
            high = ir::Expr::new(kind, span);
        }
        let compare = |op, left: &ir::Expr, right: ir::Expr| {
            let kind = ir::ExprKind::Compare {
                op,
                left: Box::new(left.clone()),
                right: Box::new(right),
                case: Case::Sensitive,
            };
            ir::Expr::new(kind, span)
        };
        let kind = if negated {
            ir::ExprKind::Or(vec![compare(CompareOp::Less, &value, low), compare(CompareOp::Greater, &value, high)])
        } else {
            ir::ExprKind::And(vec![
                compare(CompareOp::GreaterOrEqual, &value, low),
                compare(CompareOp::LessOrEqual, &value, high),
            ])
        };
        ir::Expr::new(kind, span)
    }
}

/// Whether a value is a span of time between two points in time, as far as its form tells.
fn is_difference(expr: &ir::Expr) -> bool {
    matches!(expr.kind, ir::ExprKind::Arithmetic { op: ir::BinaryOp::Subtract, .. })
}

fn arithmetic(op: BinaryOp) -> Option<ir::BinaryOp> {
    Some(match op {
        BinaryOp::Add => ir::BinaryOp::Add,
        BinaryOp::Subtract => ir::BinaryOp::Subtract,
        BinaryOp::Multiply => ir::BinaryOp::Multiply,
        BinaryOp::Divide => ir::BinaryOp::Divide,
        BinaryOp::Remainder => ir::BinaryOp::Remainder,
        _ => return None,
    })
}
