//! `FROM` and `ROW`.

use super::{
    Frame, Planner,
    needs::{self, Needs},
};
use crate::{
    bind::{Column, Scope, Value, reference},
    table::Table,
    types::ColumnType,
};
use datafusion::{
    catalog::TableProvider,
    datasource::{MemTable, provider_as_source},
    error::Result as DfResult,
    logical_expr::{Expr as DfExpr, LogicalPlan, LogicalPlanBuilder, lit},
    scalar::ScalarValue,
};
use ingest::{Projection, physical};
use ir::{Assignment, Diagnostic, Pipeline, Source, Span, Spanned, StreamPattern, codes};
use schema::{Field, StreamSelection, Type};
use std::{collections::BTreeSet, sync::Arc};

/// One table among those that a `FROM` reads.
struct Part {
    provider: Arc<dyn TableProvider>,
    fields: Vec<Field>,
    /// The index name of all its rows, where that is the same.
    index: Option<String>,
}

impl Planner<'_> {
    pub(super) fn source(&self, pipeline: &Pipeline) -> Result<Frame, Diagnostic> {
        match &pipeline.source {
            Source::Row(assignments) => self.row(assignments),
            Source::Streams { patterns, metadata } => {
                let mut frame = self.streams(patterns, metadata, &Needs::of(pipeline))?;
                frame.scope.absent = absent(pipeline, &frame.scope);
                Ok(frame)
            }
            Source::LogSources | Source::Events(_) | Source::Table(_) | Source::Values { .. } | Source::Union(_) => {
                Err(Diagnostic::refusal(
                    codes::UNSUPPORTED_SOURCE,
                    "pipelines that read other than data streams do not run yet",
                ))
            }
        }
    }

    fn row(&self, assignments: &[Assignment]) -> Result<Frame, Diagnostic> {
        let empty = Scope::default();
        let span = assignments.first().map_or(Span::default(), |first| first.name.span);
        let mut columns = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            columns.push((assignment.name.value.clone(), self.binder(&empty).value(&assignment.expr)?));
        }
        let one_row = LogicalPlanBuilder::empty(true);
        let plan = one_row.build().map_err(|error| crate::bind::failed(error, span))?;
        let mut unique: Vec<(String, Value)> = Vec::new();
        for column in columns {
            unique.retain(|(name, _)| *name != column.0);
            unique.push(column);
        }
        Frame { plan, scope: empty }.with_columns(unique, span)
    }

    fn streams(
        &self,
        patterns: &[StreamPattern],
        metadata: &[Spanned<String>],
        needs: &Needs<'_>,
    ) -> Result<Frame, Diagnostic> {
        let span = patterns.first().map_or(Span::default(), |first| first.span);
        self.discover(patterns, needs);
        let parts = self.parts(patterns, needs, span)?;
        let (fields, conflicts) = merge(&parts);
        let mut columns: Vec<Column> =
            fields.iter().map(|field| Column::new(field.name.to_string(), ColumnType::of(field))).collect();
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        for name in metadata {
            let ty = metadata_type(&name.value).ok_or_else(|| {
                let message = format!("unresolved metadata pattern [{}]", name.value);
                Diagnostic::refusal(codes::UNKNOWN_FIELD, message).at(name.span)
            })?;
            columns.push(Column::new(name.value.clone(), ColumnType::one(ty)));
        }
        let plan = union(&parts, &columns).map_err(|error| crate::bind::failed(error, span))?;
        Ok(Frame { plan, scope: Scope { columns, conflicts, ..Scope::default() } })
    }

    /// Looks through inputs whose heads may not show all, where the query asks for more than its first events tell: streams
    /// that none of them has, columns that the schema does not know, or whatever columns there are. Everything else is
    /// found while the query runs.
    fn discover(&self, patterns: &[StreamPattern], needs: &Needs<'_>) {
        let Some(events) = self.tables.events.as_ref().filter(|events| events.is_open_ended()) else { return };
        let names = self.names();
        let selection = selection(patterns);
        let none_selected = !names.iter().any(|name| selection.has(name));
        let whole = |pattern: &&StreamPattern| !pattern.excluded && !pattern.pattern.contains('*');
        let missing = patterns.iter().filter(whole).any(|pattern| !names.contains(&pattern.pattern));
        let unknown = needs.names.iter().any(|name| !is_metadata(name) && schema::field(name).is_none());
        if none_selected || missing || unknown || needs.all {
            events.discover();
        }
    }

    /// The names of all tables in memory and of the data streams known of the inputs.
    fn names(&self) -> Vec<String> {
        let streams = self.tables.events.as_ref().map(|events| events.streams()).unwrap_or_default();
        self.tables.indices.keys().cloned().chain(streams.iter().map(ToString::to_string)).collect()
    }

    /// The tables that the patterns select.
    fn parts(&self, patterns: &[StreamPattern], needs: &Needs<'_>, span: Span) -> Result<Vec<Part>, Diagnostic> {
        let names = self.names();
        for pattern in patterns.iter().filter(|pattern| !pattern.excluded) {
            if !names.iter().any(|name| schema::wildcard_matches(&pattern.pattern, name)) {
                if pattern.pattern.contains('*') || patterns.len() > 1 {
                    let open_ended = self.tables.events.as_ref().is_some_and(|events| events.is_open_ended());
                    let verb = if open_ended { "begins with" } else { "has" };
                    let message = format!("no input {verb} a data stream `{}`", pattern.pattern);
                    // A wildcard asks for what there is; a whole name for what should be there.
                    let absent = match pattern.pattern.contains('*') {
                        true => Diagnostic::note(codes::STREAM_ABSENT, message),
                        false => Diagnostic::loss(codes::STREAM_ABSENT, message),
                    };
                    self.query.report(absent.at(pattern.span));
                } else {
                    return Err(unknown_index(&pattern.pattern, pattern.span));
                }
            }
        }
        let selection = selection(patterns);
        if !names.iter().any(|name| selection.has(name)) {
            let all: Vec<&str> = patterns.iter().map(|pattern| pattern.pattern.as_str()).collect();
            return Err(unknown_index(&all.join(","), span));
        }
        let mut parts = Vec::new();
        for (name, table) in self.tables.indices.iter().filter(|(name, _)| selection.has(name)) {
            parts.push(memory(name, table).map_err(|error| crate::bind::failed(error, span))?);
        }
        if let Some(events) = self.tables.events.as_ref().filter(|events| events.may_have(&selection)) {
            let table = events.table(selection, needs.names.iter().filter_map(|name| schema::field(name)));
            let fields = table.fields().to_vec();
            parts.push(Part { provider: Arc::new(table), fields, index: None });
        }
        Ok(parts)
    }
}

