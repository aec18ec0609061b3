//! `parse value with * "text" name: type *`: columns cut out of a string by the texts around them.
//!
//! Simple patterns become a dissection. Regular expressions become an extraction, where every column's name can be that
//! of a group.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, ExprKind, Literal, Name, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;
use ir::{Assignment, RegexSyntax, Spanned, StageKind};

#[derive(Clone, Debug, PartialEq)]
pub struct ParseInto {
    pub clause: Clause,
}

/// What `parse` and `parse-where` share.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    pub properties: Vec<Property>,
    pub input: Expr,
    pub pattern: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// `*`: anything.
    Any,
    Text(Expr),
    Column { name: Name, type_name: Option<Spanned<String>> },
}

impl Syntax for ParseInto {
    const SPELLINGS: &'static [&'static str] = &["parse"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        Ok(ParseInto { clause: Clause::parse(parser)? })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        self.clause.lower("parse", rows, lowering);
    }

    fn print(&self, out: &mut Printer) {
        self.clause.print(out);
    }
}

impl Clause {
    pub(super) fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let input = parser.value()?;
        parser.expect_keyword("with")?;
        let mut pattern = Vec::new();
        loop {
            if parser.eat("*") {
                pattern.push(Part::Any);
            } else if parser.at_text() {
                pattern.push(Part::Text(parser.property_value()?));
            } else if parser.at_name() && !parser.at_statement_end() {
                let name = parser.name()?;
                let type_name = if parser.eat(":") { Some(parser.type_name()?) } else { None };
                pattern.push(Part::Column { name, type_name });
            } else if pattern.is_empty() {
                return Err(parser.expected("`*`, a string or the name of a column"));
            } else {
                return Ok(Clause { properties, input, pattern });
            }
        }
    }

    /// The names of the columns that it makes.
    pub(super) fn columns(&self) -> Vec<String> {
        let name = |part: &Part| match part {
            Part::Column { name, .. } => Some(name.value.clone()),
            _ => None,
        };
        self.pattern.iter().filter_map(name).collect()
    }

    pub(super) fn lower<'a>(&'a self, command: &str, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let input = lowering.value(&self.input, rows);
        let kind = self.properties.iter().find(|property| property.name.value == "kind");
        let regex = kind.is_some_and(|property| property.value.kind == ExprKind::Name("regex".to_owned()));
        let stage = if regex { self.extraction(&input) } else { self.dissection(&input) };
        let columns = self.columns();
        match stage {
            Some(stage) => rows.push(stage),
            None => rows.other(command, columns.clone(), lowering),
        }
        rows.also_has(columns);
        let casts = self.casts();
        if !casts.is_empty() {
            rows.push(StageKind::Extend(casts));
        }
    }

    fn dissection(&self, input: &ir::Expr) -> Option<StageKind> {
        let mut pattern = String::new();
        for part in &self.pattern {
            match part {
                Part::Any => pattern.push_str("%{}"),
                Part::Text(text) => {
                    let text = text_of(text)?;
                    if text.contains("%{") {
                        return None;
                    }
                    pattern.push_str(text);
                }
                Part::Column { name, .. } => {
                    // Signs that mean something to a dissection at the beginning or end of a name.
                    if name.value.contains(['}', '+', '?', '&', '*', '/']) || name.value.contains("->") {
                        return None;
                    }
                    pattern.push_str(&format!("%{{{}}}", name.value));
                }
            }
        }
        let span = self.pattern.iter().filter_map(Part::span).reduce(|first, last| first.to(last))?;
        let pattern = Spanned { value: pattern, span };
        Some(StageKind::Dissect { input: input.clone(), pattern, append_separator: String::new() })
    }

    fn extraction(&self, input: &ir::Expr) -> Option<StageKind> {
        let mut pattern = "^".to_owned();
        for part in &self.pattern {
            match part {
                Part::Any => pattern.push_str(".*?"),
                Part::Text(text) => pattern.push_str(text_of(text)?),
                Part::Column { name, .. } => {
                    if !crate::dialect::kusto::parser::is_bare(&name.value) || name.value.contains('$') {
                        return None;
                    }
                    pattern.push_str(&format!("(?P<{}>.*?)", name.value));
                }
            }
        }
        pattern.push('$');
        let span = self.pattern.iter().filter_map(Part::span).reduce(|first, last| first.to(last))?;
        let pattern = Spanned { value: pattern, span };
        Some(StageKind::Extract { input: input.clone(), pattern, syntax: RegexSyntax::Re2, all: false })
    }

    fn casts(&self) -> Vec<Assignment> {
        let cast = |part: &Part| match part {
            Part::Column { name, type_name: Some(to) } if to.value != "string" => {
                let value = Box::new(ir::Expr::new(ir::ExprKind::Field(name.value.clone()), name.span));
                let to = Spanned { value: super::super::lower::type_name(&to.value).to_owned(), span: to.span };
                let expr = ir::Expr::new(ir::ExprKind::Cast { value, to }, name.span);
                Some(Assignment { name: name.clone(), expr })
            }
            _ => None,
        };
        self.pattern.iter().filter_map(cast).collect()
    }

    pub(super) fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        out.expr(&self.input);
        out.push(" with");
        for part in &self.pattern {
            out.push(" ");
            match part {
                Part::Any => out.push("*"),
                Part::Text(text) => out.expr(text),
                Part::Column { name, type_name } => {
                    out.name(&name.value);
                    if let Some(type_name) = type_name {
                        out.push(": ");
                        out.push(&type_name.value);
                    }
                }
            }
        }
    }
}

impl Part {
    fn span(&self) -> Option<ir::Span> {
        match self {
            Part::Any => None,
            Part::Text(text) => Some(text.span),
            Part::Column { name, .. } => Some(name.span),
        }
    }
}

fn text_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text) | Literal::HiddenText(text)) => Some(text),
        _ => None,
    }
}
