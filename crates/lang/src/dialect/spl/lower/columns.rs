//! Which columns a pipeline gives, as far as its text tells: what a subsearch hands to the search around it.

use ir::{NamePattern, Pipeline, Rename, Source, Stage, StageKind};

/// The columns of the rows; `None` where they depend on the data.
pub(crate) fn of(pipeline: &Pipeline) -> Option<Vec<String>> {
    let start = match &pipeline.source {
        Source::Values { columns, .. } => Some(columns.iter().map(|column| column.value.clone()).collect()),
        _ => None,
    };
    after(start, &pipeline.stages)
}

/// The columns after some stages.
pub(super) fn after(start: Option<Vec<String>>, stages: &[Stage]) -> Option<Vec<String>> {
    stages.iter().fold(start, |columns, stage| step(columns, &stage.kind))
}

fn step(columns: Option<Vec<String>>, stage: &StageKind) -> Option<Vec<String>> {
    match stage {
        StageKind::Keep(names) => keep(columns, names),
        StageKind::Aggregate(aggregate) if !aggregate.inline => {
            let names = aggregate.by.iter().chain(&aggregate.aggregates).map(|column| column.name.value.clone());
            let names: Vec<_> = names.collect();
            (!names.iter().any(|name| name.contains('*'))).then_some(names)
        }
        StageKind::Aggregate(aggregate) => {
            add(columns, aggregate.aggregates.iter().map(|column| column.name.value.clone()))
        }
        StageKind::Extend(list) => add(columns, list.iter().map(|assignment| assignment.name.value.clone())),
        StageKind::Other { creates, .. } => add(columns, creates.iter().cloned()),
        StageKind::Drop(names) => {
            let mut columns = columns?;
            columns.retain(|column| !names.iter().any(|name| fits(name, column)));
            Some(columns)
        }
        StageKind::Rename(renames) => {
            let renamed = |column: String| renames.iter().find_map(|rename| apply(rename, &column)).unwrap_or(column);
            Some(columns?.into_iter().map(renamed).collect())
        }
        StageKind::Extract { pattern, .. } => add(columns, ir::group_names(&pattern.value).map(str::to_owned)),
        StageKind::Join(join) => {
            let right = of(&join.right);
            add(columns, right.into_iter().flatten())
        }
        _ => columns,
    }
}

fn add(columns: Option<Vec<String>>, more: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let mut columns = columns?;
    for name in more {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    Some(columns)
}

fn keep(columns: Option<Vec<String>>, names: &[NamePattern]) -> Option<Vec<String>> {
    if names.iter().all(|name| !name.wildcard) {
        return Some(names.iter().map(|name| name.pattern.clone()).collect());
    }
    let mut columns = columns?;
    columns.retain(|column| names.iter().any(|name| fits(name, column)));
    Some(columns)
}

fn fits(name: &NamePattern, column: &str) -> bool {
    if name.wildcard { caught(&name.pattern, column).is_some() } else { name.pattern == column }
}

/// What the `*` of a pattern stands for; no pattern of a column's name in use has more than one.
fn caught<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    let (before, after) = pattern.split_once('*')?;
    name.strip_prefix(before)?.strip_suffix(after)
}

/// The new name of a column that is renamed.
fn apply(rename: &Rename, column: &str) -> Option<String> {
    let (from, to) = (&rename.from.value, &rename.to.value);
    match caught(from, column) {
        Some(middle) if to.contains('*') => Some(to.replacen('*', middle, 1)),
        _ => (from == column).then(|| to.clone()),
    }
}
