//! `eval name = expression, ...`: columns, each visible to the next.

use super::Syntax;
use crate::dialect::spl::ast::Assignment;
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Eval {
    pub assignments: Vec<Assignment>,
}

impl Syntax for Eval {
    const NAMES: &'static [&'static str] = &["eval"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        Ok(Eval { assignments: parser.assignments()? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        rows.assignments(&self.assignments);
    }

    fn print(&self, out: &mut Printer) {
        out.push(" ");
        out.assignments(&self.assignments);
    }
}
