//! From untyped expressions to typed DataFusion expressions.
//!
//! Binding finds every name in the [`Scope`], checks every type, and makes conversions explicit, so that DataFusion's own
//! coercion finds nothing left to do. Operands of equal flat types become native DataFusion operators, which is where
//! queries spend their time; what DataFusion lacks (overflow to null, several values in a row) goes through the adapter
//! for functions. Whatever depends on constants alone is evaluated here, once.

mod arithmetic;
mod call;
mod compare;
mod convert;
mod fold;
mod fulltext;
mod key;
mod literal;
mod logic;
mod matches;
mod membership;
mod scope;
pub(crate) mod time;
mod value;

pub use convert::listed;
pub use scope::{Column, Scope, reference};
pub use value::{Operand, Value};

use crate::{functions, types::ColumnType, warning::Warnings};
use arrow::array::new_null_array;
use datafusion::error::DataFusionError;
use ir::{Diagnostic, Expr, ExprKind, Span, UnknownFields, codes};
use schema::Type;
use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

/// Deepest nesting of expressions.
pub const MAX_DEPTH: usize = 256;

/// What all expressions of a query share.
#[derive(Debug)]
pub struct Query {
    /// The text that spans point into.
    pub text: Arc<str>,
    /// The query's clock, in nanoseconds since the epoch.
    pub now: i64,
    /// Warnings of running parts.
    pub warnings: Warnings,
    /// What becomes of a name that no column has.
    pub unknown_fields: Cell<UnknownFields>,
    /// Losses and notes found while binding.
    pub diagnostics: RefCell<Vec<Diagnostic>>,
}

impl Query {
    /// The source text of a span.
    pub fn source(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// Reports something that does not keep the query from running, once.
    pub fn report(&self, diagnostic: Diagnostic) {
        let mut diagnostics = self.diagnostics.borrow_mut();
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
}

/// Binds expressions to the columns of one stage's input.
pub struct Binder<'b> {
    pub query: &'b Query,
    pub scope: &'b Scope,
    /// Expressions that have been computed by an earlier step: aggregates and group keys.
    pub computed: &'b [(Expr, Value)],
    depth: usize,
}

impl<'b> Binder<'b> {
    pub fn new(query: &'b Query, scope: &'b Scope) -> Self {
        Binder { query, scope, computed: &[], depth: 0 }
    }

    pub fn with_computed(query: &'b Query, scope: &'b Scope, computed: &'b [(Expr, Value)]) -> Self {
        Binder { query, scope, computed, depth: 0 }
    }

