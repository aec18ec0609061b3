//! Which events rules need.

use crate::RuleFacts;
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet};

/// One event class.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    pub id: &'static str,
    pub name: &'static str,
    pub rules: usize,
    pub vendors: BTreeSet<Vendor>,
}

/// The event classes that rules read, those of most rules first.
pub fn events(rules: &[&RuleFacts]) -> Vec<EventRow> {
    let mut rows: BTreeMap<&str, EventRow> = BTreeMap::new();
    for facts in rules {
        for class in &facts.classes {
            let row = rows.entry(class.id).or_insert_with(|| EventRow {
                id: class.id,
                name: class.name,
                rules: 0,
                vendors: BTreeSet::new(),
            });
            row.rules += 1;
            row.vendors.insert(facts.rule.vendor);
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.rules));
    rows
}
