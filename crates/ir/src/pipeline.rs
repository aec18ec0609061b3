//! Relational pipelines: a source and the stages its rows flow through.

use crate::{Expr, Literal, LogSource, RegexSyntax, Span, Spanned};

#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    pub source: Source,
    pub stages: Vec<Stage>,
    pub unknown_fields: UnknownFields,
}

/// What becomes of a field that neither the data nor an earlier stage has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownFields {
    /// The pipeline is refused.
    #[default]
    Refused,
    /// The field is null in every row.
    Null,
}

impl Pipeline {
    /// Calls `visit` on every expression of the source and the stages; not on what is inside of them, and not on the
    /// pipelines that are joined or appended.
    pub fn for_each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        if let Source::Row(assignments) = &self.source {
            assignments.iter().for_each(|assignment| visit(&assignment.expr));
        }
        self.stages.iter().for_each(|stage| stage.for_each_expr(visit));
    }
}

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The events of the data streams that the patterns select, in order: a later exclusion removes what an earlier
    /// pattern selected. `metadata` names the document attributes (`_index`, `_id` ...) to add as columns.
    Streams { patterns: Vec<StreamPattern>, metadata: Vec<Spanned<String>> },
    /// One row of constants.
    Row(Vec<Assignment>),
    /// The events of the rule's log sources.
    LogSources,
    /// The events of these log sources only, where the rule has others in its subsearches; of all where there are none.
    Events(Vec<LogSource>),
    /// A table by the name its language gives it: of events (Kusto's `SecurityEvent`, Splunk's `Endpoint.Processes`), or
    /// of reference data (a lookup, a watchlist).
    Table(Spanned<String>),
    /// Rows written in the query.
    Values { columns: Vec<Spanned<String>>, rows: Vec<Vec<Literal>> },
    /// The rows of each, one after another; a column that one of them lacks is null there.
    Union(Vec<Pipeline>),
}

/// A data stream name with `*` wildcards, or the exclusion of one.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamPattern {
    pub pattern: String,
    pub excluded: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub kind: StageKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StageKind {
    /// Rows for which the expression is true.
    Filter(Expr),
    /// New columns, each visible to the next; a column of the same name is replaced and moves to the end.
    Extend(Vec<Assignment>),
    Aggregate(Aggregate),
    /// Only these columns, in this order.
    Keep(Vec<NamePattern>),
    Drop(Vec<NamePattern>),
    Rename(Vec<Rename>),
    Sort(Vec<SortKey>),
    /// The first `count` rows, of each group where `by` is not empty.
    Limit {
        count: u64,
        by: Vec<Expr>,
    },
    /// One row for each value of the column.
    Expand(Spanned<String>),
    /// Columns cut out of a string by a delimiter pattern.
    Dissect {
        input: Expr,
        pattern: Spanned<String>,
        append_separator: String,
    },
    /// Columns cut out of a string by the first of the named-regex patterns that fits.
    Grok {
        input: Expr,
        patterns: Vec<Spanned<String>>,
    },
    Lookup(Lookup),
    Enrich(Enrich),
    /// Each row with this probability.
    Sample(f64),
    Join(Join),
    /// The rows, and those of these pipelines after them.
    Append(Vec<Pipeline>),
    /// Columns named by the groups of a regular expression. Rows that do not fit keep what the columns held before.
    Extract {
        input: Expr,
        pattern: Spanned<String>,
        syntax: RegexSyntax,
        /// Every match, as several values, instead of the first.
        all: bool,
    },
    /// A command that the front end reads and that has no form here yet: rows pass as if it were not there, which no
    /// engine may do. `creates` are the columns that it makes as far as they are known.
    Other {
        command: Spanned<String>,
        creates: Vec<String>,
    },
}

impl Stage {
    fn for_each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            StageKind::Filter(expr) => visit(expr),
            StageKind::Extend(assignments) => assignments.iter().for_each(|assignment| visit(&assignment.expr)),
            StageKind::Aggregate(aggregate) => {
                aggregate.aggregates.iter().chain(&aggregate.by).for_each(|assignment| visit(&assignment.expr));
            }
            StageKind::Sort(keys) => keys.iter().for_each(|key| visit(&key.expr)),
            StageKind::Limit { by, .. } => by.iter().for_each(visit),
            StageKind::Dissect { input, .. } | StageKind::Grok { input, .. } => visit(input),
            StageKind::Keep(_)
            | StageKind::Drop(_)
            | StageKind::Rename(_)
            | StageKind::Expand(_)
            | StageKind::Lookup(_)
            | StageKind::Enrich(_)
            | StageKind::Sample(_)
            | StageKind::Append(_)
            | StageKind::Other { .. } => {}
            StageKind::Extract { input, .. } => visit(input),
            StageKind::Join(join) => join.on.iter().for_each(|(left, right)| {
                visit(left);
                visit(right);
            }),
        }
    }
}

/// The names of the groups of a regular expression: the columns that [`StageKind::Extract`] makes.
pub fn group_names(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split("(?").skip(1).filter_map(|part| {
        let (name, _) = part.strip_prefix('P').unwrap_or(part).strip_prefix('<')?.split_once('>')?;
        // `(?<=` and `(?<!` look behind.
        name.starts_with(|first: char| first.is_alphabetic() || first == '_').then_some(name)
    })
}

/// `name = expr`. The name of an unnamed expression is its source text.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub name: Spanned<String>,
    pub expr: Expr,
}

/// Groups rows by `by` and reduces each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Scalar expressions over aggregate calls, keys and constants.
    pub aggregates: Vec<Assignment>,
    pub by: Vec<Assignment>,
    /// Keep every input row and append its group's results, instead of one row for each group.
    pub inline: bool,
}

/// A column name in which `*` stands for any run of characters.
#[derive(Clone, Debug, PartialEq)]
pub struct NamePattern {
    pub pattern: String,
    /// False where the name was quoted: then `*` is a character.
    pub wildcard: bool,
    pub span: Span,
}

/// Where both names hold a `*`, every column that fits `from`: what stands for its `*` stands for that of `to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    pub from: Spanned<String>,
    pub to: Spanned<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    pub expr: Expr,
    pub descending: bool,
    pub nulls_first: bool,
}

/// Left join with a table: a row for each match, a row with nulls where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    pub table: Spanned<String>,
    /// Columns that have the same name on both sides.
    pub on: Vec<Spanned<String>>,
}

/// Appends a table's columns to each row; several matches become several values in one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrich {
    pub policy: Spanned<String>,
    /// The column to match; the policy's own match field where absent.
    pub on: Option<Spanned<String>>,
    /// The table's columns to take, as `new name = column`; all of them where empty.
    pub with: Vec<Rename>,
}

/// Rows put beside the rows of another pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub kind: JoinKind,
    pub right: Box<Pipeline>,
    /// Pairs that must be equal, of the rows here and of those on the right.
    pub on: Vec<(Expr, Expr)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinKind {
    Inner,
    /// Each row on the left side at most once, as Kusto's default `innerunique` has it.
    InnerUnique,
    Left,
    Right,
    Full,
    /// Rows of the left side that have a match; nothing of the right side.
    LeftSemi,
    /// Rows of the left side that have none.
    LeftAnti,
    RightSemi,
    RightAnti,
}
