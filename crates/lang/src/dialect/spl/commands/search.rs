//! `search condition`: rows that meet it. As the first command it says what is read too.

use super::Syntax;
use crate::dialect::spl::ast;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub condition: ast::Search,
}

impl Syntax for Search {
    const NAMES: &'static [&'static str] = &["search"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(Search { condition: parser.search_condition(false)? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        if rows.first { rows.base_search(&self.condition) } else { rows.filter(&self.condition) }
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.search(&self.condition);
    }
}
