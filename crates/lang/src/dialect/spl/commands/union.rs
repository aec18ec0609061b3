//! `union [search] [search]` and `multisearch`: the rows of each, one after another.

use super::Syntax;
use crate::dialect::spl::ast::{Query, Setting, Word};
use crate::dialect::spl::lower::Rows;
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{Pipeline, Source, Spanned, StageKind, UnknownFields};

#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    pub name: &'static str,
    pub settings: Vec<Setting>,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Query(Query),
    /// `datamodel:name`, `lookup:name`
    DataSet(Word),
}

impl Syntax for Union {
    const NAMES: &'static [&'static str] = &["union", "multisearch"];

    fn parse(parser: &mut Parser<'_>, name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        let mut parts = Vec::new();
        while !parser.at_end_of_command() {
            parts.push(if parser.at_symbol("[") {
                Part::Query(parser.subsearch()?)
            } else {
                Part::DataSet(parser.word("`[`")?)
            });
            while parser.eat(",") {}
        }
        if parts.is_empty() { Err(parser.expected("`[`")) } else { Ok(Union { name, settings, parts }) }
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        let parts: Vec<Pipeline> = self.parts.iter().map(|part| pipeline(part, rows)).collect();
        if rows.first {
            rows.start(Source::Union(parts));
        } else {
            rows.push(StageKind::Append(parts));
        }
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        for part in &self.parts {
            out.push(" ");
            match part {
                Part::Query(query) => out.subsearch(query),
                Part::DataSet(name) => out.word(name),
            }
        }
    }

    fn name(&self) -> &'static str {
        self.name
    }
}

fn pipeline(part: &Part, rows: &mut Rows<'_, '_>) -> Pipeline {
    match part {
        Part::Query(query) => rows.subsearch(query),
        Part::DataSet(name) => {
            let table = name.text.split_once(':').map_or(name.text.as_str(), |(_, table)| table);
            let source = Source::Table(Spanned { value: table.to_owned(), span: name.span });
            Pipeline { source, stages: Vec::new(), unknown_fields: UnknownFields::Null }
        }
    }
}
