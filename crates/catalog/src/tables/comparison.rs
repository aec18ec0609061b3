//! What vendors have in common, and what one has that another lacks.
//!
//! Vendors write one test in many ways: `*\cmd.exe` as a wildcard here is `\cmd.exe` at the end there. For comparison, and
//! only for it, such wildcards count as what they say.

use crate::corpus::{Corpus, Indicator};
use crate::{Operator, Polarity, RuleFacts};
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Least part of their values that near-duplicates share.
const LIKENESS: f64 = 0.5;
/// Fewer shared values than this are a coincidence.
const SHARED: usize = 3;
/// A value counts as known noise where that many rules of the corpus exclude it.
const NOISY: usize = 3;

/// Two or more vendors side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Values that rules of several vendors look for, and those vendors.
    pub shared_values: Vec<(Indicator, BTreeSet<Vendor>)>,
    pub shared_exclusions: Vec<(Indicator, BTreeSet<Vendor>)>,
    pub uneven_exclusions: Vec<UnevenExclusion>,
    pub near_duplicates: Vec<NearDuplicate>,
    pub unexcluded: Vec<Unexcluded>,
}

/// Rules that look for the same value, of which some exclude what the others do not.
#[derive(Clone, Debug, PartialEq)]
pub struct UnevenExclusion {
    pub value: Indicator,
    pub exclusion: Indicator,
    pub excluded_by: BTreeSet<Vendor>,
    pub not_by: BTreeSet<Vendor>,
}

/// Two rules of different vendors that look for much the same.
#[derive(Clone, Debug, PartialEq)]
pub struct NearDuplicate {
    /// Ids.
    pub rules: [String; 2],
    pub vendors: [Vendor; 2],
    pub shared: usize,
    /// Shared values among all values of both, from 0 to 1.
    pub likeness: f64,
}

/// A field that rules here test and of which none excludes what rules elsewhere do.
#[derive(Clone, Debug, PartialEq)]
pub struct Unexcluded {
    pub field: String,
    /// What rules elsewhere exclude, with how many do, most first.
    pub noise: Vec<(Indicator, usize)>,
}

pub fn comparison(corpus: &Corpus, rules: &[&RuleFacts]) -> Comparison {
    let values: Vec<BTreeSet<Indicator>> = rules.iter().map(|facts| compared(facts, Polarity::Include)).collect();
    let exclusions: Vec<BTreeSet<Indicator>> = rules.iter().map(|facts| compared(facts, Polarity::Exclude)).collect();
    Comparison {
        shared_values: shared(rules, &values),
        shared_exclusions: shared(rules, &exclusions),
        uneven_exclusions: uneven(rules, &values, &exclusions),
        near_duplicates: near_duplicates(rules, &values),
        unexcluded: unexcluded(corpus, rules),
    }
}

/// What a rule looks for on one side, in the form that vendors are compared in.
fn compared(facts: &RuleFacts, polarity: Polarity) -> BTreeSet<Indicator> {
    facts.indicators(polarity).map(|(indicator, _)| plain(indicator)).collect()
}

/// A wildcard pattern that only says where a text stands, as the operator that says so.
fn plain(indicator: Indicator) -> Indicator {
    if indicator.op != Operator::Wildcard {
        return indicator;
    }
    let (open, rest) = match indicator.value.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, indicator.value.as_str()),
    };
    let (text, closed) = match rest.strip_suffix('*') {
        Some(text) => (text, true),
        None => (rest, false),
    };
    let op = match (open, closed) {
        _ if text.contains(['*', '?']) => return indicator,
        (true, true) => Operator::Contains,
        (true, false) => Operator::EndsWith,
        (false, true) => Operator::StartsWith,
        (false, false) => Operator::Eq,
    };
    Indicator { op, value: text.to_owned(), field: indicator.field }
}

