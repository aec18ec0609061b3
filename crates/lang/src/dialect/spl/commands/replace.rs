//! `replace "x*" WITH "y" IN fields`: other values for those that fit, whole.

use super::Syntax;
use crate::dialect::spl::ast::Word;
use crate::dialect::spl::lower::{Rows, call, field, pattern, string};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Case, Expr, ExprKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Replace {
    pub pairs: Vec<Pair>,
    /// All that there are, where none is named.
    pub fields: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub from: Word,
    pub to: Word,
}

impl Syntax for Replace {
    const NAMES: &'static [&'static str] = &["replace"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut pairs = Vec::new();
        loop {
            let from = parser.value()?;
            if !parser.eat_keyword("with") {
                return Err(parser.expected("`WITH`"));
            }
            pairs.push(Pair { from, to: parser.value()? });
            parser.eat(",");
            if !parser.at_field() || parser.at_keyword("in") {
                break;
            }
        }
        let fields = if parser.eat_keyword("in") { parser.fields()? } else { Vec::new() };
        Ok(Replace { pairs, fields })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        // What a `*` stood for goes where the new value has one, for which there is no function.
        let moves_text = self.pairs.iter().any(|pair| pair.to.text.contains('*'));
        if moves_text || self.fields.is_empty() {
            return rows.other("replace", Vec::new());
        }
        for name in &self.fields {
            let mut args = Vec::new();
            for pair in &self.pairs {
                let span = pair.from.span;
                let patterns = vec![pattern(&pair.from.text, Case::Sensitive, span)];
                args.push(Expr::new(ExprKind::Matches { value: Box::new(field(name)), patterns }, span));
                args.push(string(&pair.to.text, pair.to.span));
            }
            args.push(field(name));
            let expr = call("case", args, rows.span);
            rows.extend(name, expr);
        }
    }

    fn print(&self, out: &mut Printer) {
        for (position, pair) in self.pairs.iter().enumerate() {
            out.push(if position > 0 { ", " } else { " " });
            out.word(&pair.from);
            out.push(" WITH ");
            out.word(&pair.to);
        }
        if !self.fields.is_empty() {
            out.push(" IN ");
            out.words(&self.fields, " ");
        }
    }
}
