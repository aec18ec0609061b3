//! `range name from a to b step c`: a row for each number or time.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Name};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Assignment, ExprKind, Source, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pub name: Name,
    pub from: Expr,
    pub to: Expr,
    pub step: Expr,
}

impl Syntax for Range {
    const SPELLINGS: &'static [&'static str] = &["range"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let name = parser.name()?;
        parser.expect_keyword("from")?;
        let from = parser.value()?;
        parser.expect_keyword("to")?;
        let to = parser.value()?;
        parser.expect_keyword("step")?;
        Ok(Range { name, from, to, step: parser.value()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let args = [&self.from, &self.to, &self.step].map(|value| lowering.value(value, rows)).to_vec();
        let function = Spanned { value: "kusto_range".to_owned(), span: rows.span() };
        let expr = ir::Expr::new(ExprKind::Call { function, args, filter: None }, rows.span());
        rows.has_only(vec![self.name.value.clone()]);
        rows.pipeline.source = Source::Row(vec![Assignment { name: self.name.clone(), expr }]);
        rows.push(StageKind::Expand(self.name.clone()));
    }

    fn print(&self, out: &mut Printer) {
        out.name(&self.name.value);
        for (keyword, value) in [(" from ", &self.from), (" to ", &self.to), (" step ", &self.step)] {
            out.push(keyword);
            out.expr(value);
        }
    }
}
