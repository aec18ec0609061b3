//! `project-away a, b*`: all columns but these.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct ProjectAway {
    pub names: Vec<Expr>,
}

impl Syntax for ProjectAway {
    const SPELLINGS: &'static [&'static str] = &["project-away"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(ProjectAway { names: parser.list(Parser::name_or_wildcard)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, _: &mut Lowering<'a>) {
        let names = Rows::patterns(&self.names);
        rows.push(StageKind::Drop(names));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.names, |name, out| out.expr(name));
    }
}
