//! `count`: how many rows there are, in the column `Count`.

use super::Syntax;
use crate::dialect::kusto::ast::{Name};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Aggregate, Assignment, Expr, ExprKind, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// `count as name`, of older versions.
    pub name: Option<Name>,
}

impl Syntax for Count {
    const SPELLINGS: &'static [&'static str] = &["count"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let name = if parser.eat_keyword("as") { Some(parser.name()?) } else { None };
        Ok(Count { name })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, _: &mut Lowering<'a>) {
        let span = rows.span();
        let name = self.name.as_ref().map_or("Count", |name| name.value.as_str());
        let name = Spanned { value: name.to_owned(), span };
        let function = Spanned { value: "count".to_owned(), span };
        let call = ExprKind::Call { function, args: vec![Expr::new(ExprKind::Star, span)], filter: None };
        rows.has_only(vec![name.value.clone()]);
        let aggregates = vec![Assignment { name, expr: Expr::new(call, span) }];
        rows.push(StageKind::Aggregate(Aggregate { aggregates, by: Vec::new(), inline: false }));
    }

    fn print(&self, out: &mut Printer) {
        if let Some(name) = &self.name {
            out.push("as ");
            out.name(&name.value);
        }
    }
}
