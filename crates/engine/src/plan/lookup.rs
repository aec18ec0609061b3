//! `LOOKUP JOIN`: a row for each match in a table, a row with nulls where there is none.
//!
//! The table's columns stand at the end and hide columns of the same name.

use super::{Frame, HIDDEN, Planner, probe};
use crate::bind::{Column, Scope, Value, reference};
use crate::{
    functions::{Bound, Input},
    types::ColumnType,
    warning::{Reason, Warning},
};
use arrow::{
    array::{Array, AsArray, UInt32Builder},
    compute::{cast, take},
    error::ArrowError,
};
use datafusion::logical_expr::Expr as DfExpr;
use ir::{Diagnostic, Lookup, Span, codes};
use schema::Type;
use std::sync::Arc;

/// What Elasticsearch says of a join key with several values, on either side.
const SEVERAL: &str = "LOOKUP JOIN encountered multi-value";

impl Planner<'_> {
    pub(super) fn lookup(&self, frame: Frame, lookup: &Lookup, span: Span) -> Result<Frame, Diagnostic> {
        let name = &lookup.table.value;
        let table = self.tables.lookups.get(name).ok_or_else(|| {
            Diagnostic::refusal(codes::UNKNOWN_TABLE, format!("Unknown index [{name}]"))
                .at(lookup.table.span)
                .hint("lookup tables are given with the query, as CSV or Parquet files")
        })?;
        let failed = |error: arrow::error::ArrowError| crate::bind::failed(error.into(), span);
        let mut probes: Vec<DfExpr> = Vec::new();
        let mut keys = Vec::new();
        let mut types = Vec::new();
        for on in &lookup.on {
            let left = self.binder(&frame.scope).field(&on.value, on.span)?;
            let (field, column) = probe::column(table, &on.value).map_err(failed)?.ok_or_else(|| {
                let message = format!("Unknown column [{}] in right side of join", on.value);
                Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(on.span)
            })?;
            let ty = join_type(left.ty.ty, field.ty).ok_or_else(|| {
                let message = format!(
                    "JOIN left field [{0}] of type [{1}] is incompatible with right field [{0}] of type [{2}]",
                    on.value, left.ty.ty, field.ty
                );
                Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(on.span)
            })?;
            let mut binder = self.binder(&frame.scope);
            let left = binder.convert(&left, ty, on.span)?;
            probes
                .push(if left.ty.many { binder.apply("key", single_key(ty), &[&left], span)? } else { left }.folded());
            keys.push(cast(&column, &ColumnType { ty, many: field.many }.physical()).map_err(failed)?);
            types.push(ColumnType::one(ty).physical());
        }
        let index = probe::Index::new(&keys, types).map_err(failed)?;
        let matches = format!("{HIDDEN}matches");
        let (warnings, text) = (self.query.warnings.clone(), self.query.source(span).to_string());
        let on_several = Box::new(move || {
            let reason = Reason::Argument(SEVERAL.to_string());
            warnings.push(Warning { span, text: text.clone(), treated_as: "null", reason });
        });
        let row = Value::new(probe::matching(Arc::new(index), probes, Some(on_several)), ColumnType::NULL);
        let before = frame.scope.clone();
        let frame = frame.with_columns(vec![(matches.clone(), row)], span)?.unnest(&matches, span)?;

        let mut scope: Scope = before;
        let mut fields: Vec<_> = table.fields.iter().collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        fields.retain(|field| !lookup.on.iter().any(|on| on.value == field.name));
        for field in &fields {
            scope.push(Column::new(field.name.to_string(), ColumnType::of(field)));
        }
        let mut exprs = Vec::with_capacity(scope.columns.len());
        for column in &scope.columns {
            exprs.push(match fields.iter().find(|field| field.name == column.name) {
                Some(_) => match probe::column(table, &column.name).map_err(failed)? {
                    Some((field, values)) => probe::taken(values, &field, reference(&matches)).alias(&column.name),
                    None => reference(&column.name),
                },
                None => reference(&column.name),
            });
        }
        frame.project(scope, exprs, span)
    }
}

/// The one value of each row; a row with several matches nothing.
fn single_key(ty: Type) -> Bound {
    Bound::new(ColumnType::one(ty), [Input::Many(ty)], |args, evaluation| {
        let [lists] = args else { return Err(ArrowError::InvalidArgumentError("a key is one column".to_string())) };
        let lists = lists.as_list::<i32>();
        let mut places = UInt32Builder::with_capacity(lists.len());
        for (row, ends) in lists.offsets().windows(2).enumerate() {
            let several = lists.is_valid(row) && ends[1] - ends[0] > 1;
            if several {
                evaluation.warn(Reason::Argument(SEVERAL.to_string()));
            }
            places.append_option((lists.is_valid(row) && ends[1] - ends[0] == 1).then_some(ends[0] as u32));
        }
        take(lists.values(), &places.finish(), None)
    })
}

/// The type in which two join columns meet.
fn join_type(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (left, right) if left == right => Some(left),
        (left, Type::Keyword) if left.is_string() => Some(Type::Keyword),
        (Type::Null, right) => Some(right),
        (left, right) if left.is_numeric() && right.is_numeric() => {
            let whole = |ty| matches!(ty, Type::Integer | Type::Long);
            Some(if whole(left) && whole(right) { Type::Long } else { Type::Double })
        }
        (left, right) if left.is_date() && right.is_date() => Some(Type::DateNanos),
        _ => None,
    }
}
