//! A pipeline in the making, with what is known of its columns.

use super::{Bound, Env, Lowering, scope::Columns};
use crate::dialect::kusto::ast::{Expr, ExprKind, Name};
use ir::{Assignment, Diagnostic, NamePattern, Pipeline, Source, Span, Stage, StageKind, UnknownFields, codes};
use std::collections::HashSet;
use std::rc::Rc;

#[derive(Clone)]
pub(in crate::dialect::kusto) struct Rows<'a> {
    pub pipeline: Pipeline,
    pub columns: Columns,
    scope: super::Scope<'a>,
    /// Where the operator stands whose stages are being added.
    span: Span,
    /// Nothing has given them a source yet.
    new: bool,
}

impl<'a> Rows<'a> {
    /// No rows yet; the definitions are those of `env`.
    pub fn new(env: Env<'a>, span: Span) -> Self {
        let source = Source::Values { columns: Vec::new(), rows: Vec::new() };
        let pipeline = Pipeline { source, stages: Vec::new(), unknown_fields: UnknownFields::Refused };
        Rows { pipeline, columns: Columns::default(), scope: env.scope, span, new: true }
    }

    pub fn from(source: Source, columns: Columns, env: &Env<'a>, span: Span) -> Self {
        let mut rows = Rows::new(env.clone(), span);
        rows.pipeline.source = source;
        rows.columns = columns;
        rows.new = false;
        rows
    }

    pub fn is_new(&self) -> bool {
        self.new
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// Begins an operator.
    pub fn at(&mut self, span: Span) {
        self.span = span;
    }

    /// What names mean in an expression over these rows.
    pub fn env(&self) -> Env<'a> {
        Env { scope: self.scope.clone(), columns: self.columns.clone(), in_rows: true }
    }

    /// Replaces the definitions.
    pub fn set_scope(&mut self, env: &Env<'a>) {
        self.scope = env.scope.clone();
    }

    pub fn push(&mut self, kind: StageKind) {
        self.push_at(kind, self.span);
    }

    pub fn push_at(&mut self, kind: StageKind, span: Span) {
        self.new = false;
        self.pipeline.stages.push(Stage { kind, span });
    }

    /// A stage for what has no form in the IR.
    pub fn other(&mut self, command: &str, creates: Vec<String>, lowering: &mut Lowering<'a>) {
        let message = format!("the operator `{command}` is read and not run");
        lowering.report(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(self.span));
        let command = ir::Spanned { value: command.to_owned(), span: self.span };
        self.push_at(StageKind::Other { command, creates }, self.span);
    }

    /// Makes the rows known by a name to the operators after this one.
    pub fn bind(&mut self, name: &'a str, lowering: &mut Lowering<'a>) {
        let rows = lowering.copy(self);
        self.scope.add(name, Bound::Rows(Rc::new(rows)));
    }

    pub fn has_only(&mut self, names: Vec<String>) {
        self.columns = Columns::only(names);
    }

    pub fn also_has(&mut self, names: impl IntoIterator<Item = String>) {
        self.columns.add(names);
    }

    pub fn add_columns(&mut self, others: &Columns) {
        self.columns.add(others.names());
        self.columns.complete &= others.complete;
    }

    pub fn rename(&mut self, from: &str, to: &str) {
        self.columns.rename(from, to);
    }

    /// The rows of each of these, instead of whatever there was.
    pub fn become_union(&mut self, mut tables: Vec<Rows<'a>>) {
        self.new = false;
        if tables.len() == 1
            && let Some(table) = tables.pop()
        {
            self.pipeline = table.pipeline;
            self.columns = table.columns;
            return;
        }
        let mut columns = Columns::only(Vec::new());
        for table in &tables {
            columns.add(table.columns.names());
            columns.complete &= table.columns.complete;
        }
        self.columns = columns;
        self.pipeline.source = Source::Union(tables.into_iter().map(|table| table.pipeline).collect());
        self.pipeline.stages.clear();
    }

    /// The rows of these after those that are there.
    pub fn append(&mut self, tables: Vec<Rows<'a>>) {
        for table in &tables {
            self.add_columns(&table.columns);
        }
        self.push_at(StageKind::Append(tables.into_iter().map(|table| table.pipeline).collect()), self.span);
    }

    /// Of the columns of a projection those that are not there yet.
    pub fn new_columns(&self, assignments: Vec<Assignment>) -> Vec<Assignment> {
        let same = |assignment: &Assignment| assignment.expr.kind == ir::ExprKind::Field(assignment.name.value.clone());
        assignments.into_iter().filter(|assignment| !same(assignment)).collect()
    }

