//! The facts of one rule.
//!
//! [`predicates`] walks a rule's body and finds every test of an event's field against constants. It follows columns through
//! the stages of a pipeline ([`columns`]), so that a test behind a `RENAME` or an `EVAL` is a fact about the field it came
//! from. Tests of what a rule computes (a count, an average) are no facts about fields and are left out.

mod columns;
mod condition;
mod demands;
mod groups;
mod lines;
mod pipeline;
mod resolve;

use crate::{Operator, Polarity};
use condition::Walk;
use ir::{Body, Diagnostic, LineColumn, Rule, Span};
use lines::Lines;
use schema::{EventClass, Mappings};

/// One test of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// The vendor's name of the field.
    pub vendor_field: String,
    /// The canonical field; the vendor's name where that is not known.
    pub field: String,
    /// A function that the field's value goes through first, such as `length`; none for those that keep what it is.
    pub via: Option<String>,
    pub op: Operator,
    pub value: Value,
    pub polarity: Polarity,
    /// Where the value stands, or the field where there is no value or a list of them.
    pub span: Span,
    /// The same as a line and column of the file that the span is in.
    pub at: LineColumn,
}

/// What a field is tested against.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    One(String),
    List(Vec<Element>),
}

/// One of several values.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub text: String,
    pub span: Span,
}

/// A rule with its facts.
#[derive(Clone, Debug)]
pub struct RuleFacts {
    pub rule: Rule,
    pub path: String,
    /// The kinds of events that the rule reads.
    pub classes: Vec<&'static EventClass>,
    pub predicates: Vec<Predicate>,
    /// For each diagnostic of the rule its place in its file.
    places: Vec<Option<LineColumn>>,
}

impl RuleFacts {
    /// Reads the facts off a rule. `texts` are those of its own file and of its [`Rule::further_files`]; names that the
    /// mappings do not know become diagnostics of the rule.
    pub fn new(mut rule: Rule, path: String, texts: &[&str], mappings: &Mappings) -> Self {
        let lines: Vec<Lines<'_>> = texts.iter().map(|text| Lines::new(text)).collect();
        let place = |span: Span| lines.get(usize::from(span.file)).map(|lines| lines.of(span.start));
        let mut predicates = predicates(&rule);
        for predicate in &mut predicates {
            predicate.at = place(predicate.span).unwrap_or(predicate.at);
        }
        let classes = resolve::classes(&mut rule, mappings);
        resolve::fields(&mut rule, &classes, &mut predicates, mappings);
        let places = rule.diagnostics.iter().map(|problem| problem.span.and_then(place)).collect();
        RuleFacts { rule, path, classes, predicates, places }
    }

    /// What is wrong with the rule, each with its place.
    pub fn diagnostics(&self) -> impl Iterator<Item = (&Diagnostic, Option<LineColumn>)> {
        self.rule.diagnostics.iter().zip(self.places.iter().copied())
    }
}

/// Every predicate of a rule's body, in the order of the text.
pub fn predicates(rule: &Rule) -> Vec<Predicate> {
    let log_sources = rule.log_sources.iter().map(|source| source.name.clone()).collect();
    let mut walk = Walk { log_sources, ..Walk::default() };
    match &rule.body {
        None | Some(Body::Model(_)) => {}
        Some(Body::Match(condition)) => walk.condition(condition, Polarity::Include),
        Some(Body::Pipeline(pipeline)) => pipeline::walk(&mut walk, pipeline, Polarity::Include),
        Some(Body::Sequence(sequence)) => {
            for step in &sequence.steps {
                let polarity = if step.missing { Polarity::Exclude } else { Polarity::Include };
                walk.condition(&step.condition, polarity);
            }
            if let Some(until) = &sequence.until {
                walk.condition(&until.condition, Polarity::Exclude);
            }
        }
        Some(Body::NewTerms(terms)) => walk.condition(&terms.condition, Polarity::Include),
        Some(Body::IndicatorMatch(matching)) => {
            walk.condition(&matching.condition, Polarity::Include);
            matching.alternatives.iter().flatten().for_each(|pair| walk.indicator_pair(pair));
        }
        // What the rules it correlates look for are facts of those.
        Some(Body::Correlation(_)) => {}
    }
    walk.predicates.sort_by_key(|predicate| predicate.span);
    walk.predicates
}
