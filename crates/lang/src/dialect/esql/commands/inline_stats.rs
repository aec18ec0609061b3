//! `INLINE STATS n = COUNT(*) BY key`: every row stays and gets its group's results.

use super::Syntax;
use super::stats::Stats;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct InlineStats {
    pub stats: Stats,
}

impl Syntax for InlineStats {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["INLINE STATS", "INLINESTATS"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(InlineStats { stats: Stats::parse(parser)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        self.stats.lower_as(lowering, true)
    }

    fn print(&self, out: &mut Printer) {
        self.stats.print(out);
    }
}
