//! `project-rename new = old, ...`: other names for columns.

use super::Syntax;
use crate::dialect::kusto::ast::{Field, Label};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct ProjectRename {
    pub fields: Vec<Field>,
}

impl Syntax for ProjectRename {
    const SPELLINGS: &'static [&'static str] = &["project-rename"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(ProjectRename { fields: parser.list(Parser::field)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let mut renames = Vec::new();
        for field in &self.fields {
            let Label::Name(to) = &field.label else { continue };
            let value = lowering.value(&field.expr, rows);
            if let ir::ExprKind::Field(from) = value.kind {
                rows.rename(&from, &to.value);
                renames.push(ir::Rename { from: ir::Spanned { value: from, span: value.span }, to: to.clone() });
            }
        }
        rows.push(StageKind::Rename(renames));
    }

    fn print(&self, out: &mut Printer) {
        out.list(&self.fields, |field, out| out.field(field));
    }
}
