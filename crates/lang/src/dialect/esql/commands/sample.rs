//! `SAMPLE p`: each row with that probability.

use super::Syntax;
use crate::dialect::esql::ast::Expr;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, Literal, StageKind, codes};

#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub probability: Expr,
}

impl Syntax for Sample {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["SAMPLE"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Sample { probability: parser.constant()? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        match lowering.constant(&self.probability)? {
            Literal::Double(probability) if probability > 0.0 && probability < 1.0 => {
                Ok(StageKind::Sample(probability))
            }
            _ => {
                let message = "SAMPLE takes a number above 0 and below 1";
                Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(self.probability.span))
            }
        }
    }

    fn print(&self, out: &mut Printer) {
        out.expr(&self.probability);
    }
}
