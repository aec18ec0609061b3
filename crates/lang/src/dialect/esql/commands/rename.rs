//! `RENAME old AS new` or `RENAME new = old`.

use super::Syntax;
use crate::dialect::esql::ast::Name;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    pub clauses: Vec<Clause>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    pub from: Name,
    pub to: Name,
}

impl Syntax for Rename {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["RENAME"];
    const MODE: Mode = Mode::Names;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let clauses = parser.list(|parser| {
            let first = parser.plain_name("RENAME")?;
            if parser.eat("=") {
                return Ok(Clause { from: parser.plain_name("RENAME")?, to: first });
            }
            if !parser.eat_keyword("AS") {
                return Err(parser.expected("`AS` or `=`"));
            }
            Ok(Clause { from: first, to: parser.plain_name("RENAME")? })
        })?;
        Ok(Rename { clauses })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let renames = self.clauses.iter().map(|clause| {
            Ok(ir::Rename { from: lowering.name(&clause.from)?, to: lowering.name(&clause.to)? })
        });
        Ok(StageKind::Rename(renames.collect::<Result<_, _>>()?))
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.clauses, |clause, out| {
            out.name(&clause.from);
            out.push(" AS ");
            out.name(&clause.to);
        });
    }
}
