//! Which names statements give values to.

use ruff_python_ast::{Expr, Stmt};

/// The names that a statement, or one inside of it, gives values to.
pub(super) fn assigned<'a>(statement: &'a Stmt, found: &mut dyn FnMut(&'a str)) {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| targets(target, found)),
        Stmt::AnnAssign(assign) => targets(&assign.target, found),
        Stmt::AugAssign(assign) => targets(&assign.target, found),
        Stmt::If(branch) => {
            assigned_in(&branch.body, found);
            branch.elif_else_clauses.iter().for_each(|clause| assigned_in(&clause.body, found));
        }
        Stmt::For(each) => {
            targets(&each.target, found);
            assigned_in(&each.body, found);
        }
        Stmt::While(repeat) => assigned_in(&repeat.body, found),
        Stmt::With(with) => assigned_in(&with.body, found),
        Stmt::Match(choice) => choice.cases.iter().for_each(|case| assigned_in(&case.body, found)),
        Stmt::Try(attempt) => {
            for block in [&attempt.body, &attempt.orelse, &attempt.finalbody] {
                assigned_in(block, found);
            }
        }
        _ => {}
    }
}

pub(super) fn assigned_in<'a>(statements: &'a [Stmt], found: &mut dyn FnMut(&'a str)) {
    statements.iter().for_each(|statement| assigned(statement, found));
}

/// The names in the target of an assignment or loop.
pub(super) fn targets<'a>(target: &'a Expr, found: &mut dyn FnMut(&'a str)) {
    match target {
        Expr::Name(name) => found(&name.id),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| targets(element, found)),
        Expr::List(list) => list.elts.iter().for_each(|element| targets(element, found)),
        Expr::Starred(starred) => targets(&starred.value, found),
        _ => {}
    }
}
