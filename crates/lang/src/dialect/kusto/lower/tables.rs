//! Expressions that give rows.

use super::{Bound, Env, Lowering, Rows, scope::Columns};
use crate::dialect::kusto::asim;
use crate::dialect::kusto::ast::{
    Datatable, Expr, ExprKind, Externaldata, Field, LetValue, Literal, Name, Node, Operator, Pipe, Source, Statement,
};
use crate::dialect::kusto::functions;
use ir::{Diagnostic, LogSource, LogSourceKind, Span, Spanned, codes};

/// Functions that give a table by its name.
const BY_NAME: &[&str] = &["external_table", "materialized_view", "table"];

/// Functions that give a workspace's table of reference data.
const WATCHLISTS: &[&str] = &["_ASIM_GetWatchlistRaw", "_GetWatchlist", "_GetWatchlistAlias"];

impl<'a> Lowering<'a> {
    /// The rows that an expression gives.
    pub fn table(&mut self, expr: &'a Expr, env: &Env<'a>) -> Rows<'a> {
        let rows = self.deeper(expr.span, |lowering| lowering.table_here(expr, env));
        let mut rows = rows.unwrap_or_else(|| Rows::new(env.clone(), expr.span));
        rows.set_scope(env);
        rows
    }

    fn table_here(&mut self, expr: &'a Expr, env: &Env<'a>) -> Rows<'a> {
        match &expr.kind {
            ExprKind::Name(name) => match env.find(name).cloned() {
                Some(Bound::Expr { expr, env }) => self.table(expr, &env),
                Some(Bound::Rows(rows)) => self.copy(&rows),
                Some(Bound::Function { function, env: inner }) => {
                    let called = Spanned { value: name.clone(), span: expr.span };
                    match self.enter(function, &inner, &[], env, &called) {
                        Some((result, inner)) => self.table(result, &inner),
                        None => Rows::new(env.clone(), expr.span),
                    }
                }
                Some(Bound::Unknown) => Rows::new(env.clone(), expr.span),
                None => self.events(name, expr.span, env),
            },
            ExprKind::Wildcard(pattern) => self.events(pattern, expr.span, env),
            ExprKind::Star => self.events("*", expr.span, env),
            ExprKind::Member { name, .. } => self.events(&name.value, name.span, env),
            ExprKind::Call { scope, function, args } => self.table_call(scope.is_some(), function, args, expr, env),
            ExprKind::Pipe(pipe) => self.pipe(pipe, env, expr.span),
            _ => {
                let error = Diagnostic::refusal(codes::SYNTAX, "a table must stand here").at(expr.span);
                self.report(error.hint("a value by itself is shown with `print`"));
                Rows::new(env.clone(), expr.span)
            }
        }
    }

    /// The events of a table, which the rule then reads.
    fn events(&mut self, name: &str, span: Span, env: &Env<'a>) -> Rows<'a> {
        if !self.log_sources.iter().any(|known| known.name == name) {
            self.log_sources.push(LogSource { kind: LogSourceKind::Table, name: name.to_owned(), span });
        }
        self.reference(name, span, env)
    }

    /// The rows of a table that holds no events.
    fn reference(&self, name: &str, span: Span, env: &Env<'a>) -> Rows<'a> {
        let source = ir::Source::Table(Spanned { value: name.to_owned(), span });
        Rows::from(source, Columns::default(), env, span)
    }

    fn table_call(
        &mut self,
        scoped: bool,
        function: &'a Name,
        args: &'a [Field],
        expr: &'a Expr,
        env: &Env<'a>,
    ) -> Rows<'a> {
        let name = function.value.as_str();
        let text = match args.first().map(|arg| &arg.expr) {
            Some(Expr { kind: ExprKind::Literal(Literal::Text(text)), span }) => Some((text, *span)),
            _ => None,
        };
        match (name, args) {
            _ if scoped => self.events(name, function.span, env),
            ("materialize" | "totable", [arg]) => self.table(&arg.expr, env),
            _ if BY_NAME.contains(&name) && text.is_some() => match text {
                Some((text, span)) => self.events(text, span, env),
                None => Rows::new(env.clone(), expr.span),
            },
            _ if WATCHLISTS.contains(&name) => {
                let (name, span) = text.map_or((name, function.span), |(text, span)| (text.as_str(), span));
                self.external(&format!("the watchlist `{name}`"), expr.span);
                self.reference(name, span, env)
            }
            _ => match env.find(name).cloned() {
                Some(Bound::Function { function: definition, env: inner }) => {
                    match self.enter(definition, &inner, args, env, function) {
                        Some((result, inner)) => self.table(result, &inner),
                        None => Rows::new(env.clone(), expr.span),
                    }
                }
                _ if functions::scalar(name).is_some() => {
                    let message = format!("`{name}` gives a value, and here a table must stand");
                    self.report(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(expr.span));
                    Rows::new(env.clone(), expr.span)
                }
                _ => {
                    let mut rows = self.events(name, function.span, env);
                    asim::filters(function, args, &mut rows, env, self);
                    rows
                }
            },
        }
    }

    /// Says that the rule needs what is not in its repository.
    fn external(&mut self, what: &str, span: Span) {
        let message = format!("the rule needs {what}");
        self.report(Diagnostic::refusal(codes::EXTERNAL_DATA, message).at(span));
    }

    fn pipe(&mut self, pipe: &'a Pipe, env: &Env<'a>, span: Span) -> Rows<'a> {
        let mut rows = match &pipe.source {
            Source::Expr(expr) => self.table(expr, env),
            Source::Context => Rows::new(env.clone(), span),
            Source::Operator(operator) => {
                let mut rows = Rows::new(env.clone(), operator.span);
                operator.kind.lower(&mut rows, self);
                rows
            }
            Source::Datatable(table) => self.datatable(table, env),
            Source::Externaldata(table) => self.externaldata(table, env),
        };
        rows.set_scope(env);
        self.run(&pipe.operators, &mut rows);
        rows
    }

    /// Lets rows through operators.
    pub fn run(&mut self, operators: &'a [Node<Operator>], rows: &mut Rows<'a>) {
        for operator in operators {
            rows.at(operator.span);
            if self.deeper(operator.span, |lowering| operator.kind.lower(rows, lowering)).is_none() {
                return;
            }
        }
    }

    fn datatable(&mut self, table: &'a Datatable, env: &Env<'a>) -> Rows<'a> {
        let names: Vec<_> = table.columns.iter().map(|column| column.name.clone()).collect();
        let width = names.len().max(1);
        if !table.values.len().is_multiple_of(width) {
            let message = format!("{} values do not fill rows of {width} columns", table.values.len());
            self.report(Diagnostic::refusal(codes::ARGUMENT_COUNT, message).at(table.span));
        }
        let values: Vec<_> = table.values.iter().map(|value| self.constant(value, env)).collect();
        let rows = values.chunks_exact(width).map(<[ir::Literal]>::to_vec).collect();
        let columns = Columns::only(names.iter().map(|name| name.value.clone()).collect());
        Rows::from(ir::Source::Values { columns: names, rows }, columns, env, table.span)
    }

    fn constant(&mut self, expr: &'a Expr, env: &Env<'a>) -> ir::Literal {
        let mut value = self.value_in(expr, env);
        let mut negative = false;
        loop {
            value = match value.kind {
                ir::ExprKind::Literal(ir::Literal::TimeSpan { count, unit }) if negative => {
                    return ir::Literal::TimeSpan { count: count.saturating_neg(), unit };
                }
                ir::ExprKind::Literal(literal) => return literal,
                ir::ExprKind::Negate(inner) => {
                    negative = !negative;
                    *inner
                }
                // Times and JSON are kept as their text.
                ir::ExprKind::Cast { value, .. } => *value,
                ir::ExprKind::Call { mut args, .. } if args.len() == 1 => args.remove(0),
                _ => {
                    let error = Diagnostic::refusal(codes::NOT_CONSTANT, "a table's values are constants");
                    self.report(error.at(expr.span));
                    return ir::Literal::Null;
                }
            };
        }
    }

    fn externaldata(&mut self, table: &'a Externaldata, env: &Env<'a>) -> Rows<'a> {
        let address = table.addresses.iter().find_map(|address| match &address.kind {
            ExprKind::Literal(Literal::Text(text) | Literal::HiddenText(text)) => Some((text.as_str(), address.span)),
            _ => None,
        });
        let (name, span) = address.unwrap_or(("externaldata", table.span));
        self.external(&format!("data from `{name}`"), table.span);
        let columns = Columns::only(table.columns.iter().map(|column| column.name.value.clone()).collect());
        let mut rows = self.reference(name, span, env);
        rows.columns = columns;
        rows
    }

    /// The source of `search` and `find`: some tables, or all.
    pub fn search_source(&mut self, tables: &'a [Expr], rows: &mut Rows<'a>) {
        let env = rows.env();
        let found = if tables.is_empty() {
            vec![self.events("*", rows.span(), &env)]
        } else {
            tables.iter().map(|table| self.table(table, &env)).collect()
        };
        rows.become_union(found);
    }

    /// Calls a function of the query with the rows as its first argument.
    pub fn invoke(&mut self, call: &'a Expr, rows: &mut Rows<'a>) {
        let env = rows.env();
        let found = match &call.kind {
            ExprKind::Call { scope: None, function, args } => match env.find(&function.value).cloned() {
                Some(Bound::Function { function: definition, env: inner }) => Some((function, args, definition, inner)),
                _ => None,
            },
            _ => None,
        };
        let Some((name, args, definition, inner)) = found else {
            return rows.other("invoke", Vec::new(), self);
        };
        let mut inner = inner;
        let mut definition_args = Vec::new();
        let Some((first, rest)) = definition.parameters.split_first() else {
            return rows.other("invoke", Vec::new(), self);
        };
        definition_args.extend(rest.iter().zip(args));
        let source = self.copy(rows);
        inner.scope.add(&first.name.value, Bound::Rows(std::rc::Rc::new(source)));
        for (parameter, arg) in definition_args {
            inner.scope.add(&parameter.name.value, Bound::Expr { expr: &arg.expr, env: env.clone() });
        }
        let mut result = None;
        for statement in &definition.body {
            match &statement.kind {
                Statement::Query(expr) => result = Some(expr),
                other => self.bind(other, name.span, &mut inner.scope),
            }
        }
        if let Some(result) = result {
            let found = self.table(result, &inner);
            rows.become_union(vec![found]);
        }
    }

    /// Whether an expression gives rows, as far as its form and the definitions tell.
    pub(super) fn is_table(&self, expr: &'a Expr, env: &Env<'a>) -> bool {
        self.is_table_within(expr, env, 100)
    }

    fn is_table_within(&self, expr: &'a Expr, env: &Env<'a>, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match &expr.kind {
            ExprKind::Pipe(_) => true,
            ExprKind::Name(name) => match env.find(name) {
                Some(Bound::Expr { expr, env }) => self.is_table_within(expr, env, depth),
                Some(Bound::Rows(_)) => true,
                Some(Bound::Function { .. } | Bound::Unknown) => false,
                // Outside of rows there are no columns.
                None => !env.in_rows,
            },
            ExprKind::Member { value, .. } => {
                matches!(&value.kind, ExprKind::Call { function, .. } if is_place(&function.value))
            }
            ExprKind::Call { scope: Some(_), .. } => true,
            ExprKind::Call { scope: None, function, args } => {
                let name = function.value.as_str();
                match env.find(name) {
                    Some(Bound::Function { function, env }) => self.gives_table(function, env, depth),
                    _ if name == "materialize" => {
                        args.first().is_some_and(|arg| self.is_table_within(&arg.expr, env, depth))
                    }
                    _ if name == "totable" || BY_NAME.contains(&name) || WATCHLISTS.contains(&name) => true,
                    _ => {
                        let known = functions::scalar(name).is_some() || functions::aggregate(name).is_some();
                        !known && name != "toscalar" && (!env.in_rows || asim::is_parser(name))
                    }
                }
            }
            _ => false,
        }
    }

    fn gives_table(&self, function: &'a crate::dialect::kusto::ast::Function, env: &Env<'a>, depth: usize) -> bool {
        let mut inner = Env::of(env.scope.clone());
        let mut result = None;
        for parameter in &function.parameters {
            if let crate::dialect::kusto::ast::ParameterKind::Scalar { .. } = parameter.kind {
                inner.scope.add(&parameter.name.value, Bound::Unknown);
            }
        }
        for statement in &function.body {
            match &statement.kind {
                Statement::Query(expr) => result = Some(expr),
                Statement::Let { name, value } => {
                    let env = inner.clone();
                    inner.scope.add(
                        &name.value,
                        match value {
                            LetValue::Expr(expr) => Bound::Expr { expr, env },
                            LetValue::Function(function) => Bound::Function { function, env },
                        },
                    );
                }
                _ => {}
            }
        }
        result.is_some_and(|result| self.is_table_within(result, &inner, depth))
    }
}

/// Functions that name where tables are.
fn is_place(function: &str) -> bool {
    matches!(function, "app" | "cluster" | "database" | "resource" | "workspace")
}