    /// Binds an expression that must be a value.
    pub fn value(&mut self, expr: &Expr) -> Result<Value, Diagnostic> {
        match self.operand(expr)? {
            Operand::Value(value) => Ok(value),
            Operand::Span(_) => Err(Diagnostic::refusal(
                codes::ARGUMENT_TYPE,
                format!("a time span [{}] stands where only a value may", self.query.source(expr.span)),
            )
            .at(expr.span)),
            Operand::Options(_) => {
                Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, "options stand where only a value may").at(expr.span))
            }
        }
    }

    /// Binds a condition: boolean or null.
    pub fn condition(&mut self, expr: &Expr) -> Result<Value, Diagnostic> {
        let value = self.value(expr)?;
        if !matches!(value.ty.ty, Type::Boolean | Type::Null) {
            let message = format!("condition expression needs to be boolean, found [{}]", value.ty.ty.name());
            return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(expr.span));
        }
        self.single(value, Type::Boolean, expr.span, "null")
    }

    /// Binds any expression.
    pub fn operand(&mut self, expr: &Expr) -> Result<Operand, Diagnostic> {
        if let Some((_, value)) = self.computed.iter().find(|(known, _)| same(known, expr)) {
            return Ok(Operand::Value(value.clone()));
        }
        if self.depth >= MAX_DEPTH {
            let message = format!("the expression is nested deeper than {MAX_DEPTH} levels");
            return Err(Diagnostic::refusal(codes::TOO_LARGE, message).at(expr.span));
        }
        self.depth += 1;
        let bound = self.bind(expr);
        self.depth -= 1;
        bound
    }

    fn bind(&mut self, expr: &Expr) -> Result<Operand, Diagnostic> {
        let value = match &expr.kind {
            ExprKind::Literal(literal) => return literal::bind(literal, expr.span),
            ExprKind::Options(options) => return Ok(Operand::Options(options.clone())),
            ExprKind::Field(name) => self.field(name, expr.span)?,
            ExprKind::Star => {
                let message = "`*` stands for rows and may only be the argument of `COUNT`";
                return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(expr.span));
            }
            ExprKind::EventText | ExprKind::AnyValue(_) | ExprKind::AnyElement { .. } | ExprKind::Unread => {
                let message = "tests of any value of a field do not run in pipelines yet";
                return Err(Diagnostic::refusal(codes::UNSUPPORTED_BODY, message).at(expr.span));
            }
            ExprKind::Not(inner) => self.not(inner, expr.span)?,
            ExprKind::And(parts) => self.junction(parts, true)?,
            ExprKind::Or(parts) => self.junction(parts, false)?,
            ExprKind::IsNull { value, negated } => self.is_null(value, *negated)?,
            ExprKind::Negate(inner) => return self.negate(inner, expr.span),
            ExprKind::Arithmetic { op, left, right } => return self.arithmetic(*op, left, right, expr.span),
            ExprKind::Compare { op, left, right, case } => self.compare(*op, left, right, *case, expr.span)?,
            ExprKind::In { value, list, case } => self.membership(value, list, *case, expr.span)?,
            ExprKind::Matches { value, patterns } => self.matches(value, patterns, expr.span)?,
            ExprKind::FullText { field, query } => self.full_text(field, query, expr.span)?,
            ExprKind::Cast { value, to } => return self.cast(value, to, expr.span),
            ExprKind::Call { function, args, filter } => {
                return self.call(function, args, filter.as_deref(), expr.span);
            }
        };
        Ok(Operand::Value(value))
    }

    /// A column by name. A canonical field that no input has is a null of its type and reported.
    pub fn field(&self, name: &str, span: Span) -> Result<Value, Diagnostic> {
        if let Some((_, types)) = self.scope.conflicts.iter().find(|(conflict, _)| conflict == name) {
            let message = format!("Cannot use field [{name}] due to ambiguities being mapped as {types}");
            return Err(Diagnostic::refusal(codes::CONFLICTING_TYPE, message)
                .at(span)
                .hint("narrow the streams, or rename the field where it is ingested"));
        }
        if let Some(column) = self.scope.get(name) {
            return Ok(column.value());
        }
        if let Some(field) = self.scope.absent.iter().find(|field| field.name == name) {
            let message = format!("no input has the field `{name}`; it is null in every event");
            self.query.report(Diagnostic::loss(codes::FIELD_ABSENT, message).at(span));
            return Ok(Value::null(ColumnType::of(field)));
        }
        match self.query.unknown_fields.get() {
            UnknownFields::Null => Ok(Value::null(ColumnType::NULL)),
            UnknownFields::Refused => Err(self.unknown(name, span)),
        }
    }

    pub fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let similar = self.scope.similar(name);
        let message = match similar {
            Some(similar) => format!("Unknown column [{name}], did you mean [{similar}]?"),
            None => format!("Unknown column [{name}]"),
        };
        let diagnostic = Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(span);
        match similar {
            Some(similar) => diagnostic.hint(format!("a column with a similar name exists: `{similar}`")),
            None => diagnostic,
        }
    }

    /// One value of type `ty` in each row: a row with several becomes null, or false, with a warning that names the
    /// expression at `span`.
    pub fn single(&self, value: Value, ty: Type, span: Span, failure: &'static str) -> Result<Value, Diagnostic> {
        if !value.ty.many {
            return Ok(if value.ty.ty == Type::Null { Value::null(ColumnType::one(ty)) } else { value });
        }
        let one = ColumnType::one(value.ty.ty);
        let physical = one.physical();
        let mut bound = functions::Bound::new(one, [functions::Input::One(value.ty.ty)], move |args, evaluation| {
            Ok(args.first().cloned().unwrap_or_else(|| new_null_array(&physical, evaluation.rows)))
        });
        bound.failure = failure;
        self.apply("single_value", bound, &[&value], span)
    }

    /// A call of `bound` as part of the expression at `span`.
    pub fn apply(
        &self,
        name: &'static str,
        bound: functions::Bound,
        args: &[&Value],
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let returns = bound.returns;
        let types: Vec<_> = args.iter().map(|arg| arg.ty).collect();
        let exprs = args.iter().map(|arg| arg.folded()).collect();
        let text = self.query.source(span);
        let expr = functions::expression(name, bound, &types, exprs, text, span, &self.query.warnings)
            .map_err(|error| failed(error, span))?;
        fold::value(expr, returns, args).map_err(|error| failed(error, span))
    }
}

