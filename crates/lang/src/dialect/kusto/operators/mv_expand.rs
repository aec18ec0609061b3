//! `mv-expand column to typeof(type), ... limit n`: one row for each element of an array.
//! 
//! Several columns are expanded side by side, which has no form in the IR.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Assignment, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct MvExpand {
    pub properties: Vec<Property>,
    pub items: Vec<Item>,
    pub limit: Option<Expr>,
}

/// An array, and the type that its elements are converted to.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub field: Field,
    /// `typeof(...)`
    pub to: Option<Expr>,
}

impl Syntax for MvExpand {
    const SPELLINGS: &'static [&'static str] = &["mv-expand", "mvexpand"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let items = parser.list(item)?;
        let limit = if parser.eat_keyword("limit") { Some(parser.value()?) } else { None };
        Ok(MvExpand { properties, items, limit })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let names = expand(&self.items, "mv-expand", rows, lowering);
        let index = self.properties.iter().find(|property| property.name.value == "with_itemindex");
        if index.is_some() || self.limit.is_some() {
            rows.other("mv-expand with limit or index", names, lowering);
        }
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.items, print_item);
        if let Some(limit) = &self.limit {
            out.push(" limit ");
            out.expr(limit);
        }
    }
}

pub(super) fn item(parser: &mut Parser<'_>) -> Parse<Item> {
    let field = parser.field()?;
    let to = if parser.eat_keyword("to") { Some(parser.value()?) } else { None };
    Ok(Item { field, to })
}

pub(super) fn print_item(item: &Item, out: &mut Printer) {
    out.field(&item.field);
    if let Some(to) = &item.to {
        out.push(" to ");
        out.expr(to);
    }
}

/// The stages of an expansion; the names of the columns that hold the elements.
pub(super) fn expand<'a>(
    items: &'a [Item],
    command: &str,
    rows: &mut Rows<'a>,
    lowering: &mut Lowering<'a>,
) -> Vec<String> {
    let mut assignments = Vec::new();
    for item in items {
        assignments.extend(lowering.fields(std::slice::from_ref(&item.field), rows));
    }
    let names: Vec<Spanned<String>> = assignments.iter().map(|assignment| assignment.name.clone()).collect();
    let own = |assignment: &Assignment| assignment.expr.kind == ir::ExprKind::Field(assignment.name.value.clone());
    assignments.retain(|assignment| !own(assignment));
    if !assignments.is_empty() {
        rows.also_has(assignments.iter().map(|assignment| assignment.name.value.clone()));
        rows.push(StageKind::Extend(assignments));
    }
    let plain: Vec<_> = names.iter().map(|name| name.value.clone()).collect();
    match names.as_slice() {
        [name] => rows.push(StageKind::Expand(name.clone())),
        _ => rows.other(&format!("{command} of several columns"), plain.clone(), lowering),
    }
    let casts: Vec<_> = items
        .iter()
        .zip(&names)
        .filter_map(|(item, name)| {
            let to = lowering.type_of(item.to.as_ref()?)?;
            let value = ir::Expr::new(ir::ExprKind::Field(name.value.clone()), name.span);
            let cast = ir::ExprKind::Cast { value: Box::new(value), to };
            Some(Assignment { name: name.clone(), expr: ir::Expr::new(cast, name.span) })
        })
        .collect();
    if !casts.is_empty() {
        rows.push(StageKind::Extend(casts));
    }
    plain
}
