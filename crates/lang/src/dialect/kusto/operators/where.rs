//! `where condition`: rows for which the condition is true.

use super::Syntax;
use crate::dialect::kusto::ast::{Field, Label, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Diagnostic, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    pub properties: Vec<Property>,
    /// `name = value` is allowed: the name means nothing, and the value is the condition.
    pub condition: Field,
}

impl Syntax for Where {
    const SPELLINGS: &'static [&'static str] = &["where", "filter"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Where { properties: parser.properties()?, condition: parser.field()? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        if let Label::Name(name) = &self.condition.label {
            let message = format!("`{}` names the condition here and is not compared", name.value);
            lowering.report(Diagnostic::note(codes::ARGUMENT_VALUE, message).at(name.span).hint("`==` compares"));
        }
        lowering.filter(&self.condition.expr, rows);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.field(&self.condition);
    }
}
