//! What the search looks through, as a script that sets one variable.

use super::full_name;
use crate::tables::{fields, indicators};
use crate::{Corpus, Polarity, RuleFacts};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Values that more rules have come first; rarer ones than these are found by `gannet catalog value`.
const VALUES: usize = 30_000;
/// How many techniques a hit leads to.
const LINKS: usize = 3;

/// Entries are lists, since names of keys would be most of the file: kind, text, note, ids of techniques.
pub fn script(corpus: &Corpus, rules: &[&RuleFacts], techniques: &BTreeSet<String>) -> String {
    let mut entries: Vec<Value> =
        techniques.iter().map(|id| json!(["technique", format!("{id} {}", full_name(id)), "", [id]])).collect();
    let by_id: BTreeMap<&str, &RuleFacts> = rules.iter().map(|facts| (facts.rule.id.as_str(), *facts)).collect();
    for row in fields(rules) {
        let of_field = rules.iter().filter(|facts| facts.predicates.iter().any(|test| test.field == row.field));
        let names: Vec<&str> = row.vendor_fields.keys().map(String::as_str).collect();
        let note = format!("{} rules; {}", row.rules, names.join(", "));
        entries.push(json!(["field", row.field, note, most_common(of_field.copied())]));
    }
    for facts in rules {
        let note = format!("{} {}", facts.rule.vendor, facts.rule.id);
        entries.push(json!(["rule", facts.rule.title, note, most_common(std::iter::once(*facts))]));
    }
    for row in indicators(corpus, rules, Polarity::Include).into_iter().take(VALUES) {
        let users = row.rule_ids.iter().filter_map(|id| by_id.get(id.as_str()).copied());
        let note = format!("{} {}, {} rules", row.field, row.op.name(), row.rules);
        entries.push(json!(["value", row.value, note, most_common(users)]));
    }
    // A `<` could end the script element that a page would put this into.
    format!("window.gannetIndex = {};\n", Value::Array(entries).to_string().replace('<', "\\u003c"))
}

/// The techniques that most of the rules are for.
fn most_common<'a>(rules: impl Iterator<Item = &'a RuleFacts>) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for facts in rules {
        for id in facts.technique_ids().into_iter().filter(|id| super::is_plain(id)) {
            *counts.entry(id).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, rules)| std::cmp::Reverse(*rules));
    counts.into_iter().take(LINKS).map(|(id, _)| id).collect()
}
