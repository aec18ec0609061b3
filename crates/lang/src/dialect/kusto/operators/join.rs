//! `join kind=inner (table) on column`: rows beside those of another table.
//!
//! Without a kind it is `innerunique`: of several rows on the left with the same key only one is used.

use super::Syntax;
use crate::dialect::kusto::ast::{BinaryOp, Expr, ExprKind, Property};
use crate::dialect::kusto::lower::{Lowering, Rows, path};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Diagnostic, JoinKind, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub properties: Vec<Property>,
    pub table: Expr,
    /// Names of columns on both sides, or comparisons of `$left.name` with `$right.name`.
    pub on: Vec<Expr>,
}

const KINDS: &[(&str, JoinKind)] = &[
    ("anti", JoinKind::LeftAnti),
    ("fullouter", JoinKind::Full),
    ("inner", JoinKind::Inner),
    ("innerunique", JoinKind::InnerUnique),
    ("leftanti", JoinKind::LeftAnti),
    ("leftantisemi", JoinKind::LeftAnti),
    ("leftouter", JoinKind::Left),
    ("leftsemi", JoinKind::LeftSemi),
    ("rightanti", JoinKind::RightAnti),
    ("rightantisemi", JoinKind::RightAnti),
    ("rightouter", JoinKind::Right),
    ("rightsemi", JoinKind::RightSemi),
];

impl Syntax for Join {
    const SPELLINGS: &'static [&'static str] = &["join"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let table = parser.primary_value()?;
        let on = if parser.eat_keyword("on") { parser.list(Parser::value)? } else { Vec::new() };
        Ok(Join { properties, table, on })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let kind = kind(&self.properties, JoinKind::InnerUnique, lowering);
        join(kind, &self.table, &self.on, rows, lowering);
    }

    fn print(&self, out: &mut Printer) {
        print(&self.properties, &self.table, &self.on, out);
    }
}

/// What the property `kind` says.
pub(super) fn kind(properties: &[Property], default: JoinKind, lowering: &mut Lowering<'_>) -> JoinKind {
    let Some(property) = properties.iter().find(|property| property.name.value == "kind") else { return default };
    let ExprKind::Name(name) = &property.value.kind else { return default };
    if let Some((_, kind)) = KINDS.iter().find(|(known, _)| known == name) {
        return *kind;
    }
    let kinds: Vec<_> = KINDS.iter().map(|(name, _)| *name).collect();
    let error = Diagnostic::refusal(codes::ARGUMENT_VALUE, format!("`{name}` is no kind of join"));
    lowering.report(error.at(property.value.span).hint(format!("kinds are {}", kinds.join(", "))));
    default
}

pub(super) fn join<'a>(
    kind: JoinKind,
    table: &'a Expr,
    on: &'a [Expr],
    rows: &mut Rows<'a>,
    lowering: &mut Lowering<'a>,
) {
    let right = lowering.table(table, &rows.env());
    let on = on.iter().flat_map(|condition| pairs(condition, rows, &right, lowering)).collect();
    match kind {
        JoinKind::LeftSemi | JoinKind::LeftAnti => {}
        JoinKind::RightSemi | JoinKind::RightAnti => rows.columns = right.columns.clone(),
        _ => rows.add_columns(&right.columns),
    }
    rows.push(StageKind::Join(ir::Join { kind, right: Box::new(right.pipeline), on }));
}

/// The pairs of values that a condition compares.
fn pairs<'a>(
    condition: &'a Expr,
    left: &Rows<'a>,
    right: &Rows<'a>,
    lowering: &mut Lowering<'a>,
) -> Vec<(ir::Expr, ir::Expr)> {
    match &condition.kind {
        ExprKind::And(conditions) => {
            conditions.iter().flat_map(|condition| pairs(condition, left, right, lowering)).collect()
        }
        ExprKind::Binary { op: BinaryOp::Equal, left: first, right: second } => match (side(first), side(second)) {
            (Some(Side::Left(first)), Some(Side::Right(second)))
            | (Some(Side::Right(second)), Some(Side::Left(first))) => vec![(first, second)],
            _ => {
                lowering.report(misplaced(condition));
                Vec::new()
            }
        },
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Element { .. } => {
            vec![(lowering.value(condition, left), lowering.value(condition, right))]
        }
        _ => {
            lowering.report(misplaced(condition));
            Vec::new()
        }
    }
}

fn misplaced(condition: &Expr) -> Diagnostic {
    Diagnostic::refusal(codes::SYNTAX, "a join compares columns of both sides")
        .at(condition.span)
        .hint("write a column that both sides have, or `$left.a == $right.b`")
}

enum Side {
    Left(ir::Expr),
    Right(ir::Expr),
}

/// The column that `$left.name` or `$right.name` is.
fn side(expr: &Expr) -> Option<Side> {
    let path = path(expr)?;
    let field = |name: &str| ir::Expr::new(ir::ExprKind::Field(name.to_owned()), expr.span);
    match path.name.split_once('.')? {
        ("$left", name) => Some(Side::Left(field(name))),
        ("$right", name) => Some(Side::Right(field(name))),
        _ => None,
    }
}

pub(super) fn print(properties: &[Property], table: &Expr, on: &[Expr], out: &mut Printer) {
    out.properties(properties);
    out.primary(table);
    if !on.is_empty() {
        out.push(" on ");
        out.list(on, |expr, out| out.expr(expr));
    }
}