    /// In Kusto, the columns of one operator do not see each other; in the IR each sees those before it. So a column that
    /// others read under its old meaning comes after them.
    pub fn in_order(&self, mut assignments: Vec<Assignment>, lowering: &mut Lowering<'a>) -> Vec<Assignment> {
        const MOST: usize = 200;
        if !sees_another(&assignments) {
            return assignments;
        }
        let mut ordered = Vec::with_capacity(assignments.len());
        while !assignments.is_empty() {
            let unread = |at: usize| {
                let name = assignments.get(at).map_or("", |assignment| assignment.name.value.as_str());
                !assignments.iter().enumerate().any(|(other, found)| other != at && reads(&found.expr, name))
            };
            let free = (0..assignments.len()).find(|&at| assignments.len() <= MOST && unread(at));
            if free.is_none() {
                let message = "columns that exchange their values are computed one after another";
                let span = assignments.first().map_or(self.span, |assignment| assignment.name.span);
                lowering.report(Diagnostic::loss(codes::LOSSY_VALUE, message).at(span));
                ordered.append(&mut assignments);
                break;
            }
            ordered.push(assignments.remove(free.unwrap_or(0)));
        }
        ordered
    }

    /// The first rows, as many as the constant says.
    pub fn limit(&mut self, count: &'a Expr, lowering: &mut Lowering<'a>) {
        let value = lowering.value(count, self);
        let number = match value.kind {
            ir::ExprKind::Literal(ir::Literal::Integer(count)) => u64::try_from(count).ok(),
            ir::ExprKind::Literal(ir::Literal::Long(count)) => u64::try_from(count).ok(),
            _ => None,
        };
        match number {
            Some(count) => self.push(StageKind::Limit { count, by: Vec::new() }),
            None => self.other("take with a computed count", Vec::new(), lowering),
        }
    }

    pub fn plain_pattern(name: &Name) -> NamePattern {
        NamePattern { pattern: name.value.clone(), wildcard: false, span: name.span }
    }

    /// Names with wildcards, as projections have them.
    pub fn patterns(names: &[Expr]) -> Vec<NamePattern> {
        let pattern = |name: &Expr| {
            let (pattern, wildcard) = match &name.kind {
                ExprKind::Name(name) => (name.as_str(), false),
                ExprKind::Wildcard(pattern) => (pattern.as_str(), true),
                _ => ("*", true),
            };
            NamePattern { pattern: pattern.to_owned(), wildcard, span: name.span }
        };
        names.iter().map(pattern).collect()
    }
}

/// Whether one of the expressions reads a column that one before it makes.
fn sees_another(assignments: &[Assignment]) -> bool {
    let mut before: HashSet<&str> = HashSet::new();
    let mut found = false;
    for assignment in assignments {
        assignment.expr.walk(&mut |expr| {
            if let ir::ExprKind::Field(field) = &expr.kind {
                let root = field.find(['.', '[']).and_then(|end| field.get(..end)).unwrap_or(field);
                found |= before.contains(field.as_str()) || before.contains(root);
            }
        });
        before.insert(&assignment.name.value);
    }
    found
}

/// Whether an expression reads a column, or something below it.
fn reads(expr: &ir::Expr, name: &str) -> bool {
    let mut found = false;
    expr.walk(&mut |expr| {
        if let ir::ExprKind::Field(field) = &expr.kind
            && let Some(rest) = field.strip_prefix(name)
        {
            found |= rest.is_empty() || rest.starts_with(['.', '[']);
        }
    });
    found
}

impl<'a> Lowering<'a> {
    /// A copy, counted as what it holds.
    pub fn copy(&mut self, rows: &Rows<'a>) -> Rows<'a> {
        self.count += weight(&rows.pipeline);
        if self.deeper(rows.span(), |_| ()).is_some() { rows.clone() } else { Rows::new(rows.env(), rows.span()) }
    }
}

fn weight(pipeline: &Pipeline) -> usize {
    let mut count = 1 + pipeline.stages.len();
    pipeline.for_each_expr(&mut |expr| expr.walk(&mut |_| count += 1));
    if let Source::Union(tables) = &pipeline.source {
        count += tables.iter().map(weight).sum::<usize>();
    }
    for stage in &pipeline.stages {
        count += match &stage.kind {
            StageKind::Join(join) => weight(&join.right),
            StageKind::Append(tables) => tables.iter().map(weight).sum(),
            _ => 0,
        };
    }
    count
}
