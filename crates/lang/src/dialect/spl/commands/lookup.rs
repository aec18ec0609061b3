//! `lookup table key AS field OUTPUT column AS name`: columns of a lookup table beside each row with its key.
//! 
//! That is a left join with the table, in which the columns have the names they get here. Where OUTPUT is missing, all of the
//! table's columns come along.

use super::Syntax;
use crate::dialect::spl::ast::{Renaming, Setting, Word};
use crate::dialect::spl::lower::{Rows, field, spanned};
use crate::dialect::spl::parser::{Parse, Parser};
use crate::dialect::spl::print::Printer;
use ir::{
    Diagnostic, Expr, ExprKind, Join, JoinKind, NamePattern, Pipeline, Source, Stage, StageKind, UnknownFields, codes,
};

#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    pub settings: Vec<Setting>,
    pub table: Word,
    /// Columns of the table, and the fields they must equal.
    pub keys: Vec<Renaming>,
    /// `None` where OUTPUT is missing.
    pub outputs: Option<Outputs>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    /// OUTPUTNEW: values that are there already stay.
    pub keeps: bool,
    pub columns: Vec<Renaming>,
}

impl Syntax for Lookup {
    const NAMES: &'static [&'static str] = &["lookup"];

    fn parse(parser: &mut Parser<'_>, _name: &'static str) -> Parse<Self> {
        let settings = parser.settings()?;
        let table = parser.word("the name of a lookup table")?;
        let keys = parser.renamings(&["output", "outputnew"])?;
        let outputs = if parser.eat_keyword("outputnew") {
            Some(Outputs { keeps: true, columns: parser.renamings(&[])? })
        } else if parser.eat_keyword("output") {
            Some(Outputs { keeps: false, columns: parser.renamings(&[])? })
        } else {
            None
        };
        if keys.is_empty() {
            return Err(parser.expected("the name of a field"));
        }
        Ok(Lookup { settings, table, keys, outputs })
    }

    fn lower(&self, rows: &mut Rows<'_, '_>) {
        if let Some(outputs) = self.outputs.as_ref().filter(|outputs| outputs.keeps && !outputs.columns.is_empty()) {
            let span = outputs.columns.iter().map(|column| column.from.span).reduce(ir::Span::to).unwrap_or(rows.span);
            let message = "OUTPUTNEW is read as OUTPUT: values that are there already are replaced";
            rows.say(Diagnostic::note(codes::UNSUPPORTED_COMMAND, message).at(span));
        }
        let stage = |kind| Stage { kind, span: rows.span };
        let mut stages = Vec::new();
        let columns = self.outputs.as_ref().map(|outputs| outputs.columns.as_slice()).unwrap_or_default();
        if !columns.is_empty() {
            // A column that is given a name may be a key as well, so it is copied and not renamed.
            let copies: Vec<_> = columns.iter().filter_map(copy).collect();
            if !copies.is_empty() {
                stages.push(stage(StageKind::Extend(copies)));
            }
            let keys = self.keys.iter().map(|key| &key.from);
            let names = columns.iter().map(|column| column.to.as_ref().unwrap_or(&column.from));
            let kept = keys.chain(names).map(|word| NamePattern {
                pattern: word.text.clone(),
                wildcard: false,
                span: word.span,
            });
            stages.push(stage(StageKind::Keep(kept.collect())));
        }
        let on = self.keys.iter().map(|key| (field(key.to.as_ref().unwrap_or(&key.from)), field(&key.from))).collect();
        let source = Source::Table(spanned(&self.table));
        let right = Box::new(Pipeline { source, stages, unknown_fields: UnknownFields::Null });
        rows.push(StageKind::Join(Join { kind: JoinKind::Left, right, on }));
    }

    fn print(&self, out: &mut Printer) {
        out.settings(&self.settings);
        out.push(" ");
        out.word(&self.table);
        out.push(" ");
        out.renamings(&self.keys);
        if let Some(outputs) = &self.outputs {
            out.push(if outputs.keeps { " OUTPUTNEW " } else { " OUTPUT " });
            out.renamings(&outputs.columns);
        }
    }
}

fn copy(column: &Renaming) -> Option<ir::Assignment> {
    let to = column.to.as_ref().filter(|to| to.text != column.from.text)?;
    let expr = Expr::new(ExprKind::Field(column.from.text.clone()), column.from.span);
    Some(ir::Assignment { name: spanned(to), expr })
}
