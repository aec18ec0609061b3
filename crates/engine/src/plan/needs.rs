//! What a pipeline takes from its source: the columns it names, or all there are.

use super::keep::is_wildcard;
use ir::{Expr, ExprKind, Pipeline, StageKind};
use std::collections::BTreeSet;

/// The columns of the source that a pipeline reads.
#[derive(Debug, Default)]
pub struct Needs<'p> {
    /// By name; a name may also turn out to be of no column.
    pub names: BTreeSet<&'p str>,
    /// Columns that it does not name, too: its result has them, or a wildcard may select them.
    pub all: bool,
}

impl<'p> Needs<'p> {
    pub fn of(pipeline: &'p Pipeline) -> Self {
        let mut needs = Needs { all: true, ..Needs::default() };
        // What stages before have defined is no column of the source.
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        for stage in &pipeline.stages {
            let (reads, writes) = names(&stage.kind);
            needs.names.extend(reads.difference(&defined));
            defined.extend(writes);
            match &stage.kind {
                StageKind::Aggregate(aggregate) if !aggregate.inline => needs.all = false,
                StageKind::Keep(patterns) => needs.all = patterns.iter().any(is_wildcard),
                _ => continue,
            }
            break;
        }
        needs
    }
}

/// All column names that a pipeline reads anywhere.
pub fn named(pipeline: &Pipeline) -> BTreeSet<&str> {
    pipeline.stages.iter().flat_map(|stage| names(&stage.kind).0).collect()
}

/// The names that a stage reads, and those that it defines.
fn names(stage: &StageKind) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    match stage {
        StageKind::Filter(expr) | StageKind::Dissect { input: expr, .. } | StageKind::Grok { input: expr, .. } => {
            fields(expr, &mut reads);
        }
        StageKind::Extend(list) => {
            for assignment in list {
                let mut own = BTreeSet::new();
                fields(&assignment.expr, &mut own);
                reads.extend(own.difference(&writes));
                writes.insert(assignment.name.value.as_str());
            }
        }
        StageKind::Aggregate(aggregate) => {
            let all = aggregate.by.iter().chain(&aggregate.aggregates);
            all.clone().for_each(|assignment| fields(&assignment.expr, &mut reads));
            writes.extend(all.map(|assignment| assignment.name.value.as_str()));
        }
        StageKind::Sort(keys) => keys.iter().for_each(|key| fields(&key.expr, &mut reads)),
        StageKind::Limit { by, .. } => by.iter().for_each(|expr| fields(expr, &mut reads)),
        StageKind::Keep(patterns) | StageKind::Drop(patterns) => {
            let whole = patterns.iter().filter(|pattern| !is_wildcard(pattern));
            reads.extend(whole.map(|pattern| pattern.pattern.as_str()));
        }
        StageKind::Rename(renames) => {
            reads.extend(renames.iter().map(|rename| rename.from.value.as_str()));
            writes.extend(renames.iter().map(|rename| rename.to.value.as_str()));
        }
        StageKind::Expand(column) => {
            reads.insert(&column.value);
        }
        StageKind::Lookup(lookup) => reads.extend(lookup.on.iter().map(|on| on.value.as_str())),
        StageKind::Enrich(enrich) => reads.extend(enrich.on.iter().map(|on| on.value.as_str())),
        StageKind::Extract { input, .. } => fields(input, &mut reads),
        StageKind::Sample(_) | StageKind::Join(_) | StageKind::Append(_) | StageKind::Other { .. } => {}
    }
    (reads, writes)
}

fn fields<'e>(expr: &'e Expr, names: &mut BTreeSet<&'e str>) {
    expr.walk(&mut |expr| {
        if let ExprKind::Field(name) = &expr.kind {
            names.insert(name);
        }
    });
}
