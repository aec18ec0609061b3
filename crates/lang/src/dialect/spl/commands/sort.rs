//! `sort 10 -field +field`: rows in order; `-` from the greatest down.

use super::Syntax;
use crate::dialect::spl::ast::Word;
use crate::dialect::spl::lower::{Rows, field};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{SortKey, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// All rows where it is 0; Splunk's default is 10,000.
    pub count: Option<u64>,
    pub keys: Vec<Key>,
    /// `desc` at the end turns all of them around.
    pub reversed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub descending: bool,
    /// `ip`, `num`, `str` or `auto` around the field.
    pub kind: Option<String>,
    pub field: Word,
}

impl Syntax for Sort {
    const NAMES: &'static [&'static str] = &["sort"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let mut count = None;
        if let Some(setting) = parser.setting()? {
            count = setting.value.text.parse().ok();
        } else {
            let back = parser.checkpoint();
            if parser.at_field() {
                let word = parser.word("a field")?;
                count = word.text.parse().ok().filter(|_| !word.quoted && !word.text.starts_with(['+', '-']));
            }
            if count.is_none() {
                parser.rewind(back);
            }
        }
        let (mut keys, mut reversed) = (Vec::new(), false);
        while parser.at_field() {
            if !keys.is_empty() && (parser.eat_keyword("desc") || parser.eat_keyword("d")) {
                reversed = true;
                break;
            }
            if !keys.is_empty() && (parser.eat_keyword("asc") || parser.eat_keyword("a")) {
                break;
            }
            keys.push(key(parser)?);
            while parser.eat(",") {}
        }
        if keys.is_empty() { Err(parser.expected("the name of a field")) } else { Ok(Sort { count, keys, reversed }) }
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let key = |key: &Key| SortKey {
            expr: field(&key.field),
            descending: key.descending != self.reversed,
            nulls_first: false,
        };
        rows.push(StageKind::Sort(self.keys.iter().map(key).collect()));
        if let Some(count) = self.count.filter(|&count| count > 0) {
            rows.push(StageKind::Limit { count, by: Vec::new() });
        }
    }

    fn print(&self, out: &mut Printer) {
        if let Some(count) = self.count {
            out.then(&count.to_string());
        }
        for key in &self.keys {
            out.push(if key.descending { " - " } else { " + " });
            if let Some(kind) = &key.kind {
                out.push(kind);
                out.push("(");
            }
            out.word(&key.field);
            if key.kind.is_some() {
                out.push(")");
            }
        }
        if self.reversed {
            out.push(" desc");
        }
    }
}

/// A field with its sign, which may stand apart from it.
fn key(parser: &mut Parser<'_>) -> Parse<Key> {
    let mut descending = parser.eat_keyword("-");
    if !descending {
        parser.eat_keyword("+");
    }
    let mut word = parser.word("the name of a field")?;
    if !word.quoted
        && let Some(rest) = word.text.strip_prefix(['-', '+'])
    {
        descending |= word.text.starts_with('-');
        word = Word { text: rest.to_owned(), quoted: word.quoted, span: word.span };
        word.span.start += 1;
        if word.text.is_empty() {
            return Err(parser.expected("the name of a field"));
        }
    }
    if parser.eat("(") {
        let kind = Some(word.text.to_ascii_lowercase());
        let field = parser.word("the name of a field")?;
        parser.expect(")")?;
        return Ok(Key { descending, kind, field });
    }
    Ok(Key { descending, kind: None, field: word })
}
