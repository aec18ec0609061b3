//! All rules at hand with their facts, and which of them count.

use crate::{Polarity, Predicate, RuleFacts, Value};
use ir::{Status, Vendor};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Rules of any vendor.
#[derive(Debug, Default)]
pub struct Corpus {
    rules: Vec<RuleFacts>,
    /// For each combination of field, operator and value, how many rules use it.
    reach: HashMap<Indicator, usize>,
    exclusion_reach: HashMap<Indicator, usize>,
}

/// Which rules count.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Also rules that their authors have given up.
    pub deprecated: bool,
    /// Also rules that their own language cannot run.
    pub unsupported: bool,
    /// Only these vendors; all where empty.
    pub vendors: Vec<Vendor>,
    /// Only rules with an event class of this platform, such as `windows`.
    pub platform: Option<String>,
    /// Only rules with an event class of this domain, such as `network`.
    pub domain: Option<String>,
}

impl Selection {
    pub fn includes(&self, facts: &RuleFacts) -> bool {
        self.counts(facts)
            && (self.vendors.is_empty() || self.vendors.contains(&facts.rule.vendor))
            && of(&self.platform, facts.classes.iter().map(|class| class.platform))
            && of(&self.domain, facts.classes.iter().map(|class| class.domain))
    }

    /// Whether a rule of that status counts at all.
    fn counts(&self, facts: &RuleFacts) -> bool {
        match facts.rule.status {
            Status::Deprecated => self.deprecated,
            Status::Unsupported => self.unsupported,
            Status::Production | Status::Experimental => true,
        }
    }
}

fn of<'a>(wanted: &Option<String>, mut of_classes: impl Iterator<Item = &'a str>) -> bool {
    wanted.as_ref().is_none_or(|wanted| of_classes.any(|found| found.eq_ignore_ascii_case(wanted)))
}

/// A field, an operator and a value: what rules are compared by. Letters of values compare without case, since most fields
/// do in most languages, and vendors spell `Cmd.Exe` in many ways.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Indicator {
    pub field: String,
    pub op: crate::Operator,
    /// In lower case.
    pub value: String,
}

impl Corpus {
    /// Reach counts rules of the statuses that the selection includes, of any vendor, platform and domain.
    pub fn new(rules: Vec<RuleFacts>, selection: &Selection) -> Self {
        let mut corpus = Corpus { rules, ..Corpus::default() };
        for facts in corpus.rules.iter().filter(|facts| selection.counts(facts)) {
            count(&mut corpus.reach, facts, Polarity::Include);
            count(&mut corpus.exclusion_reach, facts, Polarity::Exclude);
        }
        corpus
    }

    pub fn rules(&self) -> &[RuleFacts] {
        &self.rules
    }

    /// How many rules of any technique use the combination on that side.
    pub fn reach(&self, indicator: &Indicator, polarity: Polarity) -> usize {
        let index = match polarity {
            Polarity::Include => &self.reach,
            Polarity::Exclude => &self.exclusion_reach,
        };
        index.get(indicator).copied().unwrap_or_default()
    }

    /// Combinations that rules exclude, with how many do.
    pub fn exclusions(&self) -> impl Iterator<Item = (&Indicator, usize)> {
        self.exclusion_reach.iter().map(|(indicator, rules)| (indicator, *rules))
    }
}

fn count(index: &mut HashMap<Indicator, usize>, facts: &RuleFacts, polarity: Polarity) {
    let of_rule: HashSet<Indicator> = facts.indicators(polarity).map(|(indicator, _)| indicator).collect();
    for indicator in of_rule {
        *index.entry(indicator).or_default() += 1;
    }
}

impl RuleFacts {
    /// The values that the rule tests for on that side, one for each element of a list, each as the author wrote it. Tests
    /// without a value, of other fields, and of what a function made of a field are none.
    pub fn indicators(&self, polarity: Polarity) -> impl Iterator<Item = (Indicator, &str)> {
        let tests = self.predicates.iter().filter(move |predicate| predicate.polarity == polarity);
        tests.flat_map(|predicate| values(predicate).map(move |value| (indicator(predicate, value), value)))
    }

    /// The ids of the techniques that the rule is for. Vendors follow ATT&CK at their own pace, so an id that was replaced is
    /// given as the current one: only so do rules of one technique meet.
    pub fn technique_ids(&self) -> BTreeSet<&str> {
        self.rule.techniques.iter().map(|technique| current(&technique.id)).collect()
    }

    /// Whether the rule is for the technique, or for one below it.
    pub fn is_for(&self, technique: &str) -> bool {
        let wanted = current(technique);
        self.technique_ids().into_iter().any(|id| {
            let below = id.strip_prefix(wanted);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// The id that is current in the place of this one; itself where ATT&CK does not have it.
pub fn current(id: &str) -> &str {
    schema::attack::technique(id).map_or(id, |technique| technique.current().id)
}

fn values(predicate: &Predicate) -> impl Iterator<Item = &str> {
    let of_field = predicate.via.is_none() && predicate.op != crate::Operator::EqField;
    let values: &[crate::Element] = match &predicate.value {
        Value::List(elements) if of_field => elements,
        _ => &[],
    };
    let one = match &predicate.value {
        Value::One(text) if of_field => Some(text.as_str()),
        _ => None,
    };
    one.into_iter().chain(values.iter().map(|element| element.text.as_str()))
}

fn indicator(predicate: &Predicate, value: &str) -> Indicator {
    let op = match predicate.op {
        crate::Operator::In | crate::Operator::Ne => crate::Operator::Eq,
        other => other,
    };
    Indicator { field: predicate.field.clone(), op, value: value.to_lowercase() }
}
