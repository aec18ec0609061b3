//! `sample-distinct n of column`: some of its values.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Aggregate, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct SampleDistinct {
    pub properties: Vec<Property>,
    pub count: Expr,
    pub of: Field,
}

impl Syntax for SampleDistinct {
    const SPELLINGS: &'static [&'static str] = &["sample-distinct"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let count = parser.value()?;
        parser.expect_keyword("of")?;
        Ok(SampleDistinct { properties, count, of: parser.field()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let by = lowering.fields(std::slice::from_ref(&self.of), rows);
        rows.has_only(by.iter().map(|assignment| assignment.name.value.clone()).collect());
        rows.push(StageKind::Aggregate(Aggregate { aggregates: Vec::new(), by, inline: false }));
        rows.limit(&self.count, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.count);
        out.push(" of ");
        out.field(&self.of);
    }
}
