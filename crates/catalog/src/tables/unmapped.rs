//! Names that mean nothing to the mappings: what to add a row for, the most used first.

use crate::RuleFacts;
use ir::Vendor;
use schema::Mappings;
use std::collections::BTreeMap;

/// A vendor's name without a meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct UnmappedRow {
    pub vendor: Vendor,
    pub kind: NameKind,
    pub name: String,
    /// How many tests are of the field, or how many rules read the log source.
    pub uses: usize,
    pub rules: usize,
    /// The path of one of the rules.
    pub example: String,
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    Field,
    LogSource,
}

impl NameKind {
    pub fn name(self) -> &'static str {
        match self {
            NameKind::Field => "field",
            NameKind::LogSource => "log source",
        }
    }
}

/// How many tests of a vendor's rules are of fields with a canonical name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub tests: usize,
    pub mapped: usize,
}

/// The names that have no meaning in the mappings, the most used first.
pub fn unmapped(rules: &[&RuleFacts], mappings: &Mappings) -> Vec<UnmappedRow> {
    let mut rows: BTreeMap<(Vendor, NameKind, &str), UnmappedRow> = BTreeMap::new();
    for facts in rules {
        let vendor = facts.rule.vendor;
        let fields = unmapped_fields(facts, mappings).map(|name| (NameKind::Field, name));
        let sources = facts.rule.log_sources.iter().map(|source| (source.kind.name(), source.name.as_str()));
        let sources = sources.filter(|(kind, name)| !name.is_empty() && mappings.classes(kind, name).is_none());
        let mut of_rule: BTreeMap<(NameKind, &str), usize> = BTreeMap::new();
        for key in fields.chain(sources.map(|(_, name)| (NameKind::LogSource, name))) {
            *of_rule.entry(key).or_default() += 1;
        }
        for ((kind, name), uses) in of_rule {
            let row = rows.entry((vendor, kind, name)).or_insert_with(|| UnmappedRow {
                vendor,
                kind,
                name: name.to_owned(),
                uses: 0,
                rules: 0,
                example: facts.path.clone(),
            });
            row.uses += uses;
            row.rules += 1;
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.uses));
    rows
}

/// For each vendor how much of what its rules test has a canonical name.
pub fn shares(rules: &[&RuleFacts], mappings: &Mappings) -> BTreeMap<Vendor, Share> {
    let mut shares: BTreeMap<Vendor, Share> = BTreeMap::new();
    for facts in rules {
        let share = shares.entry(facts.rule.vendor).or_default();
        share.tests += facts.predicates.len();
        share.mapped += facts.predicates.len() - unmapped_fields(facts, mappings).count();
    }
    shares
}

/// The fields of a rule's tests that have no canonical name, once for each test. The text of the event as a whole is no field.
fn unmapped_fields<'f>(facts: &'f RuleFacts, mappings: &Mappings) -> impl Iterator<Item = &'f str> {
    let vendor = facts.rule.vendor.name();
    let names = facts.predicates.iter().map(|predicate| predicate.vendor_field.as_str()).filter(|name| *name != "*");
    names.filter(move |name| mappings.field(vendor, &facts.classes, name).is_none())
}
