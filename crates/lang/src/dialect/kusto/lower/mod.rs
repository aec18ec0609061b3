//! AST to [`ir::Pipeline`], with Kusto's semantics made explicit.
//!
//! Tests are bare and three-valued. A string that is missing is empty in Kusto and null here, so `isempty` and `isnull` mean
//! the same. Members of dynamic columns are fields with a path (`InitiatedBy.user.ipAddress`), whether or not the text
//! was parsed as JSON on the way. `let` binds an expression together with what was bound before it ([`Scope`]), so
//! nothing can refer to itself, and each use is lowered where it stands; [`MAX_EXPRESSIONS`] bounds the whole.

mod aggregates;
mod calls;
mod fields;
mod filter;
mod lists;
mod literals;
mod rows;
mod scope;
mod tables;
mod tests_of_text;
mod values;

pub(super) use fields::{column_name, path};
pub(super) use literals::type_name;
pub(super) use rows::Rows;
pub(super) use scope::{Bound, Env, Scope};

use super::ast::{LetValue, ParameterKind, Script, Statement};
use super::{MAX_EXPRESSIONS, Meaning};
use ir::{Diagnostic, LogSource, Span, codes};

/// Deepest nesting of what is lowered, with `let`s in place.
const MAX_LOWERED_DEPTH: usize = 100;

/// What is known while a query is lowered.
#[derive(Default)]
pub(super) struct Lowering<'a> {
    log_sources: Vec<LogSource>,
    diagnostics: Vec<Diagnostic>,
    /// Expressions so far.
    count: usize,
    depth: usize,
    /// Inside of `summarize`, where aggregates may stand.
    aggregating: bool,
    /// The size or depth was exceeded, which is said once.
    exceeded: bool,
    /// Definitions and rows borrow from the query.
    query: std::marker::PhantomData<&'a Script>,
}

pub(super) fn script(script: &Script) -> Option<Meaning> {
    let mut lowering = Lowering::default();
    let mut scope = Scope::default();
    let mut results = Vec::new();
    for statement in &script.statements {
        match &statement.kind {
            Statement::Query(expr) => results.push(lowering.table(expr, &Env::of(scope.clone()))),
            other => lowering.bind(other, statement.span, &mut scope),
        }
    }
    let mut rows = Rows::new(Env::default(), script.statements.first().map_or(Span::default(), |first| first.span));
    if results.is_empty() {
        return None;
    }
    rows.become_union(results);
    let Lowering { log_sources, mut diagnostics, .. } = lowering;
    // A `let` that is used twice is lowered twice.
    let mut seen: Vec<Diagnostic> = Vec::new();
    diagnostics.retain(|diagnostic| {
        let new = !seen.contains(diagnostic);
        if new {
            seen.push(diagnostic.clone());
        }
        new
    });
    Some(Meaning { pipeline: rows.pipeline, log_sources, diagnostics })
}

impl<'a> Lowering<'a> {
    /// Adds what a statement defines to the scope.
    fn bind(&mut self, statement: &'a Statement, span: Span, scope: &mut Scope<'a>) {
        match statement {
            Statement::Let { name, value } => {
                let env = Env::of(scope.clone());
                let value = match value {
                    LetValue::Expr(expr) => Bound::Expr { expr, env },
                    LetValue::Function(function) => Bound::Function { function, env },
                };
                scope.add(&name.value, value);
            }
            Statement::Parameters(parameters) => {
                for parameter in parameters {
                    let env = Env::of(scope.clone());
                    if let ParameterKind::Scalar { default: Some(expr), .. } = &parameter.kind {
                        scope.add(&parameter.name.value, Bound::Expr { expr, env });
                    } else {
                        let message = format!("the parameter `{}` has no value", parameter.name.value);
                        self.report(Diagnostic::refusal(codes::UNKNOWN_PARAMETER, message).at(parameter.name.span));
                        scope.add(&parameter.name.value, Bound::Unknown);
                    }
                }
            }
            Statement::Set { name, .. } => {
                let message = format!("`set {}` has no effect", name.value);
                self.report(Diagnostic::note(codes::IGNORED_KEY, message).at(span));
            }
            Statement::Verbatim(text) => {
                let word = text.split_whitespace().next().unwrap_or_default();
                let message = format!("the statement `{word}` is not supported");
                self.report(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(span));
            }
            Statement::Query(_) => {}
        }
    }

    pub fn report(&mut self, diagnostic: Diagnostic) {
        // What follows from the first hundred problems is not worth its memory.
        if self.diagnostics.len() < 100 {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Runs `lower` one level deeper; `None` where that is too deep or the query too large.
    fn deeper<T>(&mut self, span: Span, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.count += 1;
        if self.depth >= MAX_LOWERED_DEPTH || self.count > MAX_EXPRESSIONS {
            if !self.exceeded {
                self.exceeded = true;
                let message = if self.depth >= MAX_LOWERED_DEPTH {
                    format!(
                        "with its definitions in place the query is nested more than {MAX_LOWERED_DEPTH} levels deep"
                    )
                } else {
                    format!("with its definitions in place the query has more than {MAX_EXPRESSIONS} expressions")
                };
                self.report(Diagnostic::refusal(codes::TOO_LARGE, message).at(span));
            }
            return None;
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        Some(result)
    }
}
