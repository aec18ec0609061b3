//! Conditions on rows. A condition of its own that asks for membership in a table is a join; all others are filters.

use super::lists::Items;
use super::{Lowering, Rows};
use crate::dialect::kusto::ast::{Expr, ExprKind, ListOp, Literal};
use ir::{Diagnostic, JoinKind, StageKind, codes};

impl<'a> Lowering<'a> {
    /// Rows for which the condition is true.
    pub fn filter(&mut self, condition: &'a Expr, rows: &mut Rows<'a>) {
        let mut conjuncts = Vec::new();
        collect(condition, &mut conjuncts);
        let env = rows.env();
        if !conjuncts.iter().any(|conjunct| self.is_membership_in_table(conjunct, rows)) {
            let condition = self.value_in(condition, &env);
            return rows.push(StageKind::Filter(condition));
        }
        let mut plain = Vec::new();
        for conjunct in conjuncts {
            if self.is_membership_in_table(conjunct, rows) {
                self.flush(&mut plain, rows);
                self.semi_join(conjunct, rows);
            } else {
                plain.push(self.value_in(conjunct, &env));
            }
        }
        self.flush(&mut plain, rows);
    }

    fn flush(&mut self, plain: &mut Vec<ir::Expr>, rows: &mut Rows<'a>) {
        let condition = match plain.len() {
            0 => return,
            1 => plain.remove(0),
            _ => {
                let span = plain.iter().map(|expr| expr.span).reduce(|first, last| first.to(last)).unwrap_or_default();
                ir::Expr::new(ir::ExprKind::And(std::mem::take(plain)), span)
            }
        };
        rows.push(StageKind::Filter(condition));
    }

    fn is_membership_in_table(&mut self, condition: &'a Expr, rows: &Rows<'a>) -> bool {
        match &condition.kind {
            ExprKind::List { op: ListOp::HasAny | ListOp::HasAll, .. } => false,
            ExprKind::List { items, .. } => match items.as_slice() {
                [item] => self.is_table(item, &rows.env()),
                _ => false,
            },
            _ => false,
        }
    }

    fn semi_join(&mut self, condition: &'a Expr, rows: &mut Rows<'a>) {
        let ExprKind::List { op, value, items } = &condition.kind else { return };
        let env = rows.env();
        let Items::Table(table, inner) = self.items(items, &env) else { return };
        let mut left = self.value_in(value, &env);
        let right = self.table(table, &inner);
        let mut key = match right.columns.first() {
            Some(name) => ir::Expr::new(ir::ExprKind::Field(name.to_owned()), table.span),
            None => {
                let message = "the first column of this table is not known";
                let error = Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(table.span);
                self.report(error.hint("end it with `| project column`"));
                Self::unread(table.span)
            }
        };
        if matches!(op, ListOp::InFolded | ListOp::NotInFolded) {
            [left, key] = [left, key].map(|side| {
                let span = side.span;
                Self::call("to_lower", vec![side], span)
            });
        }
        let kind = if matches!(op, ListOp::In | ListOp::InFolded) { JoinKind::LeftSemi } else { JoinKind::LeftAnti };
        let join = ir::Join { kind, right: Box::new(right.pipeline), on: vec![(left, key)] };
        rows.push_at(StageKind::Join(join), condition.span);
    }

    /// A condition in which bare strings are words to look for in every column.
    pub fn words(&mut self, condition: &'a Expr, rows: &Rows<'a>) -> ir::Expr {
        let span = condition.span;
        let kind = match &condition.kind {
            ExprKind::Literal(Literal::Text(text) | Literal::HiddenText(text)) => return Self::word(text, span),
            ExprKind::Star => ir::ExprKind::Literal(ir::Literal::Boolean(true)),
            ExprKind::And(operands) => {
                ir::ExprKind::And(operands.iter().map(|operand| self.words(operand, rows)).collect())
            }
            ExprKind::Or(operands) => {
                ir::ExprKind::Or(operands.iter().map(|operand| self.words(operand, rows)).collect())
            }
            ExprKind::Call { scope: None, function, args } if function.value == "not" => match args.as_slice() {
                [arg] => ir::ExprKind::Not(Box::new(self.words(&arg.expr, rows))),
                _ => return self.value(condition, rows),
            },
            _ => return self.value(condition, rows),
        };
        ir::Expr::new(kind, span)
    }
}

/// The operands of `and`, however nested.
fn collect<'a>(condition: &'a Expr, conjuncts: &mut Vec<&'a Expr>) {
    match &condition.kind {
        ExprKind::And(operands) => operands.iter().for_each(|operand| collect(operand, conjuncts)),
        _ => conjuncts.push(condition),
    }
}
