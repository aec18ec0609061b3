//! Columns: the fields that expressions name, and the names of columns that have none.

use super::{Lowering, Rows};
use crate::dialect::kusto::ast::{Expr, ExprKind, Field, Label, Literal};
use crate::dialect::kusto::functions::{self, Naming};
use ir::{Assignment, Span, Spanned};

/// A field by its path.
pub(in crate::dialect::kusto) struct Path<'a> {
    /// The column it begins with.
    pub root: &'a str,
    /// As the IR has it: `InitiatedBy.user.ipAddress`, `TargetResources[0].displayName`.
    pub name: String,
    /// The names and indices after the column.
    pub keys: Vec<ir::Literal>,
    pub span: Span,
    /// Where the column's name stands.
    pub root_span: Span,
}

impl<'a> Path<'a> {
    fn below(mut self, key: ir::Literal, expr: &Expr) -> Path<'a> {
        match &key {
            ir::Literal::String(name) => self.name = format!("{}.{name}", self.name),
            index => self.name = format!("{}[{index}]", self.name),
        }
        self.keys.push(key);
        // From the column, which may stand inside of calls, to the end of the path.
        self.span.end = expr.span.end.max(self.span.end);
        self
    }

    /// As a field of the events.
    pub fn field(self) -> ir::Expr {
        ir::Expr::new(ir::ExprKind::Field(self.name), self.span)
    }

    /// As members of a column that the query made: it has no fields below it.
    pub fn members(self) -> ir::Expr {
        let column = ir::Expr::new(ir::ExprKind::Field(self.root.to_owned()), self.root_span);
        self.keys.into_iter().fold(column, |value, key| {
            let key = ir::Expr::new(ir::ExprKind::Literal(key), self.span);
            Lowering::call("member", vec![value, key], self.span)
        })
    }
}

/// The path that an expression is. What parses a column as JSON is passed through: the members of the text are those of the
/// value that it writes.
pub(in crate::dialect::kusto) fn path(expr: &Expr) -> Option<Path<'_>> {
    match &expr.kind {
        ExprKind::Name(name) => {
            Some(Path { root: name, name: name.clone(), keys: Vec::new(), span: expr.span, root_span: expr.span })
        }
        ExprKind::Member { value, name } => Some(path(value)?.below(ir::Literal::String(name.value.clone()), expr)),
        ExprKind::Element { value, index } => {
            let key = match &index.kind {
                ExprKind::Literal(Literal::Text(name)) => ir::Literal::String(name.clone()),
                ExprKind::Literal(Literal::Long(index)) => ir::Literal::Integer(i32::try_from(*index).ok()?),
                _ => return None,
            };
            Some(path(value)?.below(key, expr))
        }
        ExprKind::Call { scope: None, function, args } if is_parse(&function.value) => match args.as_slice() {
            [Field { label: Label::None, expr: arg }] => match &arg.kind {
                // `parse_json(tostring(x))`: the text is that of the value.
                ExprKind::Call { scope: None, function, args } if function.value == "tostring" => match args.as_slice()
                {
                    [Field { label: Label::None, expr: inner }] => path(inner),
                    _ => None,
                },
                _ => path(arg),
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_parse(function: &str) -> bool {
    matches!(function, "parse_json" | "todynamic" | "parsejson" | "toobject")
}

/// How the column of an unnamed expression is called.
pub(in crate::dialect::kusto) fn column_name(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member { value, name } => Some(format!("{}_{}", column_name(value)?, name.value)),
        ExprKind::Element { value, index } => {
            let index = match &index.kind {
                ExprKind::Literal(Literal::Text(name)) => name.clone(),
                ExprKind::Literal(Literal::Long(index)) => index.to_string(),
                _ => return None,
            };
            Some(format!("{}_{index}", column_name(value)?))
        }
        ExprKind::Call { scope: None, function, args } => {
            let first = args.first().and_then(|arg| column_name(&arg.expr));
            if let Some(aggregate) = functions::aggregate(&function.value) {
                return match aggregate.prefix {
                    "" => first,
                    prefix => Some(format!("{prefix}_{}", first.unwrap_or_default())),
                };
            }
            match functions::scalar(&function.value)?.naming {
                Naming::First => first,
                Naming::Prefixed => Some(format!("{}_{}", function.value, first?)),
                Naming::None => None,
            }
        }
        _ => None,
    }
}

impl<'a> Lowering<'a> {
    /// `name = expr` for each; several names for one expression take what it gives one by one.
    pub fn fields(&mut self, fields: &'a [Field], rows: &Rows<'a>) -> Vec<Assignment> {
        let mut assignments = Vec::with_capacity(fields.len());
        let mut unnamed = 0;
        for field in fields {
            let expr = self.value(&field.expr, rows);
            match &field.label {
                Label::Name(name) => assignments.push(Assignment { name: name.clone(), expr }),
                Label::None => {
                    let name = column_name(&field.expr).unwrap_or_else(|| {
                        unnamed += 1;
                        format!("Column{unnamed}")
                    });
                    assignments.push(Assignment { name: Spanned { value: name, span: field.expr.span }, expr });
                }
                Label::Names(names) => {
                    for (position, name) in names.iter().enumerate() {
                        self.count += 1;
                        let index = i32::try_from(position).unwrap_or(i32::MAX);
                        let index = ir::Expr::new(ir::ExprKind::Literal(ir::Literal::Integer(index)), name.span);
                        let expr = Self::call("kusto_output", vec![expr.clone(), index], field.expr.span);
                        assignments.push(Assignment { name: name.clone(), expr });
                    }
                }
            }
        }
        assignments
    }

    pub(super) fn call(function: &str, args: Vec<ir::Expr>, span: Span) -> ir::Expr {
        let function = Spanned { value: function.to_owned(), span };
        ir::Expr::new(ir::ExprKind::Call { function, args, filter: None }, span)
    }
}
