//! `project-reorder a, b* asc`: these columns first.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{NamePattern, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct ProjectReorder {
    pub names: Vec<Ordered>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    pub name: Expr,
    /// `asc`, `desc`, `granny-asc` or `granny-desc`: the order among the names that the pattern fits.
    pub order: Option<&'static str>,
}

impl Syntax for ProjectReorder {
    const SPELLINGS: &'static [&'static str] = &["project-reorder"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let ordered = |parser: &mut Parser<'_>| {
            let name = parser.name_or_wildcard()?;
            let order = ["asc", "desc", "granny-asc", "granny-desc"].into_iter().find(|order| parser.eat_operator(order));
            Ok(Ordered { name, order })
        };
        Ok(ProjectReorder { names: parser.list(ordered)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, _: &mut Lowering<'a>) {
        let mut names: Vec<_> = self.names.iter().flat_map(|name| Rows::patterns(std::slice::from_ref(&name.name))).collect();
        names.push(NamePattern { pattern: "*".to_owned(), wildcard: true, span: rows.span() });
        rows.push(StageKind::Keep(names));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.names, |ordered, out| {
            out.expr(&ordered.name);
            if let Some(order) = ordered.order {
                out.push(" ");
                out.push(order);
            }
        });
    }
}