/// A refusal because DataFusion could not make or evaluate an expression.
pub fn failed(error: DataFusionError, span: Span) -> Diagnostic {
    Diagnostic::refusal(codes::EXECUTION, error.strip_backtrace()).at(span)
}

/// Whether two expressions are the same but for where they stand.
pub fn same(a: &Expr, b: &Expr) -> bool {
    // Most expressions differ at the top, which is decided without copying.
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind) && (a == b || unplaced(a) == unplaced(b))
}

/// The expression with all spans removed.
fn unplaced(expr: &Expr) -> Expr {
    let each = |list: &[Expr]| list.iter().map(unplaced).collect::<Vec<_>>();
    let boxed = |inner: &Expr| Box::new(unplaced(inner));
    let name = |name: &ir::Spanned<String>| ir::Spanned { value: name.value.clone(), span: Span::default() };
    let kind = match &expr.kind {
        kind @ (ExprKind::Literal(_)
        | ExprKind::Field(_)
        | ExprKind::Star
        | ExprKind::EventText
        | ExprKind::Options(_)
        | ExprKind::Unread) => kind.clone(),
        ExprKind::AnyValue(test) => ExprKind::AnyValue(boxed(test)),
        ExprKind::AnyElement { of, test } => ExprKind::AnyElement { of: name(of), test: boxed(test) },
        ExprKind::Not(inner) => ExprKind::Not(boxed(inner)),
        ExprKind::Negate(inner) => ExprKind::Negate(boxed(inner)),
        ExprKind::And(parts) => ExprKind::And(each(parts)),
        ExprKind::Or(parts) => ExprKind::Or(each(parts)),
        ExprKind::Arithmetic { op, left, right } => {
            ExprKind::Arithmetic { op: *op, left: boxed(left), right: boxed(right) }
        }
        ExprKind::Compare { op, left, right, case } => {
            ExprKind::Compare { op: *op, left: boxed(left), right: boxed(right), case: *case }
        }
        ExprKind::In { value, list, case } => ExprKind::In { value: boxed(value), list: each(list), case: *case },
        ExprKind::Matches { value, patterns } => {
            let patterns = patterns.iter().map(|pattern| ir::Pattern { span: Span::default(), ..pattern.clone() });
            ExprKind::Matches { value: boxed(value), patterns: patterns.collect() }
        }
        ExprKind::IsNull { value, negated } => ExprKind::IsNull { value: boxed(value), negated: *negated },
        ExprKind::FullText { field, query } => ExprKind::FullText { field: boxed(field), query: boxed(query) },
        ExprKind::Cast { value, to } => ExprKind::Cast { value: boxed(value), to: name(to) },
        ExprKind::Call { function, args, filter } => {
            ExprKind::Call { function: name(function), args: each(args), filter: filter.as_deref().map(boxed) }
        }
    };
    Expr::new(kind, Span::default())
}
