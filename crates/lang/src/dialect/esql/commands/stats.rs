//! `STATS n = COUNT(*) WHERE x > 1, MAX(y) BY key`: one row for each group.

use super::Syntax;
use crate::dialect::esql::ast::{Expr, Field, Label};
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    pub aggregates: Vec<Aggregate>,
    pub by: Vec<Field>,
}

/// An aggregate and the condition on the rows that it sees. Without a name, its name is the text of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    pub field: Field,
    pub filter: Option<Expr>,
}

impl Stats {
    pub(super) fn lower_as(&self, lowering: &Lowering<'_>, inline: bool) -> Result<StageKind, Diagnostic> {
        let mut aggregates = Vec::new();
        for aggregate in &self.aggregates {
            let mut assignment = lowering.field(&aggregate.field)?;
            if let Some(filter) = &aggregate.filter {
                let filter = lowering.expr(filter)?;
                if !lowering.restrict(&mut assignment.expr, &filter) {
                    let message = "WHERE in STATS restricts an aggregate function, and here is none";
                    return Err(Diagnostic::refusal(codes::MISPLACED_AGGREGATE, message).at(aggregate.field.expr.span));
                }
            }
            aggregates.push(assignment);
        }
        Ok(StageKind::Aggregate(ir::Aggregate { aggregates, by: lowering.groupings(&self.by)?, inline }))
    }
}

impl Syntax for Stats {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["STATS"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let mut aggregates = Vec::new();
        if !parser.at_keyword("BY") {
            aggregates = parser.list(aggregate)?;
        }
        let by = if parser.eat_keyword("BY") { parser.list(Parser::field)? } else { Vec::new() };
        Ok(Stats { aggregates, by })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        self.lower_as(lowering, false)
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.aggregates, |aggregate, out| {
            out.field(&aggregate.field);
            // The text of an unnamed aggregate has its condition already.
            if let (Label::Name(_), Some(filter)) = (&aggregate.field.label, &aggregate.filter) {
                out.push(" WHERE ");
                out.expr(filter);
            }
        });
        if !self.by.is_empty() {
            out.push(if self.aggregates.is_empty() { "BY " } else { " BY " });
            out.list(&self.by, |field, out| out.field(field));
        }
    }
}

fn aggregate(parser: &mut Parser<'_>) -> Parse<Aggregate> {
    let start = parser.start();
    let mut field = parser.field()?;
    if !parser.eat_keyword("WHERE") {
        return Ok(Aggregate { field, filter: None });
    }
    let filter = parser.expression()?;
    if let Label::Source(text) = &mut field.label {
        *text = parser.spanned(parser.slice(start, parser.end()), start);
    }
    Ok(Aggregate { field, filter: Some(filter) })
}
