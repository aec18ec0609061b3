//! `FROM` and `ROW`.

use super::{Frame, Planner};
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
use ir::{Assignment, Diagnostic, ExprKind, Pipeline, Source, Span, Spanned, StageKind, StreamPattern, codes};
use schema::{DataStream, Field, Type};
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
                let mut frame = self.streams(patterns, metadata)?;
                frame.scope.absent = absent(pipeline, &frame.scope);
                Ok(frame)
            }
            Source::LogSources | Source::Table(_) | Source::Values { .. } | Source::Union(_) => {
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

    fn streams(&self, patterns: &[StreamPattern], metadata: &[Spanned<String>]) -> Result<Frame, Diagnostic> {
        let span = patterns.first().map_or(Span::default(), |first| first.span);
        let parts = self.parts(patterns, span)?;
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

    /// The tables that the patterns select.
    fn parts(&self, patterns: &[StreamPattern], span: Span) -> Result<Vec<Part>, Diagnostic> {
        let streams = self.tables.events.as_ref().map(|events| events.streams()).unwrap_or_default();
        let mut names: Vec<&str> = self.tables.indices.keys().map(String::as_str).collect();
        names.extend(streams.iter().map(DataStream::as_str));
        for pattern in patterns.iter().filter(|pattern| !pattern.excluded) {
            if schema::select_streams(&[(&pattern.pattern, false)], &names).is_empty() {
                if pattern.pattern.contains('*') || patterns.len() > 1 {
                    let message = format!("no input has a data stream `{}`", pattern.pattern);
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
        let wanted: Vec<(&str, bool)> = patterns.iter().map(|p| (p.pattern.as_str(), p.excluded)).collect();
        let selected = schema::select_streams(&wanted, &names);
        if selected.is_empty() {
            let all: Vec<&str> = patterns.iter().map(|pattern| pattern.pattern.as_str()).collect();
            return Err(unknown_index(&all.join(","), span));
        }
        let mut parts = Vec::new();
        for (name, table) in self.tables.indices.iter().filter(|(name, _)| selected.contains(&name.as_str())) {
            parts.push(memory(name, table).map_err(|error| crate::bind::failed(error, span))?);
        }
        let streams: Vec<DataStream> =
            streams.iter().filter(|stream| selected.contains(&stream.as_str())).cloned().collect();
        if let (Some(events), false) = (&self.tables.events, streams.is_empty()) {
            let table = events.table(streams);
            let fields = table.fields().to_vec();
            parts.push(Part { provider: Arc::new(table), fields, index: None });
        }
        Ok(parts)
    }
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
    let mut names = BTreeSet::new();
    for stage in &pipeline.stages {
        named(&stage.kind, &mut names);
    }
    let unknown = names.into_iter().filter(|name| scope.get(name).is_none());
    unknown.filter_map(schema::field).cloned().collect()
}

/// The column names that a stage reads.
fn named<'s>(stage: &'s StageKind, names: &mut BTreeSet<&'s str>) {
    let mut fields = |expr: &'s ir::Expr| {
        expr.walk(&mut |expr| {
            if let ExprKind::Field(name) = &expr.kind {
                names.insert(name);
            }
        });
    };
    match stage {
        StageKind::Filter(expr) | StageKind::Dissect { input: expr, .. } | StageKind::Grok { input: expr, .. } => {
            fields(expr)
        }
        StageKind::Extend(list) => list.iter().for_each(|assignment| fields(&assignment.expr)),
        StageKind::Aggregate(aggregate) => {
            aggregate.aggregates.iter().chain(&aggregate.by).for_each(|assignment| fields(&assignment.expr));
        }
        StageKind::Sort(keys) => keys.iter().for_each(|key| fields(&key.expr)),
        StageKind::Limit { by, .. } => by.iter().for_each(fields),
        StageKind::Keep(patterns) | StageKind::Drop(patterns) => {
            names.extend(patterns.iter().map(|pattern| pattern.pattern.as_str()));
        }
        StageKind::Rename(renames) => names.extend(renames.iter().map(|rename| rename.from.value.as_str())),
        StageKind::Expand(column) => {
            names.insert(&column.value);
        }
        StageKind::Lookup(lookup) => names.extend(lookup.on.iter().map(|on| on.value.as_str())),
        StageKind::Enrich(enrich) => names.extend(enrich.on.iter().map(|on| on.value.as_str())),
        StageKind::Extract { input, .. } => fields(input),
        StageKind::Sample(_) | StageKind::Join(_) | StageKind::Append(_) | StageKind::Other { .. } => {}
    }
}
