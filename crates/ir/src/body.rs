//! Bodies of rules that look at several events and are no pipelines.

use crate::{CompareOp, Expr, Span, Spanned};
use std::time::Duration;

/// Events that follow each other (EQL's `sequence`, Sigma's `temporal_ordered`), or merely belong together (`sample`,
/// `temporal`), joined by the values of their keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    pub order: SequenceOrder,
    pub steps: Vec<Step>,
    /// The whole match lies within this time.
    pub max_span: Option<Duration>,
    /// An event that ends every match it could belong to.
    pub until: Option<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SequenceOrder {
    /// Each step after the one before it.
    InTime,
    /// In any order.
    Any,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub condition: Expr,
    /// Values that are the same in all steps, position by position: those of the whole sequence first.
    pub keys: Vec<Key>,
    /// How many such events in a row make the step (EQL's `with runs`); at least 1.
    pub runs: u32,
    /// No such event may lie between its neighbours (EQL's `![...]`).
    pub missing: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub value: Expr,
    /// An event without the value joins those that also lack it, instead of none.
    pub optional: bool,
}

/// Events that meet the condition and hold a combination of values not seen before.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTerms {
    pub condition: Expr,
    pub fields: Vec<Spanned<String>>,
    /// How far back a combination counts as seen.
    pub history: Duration,
}

/// Events that meet the condition and share values with an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorMatch {
    pub condition: Expr,
    /// Index patterns of the indicators, and which of them count.
    pub indicators: Vec<Spanned<String>>,
    pub indicator_condition: Option<Expr>,
    /// Any of these: all pairs within one must be equal (or differ, where negated).
    pub alternatives: Vec<Vec<IndicatorPair>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorPair {
    pub field: Spanned<String>,
    pub indicator_field: Spanned<String>,
    pub negated: bool,
}

/// Findings of other rules that are many, or go together (Sigma's correlations).
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    pub kind: CorrelationKind,
    /// Names or ids of the rules; for orders in time, in that order.
    pub rules: Vec<Spanned<String>>,
    pub group_by: Vec<Spanned<String>>,
    pub time_span: Duration,
    /// What the count or statistic must fulfil: all of these.
    pub thresholds: Vec<(CompareOp, f64)>,
    /// The field that is counted or computed, for kinds that have one; of several, their values together count as one.
    pub fields: Vec<Spanned<String>>,
    /// For one group-by name, the field that it is in each rule: (name, rule, field).
    pub aliases: Vec<(Spanned<String>, Spanned<String>, Spanned<String>)>,
    /// The rules named here also report by themselves.
    pub generate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrelationKind {
    EventCount,
    ValueCount,
    Temporal,
    TemporalOrdered,
    ValueSum,
    ValueAvg,
    /// From 0 to 100.
    ValuePercentile(u8),
    ValueMedian,
}

/// A trained model that scores events elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub jobs: Vec<Spanned<String>>,
    /// The least anomaly score, from 0 to 100.
    pub threshold: Option<u8>,
}
