//! `SORT a DESC NULLS LAST, b`: rows in order.
//!
//! Without `NULLS`, null counts as the greatest value: last if ascending, first if descending.

use super::Syntax;
use crate::dialect::esql::ast::Expr;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::Printer;
use ir::{Diagnostic, SortKey, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    pub keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub expr: Expr,
    pub descending: bool,
    /// `None` where the query leaves it to the default.
    pub nulls_first: Option<bool>,
}

impl Syntax for Sort {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["SORT"];
    const MODE: Mode = Mode::Expression;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(Sort { keys: parser.list(key)? })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        let keys = self.keys.iter().map(|key| {
            let nulls_first = key.nulls_first.unwrap_or(key.descending);
            Ok(SortKey { expr: lowering.expr(&key.expr)?, descending: key.descending, nulls_first })
        });
        Ok(StageKind::Sort(keys.collect::<Result<_, _>>()?))
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.keys, |key, out| {
            out.expr(&key.expr);
            if key.descending {
                out.push(" DESC");
            }
            match key.nulls_first {
                Some(true) => out.push(" NULLS FIRST"),
                Some(false) => out.push(" NULLS LAST"),
                None => {}
            }
        });
    }
}

fn key(parser: &mut Parser<'_>) -> Parse<Key> {
    let expr = parser.expression()?;
    let descending = parser.eat_keyword("DESC");
    if !descending {
        parser.eat_keyword("ASC");
    }
    let mut nulls_first = None;
    if parser.eat_keyword("NULLS") {
        nulls_first = Some(parser.eat_keyword("FIRST"));
        if nulls_first == Some(false) && !parser.eat_keyword("LAST") {
            return Err(parser.expected("`FIRST` or `LAST`"));
        }
    }
    Ok(Key { expr, descending, nulls_first })
}
