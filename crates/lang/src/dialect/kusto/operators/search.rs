//! `search in (tables) "word" and column == "x"`: rows with words in any column.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub properties: Vec<Property>,
    /// All tables where there are none.
    pub tables: Vec<Expr>,
    pub condition: Expr,
}

impl Syntax for Search {
    const SPELLINGS: &'static [&'static str] = &["search"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let tables = parser.tables_in()?;
        Ok(Search { properties, tables, condition: parser.value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        if rows.is_new() {
            lowering.search_source(&self.tables, rows);
        }
        let condition = lowering.words(&self.condition, rows);
        rows.push(StageKind::Filter(condition));
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.tables_in(&self.tables);
        out.expr(&self.condition);
    }
}
