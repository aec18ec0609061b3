//! `ENRICH policy ON field WITH new = column`: columns of a table, appended to each row that matches.

use super::Syntax;
use crate::dialect::esql::ast::Name;
use crate::dialect::esql::lexer::Mode;
use crate::dialect::esql::lower::Lowering;
use crate::dialect::esql::parser::{Parse, Parser};
use crate::dialect::esql::print::{self, Printer};
use ir::{Diagnostic, Spanned, StageKind, codes};

/// Where Elasticsearch would run a policy, which makes no difference here.
const MODES: &[&str] = &["_any", "_coordinator", "_remote"];

#[derive(Clone, Debug, PartialEq)]
pub struct Enrich {
    /// `_any`, `_coordinator` or `_remote` before the policy's name.
    pub mode: Option<Spanned<String>>,
    pub policy: Spanned<String>,
    pub on: Option<Name>,
    pub with: Vec<Column>,
}

/// `name = column`, or the column under its own name.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: Option<Name>,
    pub column: Name,
}

impl Syntax for Enrich {
    type Meaning = StageKind;
    const SPELLINGS: &'static [&'static str] = &["ENRICH"];
    const MODE: Mode = Mode::Sources;

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let mut policy = parser.source_name("the name of an enrich policy")?;
        let mut mode = None;
        if parser.eat(":") {
            mode = Some(policy);
            policy = parser.source_name("the name of an enrich policy")?;
        }
        parser.set_mode(Mode::Names);
        let on = if parser.eat_keyword("ON") { Some(parser.plain_name("ENRICH")?) } else { None };
        let with = if parser.eat_keyword("WITH") { parser.list(column)? } else { Vec::new() };
        Ok(Enrich { mode, policy, on, with })
    }

    fn lower(&self, lowering: &Lowering<'_>) -> Result<StageKind, Diagnostic> {
        // A quoted name may hold the mode too.
        let (mode, policy) = match self.policy.value.split_once(':') {
            Some((mode, policy)) if self.mode.is_none() => (Some(mode), policy),
            _ => (self.mode.as_ref().map(|mode| mode.value.as_str()), self.policy.value.as_str()),
        };
        if let Some(mode) = mode
            && !MODES.iter().any(|known| known.eq_ignore_ascii_case(mode))
        {
            let message = format!("`{mode}` is no mode of ENRICH");
            return Err(Diagnostic::refusal(codes::SYNTAX, message)
                .at(self.mode.as_ref().map_or(self.policy.span, |mode| mode.span))
                .hint(format!("modes are {}", MODES.join(", "))));
        }
        let with = self.with.iter().map(|column| {
            let from = lowering.name(&column.column)?;
            let to = column.name.as_ref().map_or(Ok(from.clone()), |name| lowering.name(name))?;
            Ok(ir::Rename { from, to })
        });
        Ok(StageKind::Enrich(ir::Enrich {
            policy: Spanned { value: policy.to_owned(), span: self.policy.span },
            on: self.on.as_ref().map(|on| lowering.name(on)).transpose()?,
            with: with.collect::<Result<_, _>>()?,
        }))
    }

    fn print(&self, out: &mut Printer) {
        if let Some(mode) = &self.mode {
            out.push(&mode.value);
            out.push(":");
        }
        out.push(&print::source(&self.policy.value));
        if let Some(on) = &self.on {
            out.push(" ON ");
            out.name(on);
        }
        if !self.with.is_empty() {
            out.push(" WITH ");
            out.list(&self.with, |column, out| {
                if let Some(name) = &column.name {
                    out.name(name);
                    out.push(" = ");
                }
                out.name(&column.column);
            });
        }
    }
}

fn column(parser: &mut Parser<'_>) -> Parse<Column> {
    let first = parser.plain_name("ENRICH")?;
    if parser.eat("=") {
        return Ok(Column { name: Some(first), column: parser.plain_name("ENRICH")? });
    }
    Ok(Column { name: None, column: first })
}