fn by_vendor<'a>(rules: &[&RuleFacts], sets: &'a [BTreeSet<Indicator>]) -> BTreeMap<&'a Indicator, BTreeSet<Vendor>> {
    let mut vendors: BTreeMap<&Indicator, BTreeSet<Vendor>> = BTreeMap::new();
    for (facts, set) in rules.iter().zip(sets) {
        for indicator in set {
            vendors.entry(indicator).or_default().insert(facts.rule.vendor);
        }
    }
    vendors
}

fn shared(rules: &[&RuleFacts], sets: &[BTreeSet<Indicator>]) -> Vec<(Indicator, BTreeSet<Vendor>)> {
    let several = by_vendor(rules, sets).into_iter().filter(|(_, vendors)| vendors.len() > 1);
    let mut rows: Vec<_> = several.map(|(indicator, vendors)| (indicator.clone(), vendors)).collect();
    rows.sort_by_key(|(_, vendors)| std::cmp::Reverse(vendors.len()));
    rows
}

fn uneven(
    rules: &[&RuleFacts],
    values: &[BTreeSet<Indicator>],
    exclusions: &[BTreeSet<Indicator>],
) -> Vec<UnevenExclusion> {
    let mut rows = Vec::new();
    for (value, vendors) in by_vendor(rules, values).into_iter().filter(|(_, vendors)| vendors.len() > 1) {
        let mut excluded: BTreeMap<&Indicator, BTreeSet<Vendor>> = BTreeMap::new();
        for ((facts, of_rule), excluded_by_rule) in rules.iter().zip(values).zip(exclusions) {
            if of_rule.contains(value) {
                for exclusion in excluded_by_rule {
                    excluded.entry(exclusion).or_default().insert(facts.rule.vendor);
                }
            }
        }
        for (exclusion, excluded_by) in excluded {
            let not_by: BTreeSet<Vendor> = vendors.difference(&excluded_by).copied().collect();
            if !not_by.is_empty() {
                let (value, exclusion) = (value.clone(), exclusion.clone());
                rows.push(UnevenExclusion { value, exclusion, excluded_by, not_by });
            }
        }
    }
    rows
}

fn near_duplicates(rules: &[&RuleFacts], values: &[BTreeSet<Indicator>]) -> Vec<NearDuplicate> {
    let mut pairs = Vec::new();
    for (at, (a, of_a)) in rules.iter().zip(values).enumerate() {
        for (b, of_b) in rules.iter().zip(values).skip(at + 1) {
            if a.rule.vendor == b.rule.vendor {
                continue;
            }
            let shared = of_a.intersection(of_b).count();
            let likeness = shared as f64 / (of_a.len() + of_b.len() - shared).max(1) as f64;
            if shared >= SHARED && likeness >= LIKENESS {
                let (ids, vendors) = ([a.rule.id.clone(), b.rule.id.clone()], [a.rule.vendor, b.rule.vendor]);
                pairs.push(NearDuplicate { rules: ids, vendors, shared, likeness });
            }
        }
    }
    pairs.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    pairs
}

fn unexcluded(corpus: &Corpus, rules: &[&RuleFacts]) -> Vec<Unexcluded> {
    let tests = || rules.iter().flat_map(|facts| &facts.predicates);
    let tested: BTreeSet<&str> = tests().map(|predicate| predicate.field.as_str()).collect();
    let excluded: BTreeSet<&str> = tests()
        .filter(|predicate| predicate.polarity == Polarity::Exclude)
        .map(|predicate| predicate.field.as_str())
        .collect();
    let mut noise: HashMap<&str, Vec<(Indicator, usize)>> = HashMap::new();
    for (indicator, count) in corpus.exclusions().filter(|(_, count)| *count >= NOISY) {
        let field = indicator.field.as_str();
        if tested.contains(field) && !excluded.contains(field) {
            noise.entry(field).or_default().push((indicator.clone(), count));
        }
    }
    let mut rows: Vec<Unexcluded> = noise
        .into_iter()
        .map(|(field, mut noise)| {
            noise.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            Unexcluded { field: field.to_owned(), noise }
        })
        .collect();
    rows.sort_by(|a, b| a.field.cmp(&b.field));
    rows
}
