//! `ENRICH`: a table's columns for the rows that match; several matches become several values in one row.

use super::{Frame, HIDDEN, Planner, probe};
use crate::bind::{Column, Scope, Value, reference};
use crate::types::ColumnType;
use arrow::datatypes::DataType;
use datafusion::arrow::compute::cast;
use ir::{Diagnostic, Enrich, Span, codes};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn enrich(&self, frame: Frame, enrich: &Enrich, span: Span) -> Result<Frame, Diagnostic> {
        let name = &enrich.policy.value;
        let policy = self.tables.policies.get(name).ok_or_else(|| {
            Diagnostic::refusal(codes::UNKNOWN_TABLE, format!("cannot find enrich policy [{name}]"))
                .at(enrich.policy.span)
                .hint("enrich policies are given with the query, as CSV or Parquet files")
        })?;
        let failed = |error: arrow::error::ArrowError| crate::bind::failed(error.into(), span);
        let unknown = |column: &str, at: Span| {
            let message = format!("Enrich field [{column}] not found in enrich policy [{name}]");
            Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(at)
        };
        // The index of the policy holds terms, so everything is compared as text.
        let on = enrich.on.as_ref().map_or(policy.match_field.as_str(), |on| on.value.as_str());
        let on_span = enrich.on.as_ref().map_or(enrich.policy.span, |on| on.span);
        let binder = self.binder(&frame.scope);
        let input = binder.field(on, on_span)?;
        let text =
            if input.ty.ty.is_string() { input.clone() } else { binder.function_of("to_string", &input, span)? };
        let (field, keys) = probe::column(&policy.table, &policy.match_field)
            .map_err(failed)?
            .ok_or_else(|| unknown(&policy.match_field, enrich.policy.span))?;
        let flat =
            cast(&keys, &ColumnType { ty: schema::Type::Keyword, many: field.many }.physical()).map_err(failed)?;
        let index = Arc::new(probe::Index::new(&[flat], vec![DataType::Utf8View]).map_err(failed)?);
        let several = index.most() > 1 || text.ty.many;

        let matches = format!("{HIDDEN}matches");
        let rows = if text.ty.many {
            probe::matching_any(index, text.folded())
        } else {
            probe::matching(index, vec![text.folded()], None)
        };
        let before = frame.scope.clone();
        let frame = frame.with_columns(vec![(matches.clone(), Value::new(rows, ColumnType::NULL))], span)?;
        // Where a value matches one row at most, its columns stay flat.
        let frame = if several { frame } else { frame.unnest(&matches, span)? };

        let wanted: Vec<(String, String, Span)> = if enrich.with.is_empty() {
            policy.enrich_fields.iter().map(|field| (field.clone(), field.clone(), span)).collect()
        } else {
            enrich.with.iter().map(|w| (w.to.value.clone(), w.from.value.clone(), w.from.span)).collect()
        };
        let mut scope: Scope = before;
        let mut added = Vec::with_capacity(wanted.len());
        for (to, from, at) in wanted {
            if !policy.enrich_fields.contains(&from) {
                return Err(unknown(&from, at));
            }
            let (field, values) =
                probe::column(&policy.table, &from).map_err(failed)?.ok_or_else(|| unknown(&from, at))?;
            let expr = if several {
                probe::gathered(values, &field, reference(&matches))
            } else {
                probe::taken(values, &field, reference(&matches))
            };
            let ty = ColumnType { ty: field.ty, many: several || field.many };
            scope.push(Column::new(to.clone(), ty));
            added.push((to, expr));
        }
        let exprs = scope.columns.iter().map(|column| match added.iter().rev().find(|(to, _)| *to == column.name) {
            Some((to, expr)) => expr.clone().alias(to),
            None => reference(&column.name),
        });
        let exprs = exprs.collect();
        frame.project(scope, exprs, span)
    }
}