fn selection(patterns: &[StreamPattern]) -> StreamSelection {
    StreamSelection::new(patterns.iter().map(|pattern| (pattern.pattern.as_str(), pattern.excluded)))
}

fn unknown_index(pattern: &str, span: Span) -> Diagnostic {
    Diagnostic::refusal(codes::UNKNOWN_STREAM, format!("Unknown index [{pattern}]"))
        .at(span)
        .hint("the data streams of the inputs are listed with the inputs")
}

fn memory(name: &str, table: &Table) -> DfResult<Part> {
    let schema = Projection::new(table.fields.clone()).arrow_schema().clone();
    let provider = MemTable::try_new(schema, vec![table.batches.clone()])?;
    Ok(Part { provider: Arc::new(provider), fields: table.fields.clone(), index: Some(name.to_string()) })
}

/// The fields of all parts, and those whose types differ.
fn merge(parts: &[Part]) -> (Vec<Field>, Vec<(String, String)>) {
    let mut merged: Vec<(Field, BTreeSet<&'static str>)> = Vec::new();
    for field in parts.iter().flat_map(|part| &part.fields).filter(|field| !is_metadata(&field.name)) {
        match merged.iter_mut().find(|(known, _)| known.name == field.name) {
            Some((known, types)) => {
                known.many |= field.many;
                types.insert(field.ty.name());
            }
            None => merged.push((field.clone(), BTreeSet::from([field.ty.name()]))),
        }
    }
    let (conflicts, fine): (Vec<_>, Vec<_>) = merged.into_iter().partition(|(_, types)| types.len() > 1);
    let words = |types: BTreeSet<&str>| {
        let list: Vec<String> = types.iter().map(|ty| format!("[{ty}]")).collect();
        format!("[{}] incompatible types: {}", types.len(), list.join(", "))
    };
    let conflicts = conflicts.into_iter().map(|(field, types)| (field.name.to_string(), words(types))).collect();
    (fine.into_iter().map(|(field, _)| field).collect(), conflicts)
}

/// The rows of all parts, each with all columns.
fn union(parts: &[Part], columns: &[Column]) -> DfResult<LogicalPlan> {
    let mut plan: Option<LogicalPlanBuilder> = None;
    for part in parts {
        let exprs: Vec<DfExpr> = columns
            .iter()
            .map(|column| part_column(part, column).map(|expr| expr.alias(&column.name)))
            .collect::<DfResult<_>>()?;
        let rows =
            LogicalPlanBuilder::scan("events", provider_as_source(part.provider.clone()), None)?.project(exprs)?;
        plan = Some(match plan {
            Some(before) => before.union(rows.build()?)?,
            None => rows,
        });
    }
    match plan {
        Some(plan) => plan.build(),
        None => LogicalPlanBuilder::empty(false).build(),
    }
}

/// A column of the whole as a part has it: its own, in a list where others have several values, or null.
fn part_column(part: &Part, column: &Column) -> DfResult<DfExpr> {
    if let Some(field) = part.fields.iter().find(|field| field.name == column.name) {
        let own = reference(&column.name);
        return Ok(if column.ty.many && !field.many { crate::bind::listed(own, column.ty.ty)? } else { own });
    }
    Ok(match (column.name.as_str(), &part.index) {
        ("_index", Some(index)) => lit(ScalarValue::Utf8View(Some(index.clone()))),
        ("_version", _) => lit(1_i64),
        ("_index_mode", _) => lit(ScalarValue::Utf8View(Some("standard".to_string()))),
        _ => lit(ScalarValue::try_from(&physical::of(column.ty.ty, column.ty.many))?),
    })
}

/// The attributes of a document that `METADATA` may name (Elastic, "ES|QL metadata fields").
fn metadata_type(name: &str) -> Option<Type> {
    Some(match name {
        "_index" | "_id" | "_ignored" | "_index_mode" | "_tsid" | "_source" | "_tier" => Type::Keyword,
        "_version" => Type::Long,
        "_score" => Type::Double,
        _ => return None,
    })
}

fn is_metadata(name: &str) -> bool {
    metadata_type(name).is_some()
}

/// The canonical fields that the pipeline names and no column is.
fn absent(pipeline: &Pipeline, scope: &Scope) -> Vec<Field> {
    let unknown = needs::named(pipeline).into_iter().filter(|name| scope.get(name).is_none());
    unknown.filter_map(schema::field).cloned().collect()
}
