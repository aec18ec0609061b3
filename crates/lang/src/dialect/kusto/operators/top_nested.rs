//! `top-nested n of a by count(), top-nested m of b by sum(c)`: the most important values, level by level.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Field};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

use super::sort::Key;

#[derive(Clone, Debug, PartialEq)]
pub struct TopNested {
    pub levels: Vec<TopLevel>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TopLevel {
    pub count: Option<Expr>,
    pub of: Field,
    pub others: Option<Expr>,
    pub by: Key,
}

impl Syntax for TopNested {
    const SPELLINGS: &'static [&'static str] = &["top-nested"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let mut levels = vec![level(parser)?];
        loop {
            let before = parser.checkpoint();
            if !parser.eat(",") || !parser.eat_operator("top-nested") {
                parser.rewind(before);
                return Ok(TopNested { levels });
            }
            levels.push(level(parser)?);
        }
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        rows.other("top-nested", Vec::new(), lowering);
    }

    fn print(&self, out: &mut Printer) {
        for (position, level) in self.levels.iter().enumerate() {
            if position > 0 {
                out.push(", top-nested ");
            }
            if let Some(count) = &level.count {
                out.expr(count);
                out.push(" ");
            }
            out.push("of ");
            out.field(&level.of);
            if let Some(others) = &level.others {
                out.push(" with others = ");
                out.expr(others);
            }
            out.push(" by ");
            Key::print(&level.by, out);
        }
    }
}

fn level(parser: &mut Parser<'_>) -> Parse<TopLevel> {
    let count = if parser.at_keyword("of") { None } else { Some(parser.value()?) };
    parser.expect_keyword("of")?;
    let of = parser.field()?;
    let mut others = None;
    if parser.eat_keyword("with") {
        parser.expect_keyword("others")?;
        parser.expect("=")?;
        others = Some(parser.value()?);
    }
    parser.expect_keyword("by")?;
    Ok(TopLevel { count, of, others, by: Key::parse(parser)? })
}
