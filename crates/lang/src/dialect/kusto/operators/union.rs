//! `union withsource=name isfuzzy=true tables`: the rows of several tables, one after another.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, ExprKind, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Assignment, Literal, Source, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    pub properties: Vec<Property>,
    pub tables: Vec<Expr>,
}

impl Syntax for Union {
    const SPELLINGS: &'static [&'static str] = &["union"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Union { properties: parser.properties()?, tables: parser.list(Parser::table)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let env = rows.env();
        let mut tables: Vec<_> = self.tables.iter().map(|table| lowering.table(table, &env)).collect();
        if let Some(name) = self.source_column() {
            for table in &mut tables {
                let Source::Table(source) = &table.pipeline.source else { continue };
                let expr = ir::Expr::new(ir::ExprKind::Literal(Literal::String(source.value.clone())), source.span);
                table.push_at(StageKind::Extend(vec![Assignment { name: name.clone(), expr }]), name.span);
            }
            rows.also_has([name.value.clone()]);
        }
        if rows.is_new() { rows.become_union(tables) } else { rows.append(tables) }
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.list(&self.tables, |table, out| out.primary(table));
    }
}

impl Union {
    /// The column that says which table a row is from.
    fn source_column(&self) -> Option<ir::Spanned<String>> {
        let property = self.properties.iter().find(|property| matches!(property.name.value.as_str(), "withsource" | "with_source"))?;
        match &property.value.kind {
            ExprKind::Name(name) => Some(ir::Spanned { value: name.clone(), span: property.value.span }),
            _ => None,
        }
    }
}
