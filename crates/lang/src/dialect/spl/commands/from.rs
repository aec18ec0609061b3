//! `from datamodel:Model.DataSet`, `from datamodel Model.DataSet`, `from lookup:table`: the rows of a data set.

use super::Syntax;
use crate::dialect::spl::ast::Word;
use crate::dialect::spl::lower::{Rows, spanned};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Source, Spanned};

#[derive(Clone, Debug, PartialEq)]
pub struct From {
    /// `datamodel`, `lookup`, `savedsearch`, `inputlookup`, in small letters.
    pub kind: String,
    pub name: Word,
}

impl Syntax for From {
    const NAMES: &'static [&'static str] = &["from"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let word = parser.word("`datamodel`")?;
        if let Some((kind, name)) = word.text.split_once(':') {
            let kind = kind.to_ascii_lowercase();
            // The colon may stand before a quoted name.
            let name = match name {
                "" => parser.word("the name of a data set")?,
                name => Word { text: name.to_owned(), quoted: word.quoted, span: word.span },
            };
            return Ok(From { kind, name });
        }
        Ok(From { kind: word.text.to_ascii_lowercase(), name: parser.word("the name of a data set")? })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        match self.kind.as_str() {
            "datamodel" => super::tstats::read_model(rows, &self.name.text, self.name.span),
            "lookup" | "inputlookup" => rows.start(Source::Table(spanned(&self.name))),
            _ => {
                let name = format!("{}:{}", self.kind, self.name.text);
                rows.start(Source::Table(Spanned { value: name, span: self.name.span }));
            }
        }
    }

    fn print(&self, out: &mut Printer) {
        out.then(&self.kind);
        out.push(" ");
        out.word(&self.name);
    }
}
