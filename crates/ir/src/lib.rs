//! The vocabulary of rules: the waist where every rule language meets.
//!
//! A front end (`lang`) lowers a vendor's rule to a [`Rule`]; the engine runs it and the catalog reads it, and
//! neither ever learns which language it came from. So every question on which the languages disagree (case,
//! missing fields, wildcards, time) is an explicit attribute here, set by the front end and never defaulted by the
//! engine. Nothing in this crate knows field types or data: names stay names until the engine binds them to a table.

mod body;
mod diagnostic;
mod expr;
mod pipeline;
mod print;
mod rule;
mod span;

pub use body::{
    Correlation, CorrelationKind, IndicatorMatch, IndicatorPair, Key, Model, NewTerms, Sequence, SequenceOrder, Step,
};
pub use diagnostic::{Code, Diagnostic, Level, codes};
pub use expr::{
    Anchor, BinaryOp, Case, CompareOp, Expr, ExprKind, Literal, Pattern, PatternKind, RegexSyntax, TermPlace, TimeUnit,
};
pub use pipeline::{
    Aggregate, Assignment, Enrich, Join, JoinKind, Lookup, NamePattern, Pipeline, Rename, SortKey, Source, Stage,
    StageKind, StreamPattern, UnknownFields, group_names,
};
pub use rule::{
    Body, Confidence, LogSource, LogSourceKind, Rule, Schedule, Severity, State, Status, Technique, Vendor,
};
pub use span::{LineColumn, Span, Spanned};
