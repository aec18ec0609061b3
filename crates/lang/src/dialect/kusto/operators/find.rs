//! `find in (tables) where condition project columns`: the rows of several tables that fulfil a condition.

use super::Syntax;
use crate::dialect::kusto::ast::{Column, Expr, Name, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    pub properties: Vec<Property>,
    /// All tables where there are none.
    pub tables: Vec<Expr>,
    pub condition: Expr,
    pub project: Option<Projection>,
    pub project_away: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Projection {
    /// `project-smart`
    Smart,
    /// Columns, those of any type without one; `pack(*)` is a column of its own.
    Columns { columns: Vec<FindColumn>, pack: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub enum FindColumn {
    Any(Name),
    Typed(Column),
}

impl FindColumn {
    fn name(&self) -> &Name {
        match self {
            FindColumn::Any(name) => name,
            FindColumn::Typed(column) => &column.name,
        }
    }
}

impl Syntax for Find {
    const SPELLINGS: &'static [&'static str] = &["find"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let tables = parser.tables_in()?;
        parser.eat_keyword("where");
        let condition = parser.value()?;
        let project = if parser.eat_operator("project-smart") {
            Some(Projection::Smart)
        } else if parser.eat_operator("project") {
            Some(projection(parser)?)
        } else {
            None
        };
        let project_away = if parser.eat_operator("project-away") { parser.list(Parser::name)? } else { Vec::new() };
        Ok(Find { properties, tables, condition, project, project_away })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        lowering.search_source(&self.tables, rows);
        let condition = lowering.words(&self.condition, rows);
        rows.push(StageKind::Filter(condition));
        if let Some(Projection::Columns { columns, pack: false }) = &self.project {
            let names: Vec<_> = columns.iter().map(|column| Rows::plain_pattern(column.name())).collect();
            rows.push(StageKind::Keep(names));
        }
        if !self.project_away.is_empty() {
            let names = self.project_away.iter().map(Rows::plain_pattern).collect();
            rows.push(StageKind::Drop(names));
        }
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.tables_in(&self.tables);
        out.push("where ");
        out.expr(&self.condition);
        match &self.project {
            Some(Projection::Smart) => out.push(" project-smart"),
            Some(Projection::Columns { columns, pack }) => {
                out.push(" project ");
                out.list(columns, |column, out| match column {
                    FindColumn::Any(name) => out.name(&name.value),
                    FindColumn::Typed(column) => out.column(column),
                });
                if *pack {
                    out.push(if columns.is_empty() { "pack(*)" } else { ", pack(*)" });
                }
            }
            None => {}
        }
        if !self.project_away.is_empty() {
            out.push(" project-away ");
            out.list(&self.project_away, |name, out| out.name(&name.value));
        }
    }
}

fn projection(parser: &mut Parser<'_>) -> Parse<Projection> {
    let mut columns = Vec::new();
    let mut pack = false;
    loop {
        let before = parser.checkpoint();
        if parser.eat_keyword("pack") && parser.eat("(") && parser.eat("*") && parser.eat(")") {
            pack = true;
        } else {
            parser.rewind(before);
            let name = parser.name()?;
            let column = if parser.eat(":") {
                FindColumn::Typed(Column { name, type_name: parser.type_name()? })
            } else {
                FindColumn::Any(name)
            };
            columns.push(column);
        }
        if !parser.eat(",") {
            return Ok(Projection::Columns { columns, pack });
        }
    }
}
