//! A layer for the ATT&CK Navigator: how many rules there are for each technique.
//!
//! Layer format 4.5, as the Navigator's documentation has it.

use crate::RuleFacts;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The layer of those rules. A technique's score is its number of rules, its comment says whose they are.
pub fn layer(rules: &[&RuleFacts]) -> Value {
    let mut techniques: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for facts in rules {
        for id in facts.technique_ids() {
            *techniques.entry(id).or_default().entry(facts.rule.vendor.name()).or_default() += 1;
        }
    }
    let most = techniques.values().map(|vendors| vendors.values().sum::<usize>()).max().unwrap_or_default();
    let scored: Vec<Value> = techniques.iter().map(|(id, vendors)| technique(id, vendors)).collect();
    json!({
        "name": "Rules by technique",
        "versions": {"layer": "4.5", "navigator": "5.1.0"},
        "domain": "enterprise-attack",
        "description": "The number of detection rules for each technique",
        "techniques": scored,
        "gradient": {"colors": ["#dcecf8", "#1f5f99"], "minValue": 0, "maxValue": most},
        "layout": {"layout": "side", "showID": true, "showName": true},
    })
}

fn technique(id: &str, vendors: &BTreeMap<&str, usize>) -> Value {
    let comment: Vec<String> = vendors.iter().map(|(vendor, rules)| format!("{vendor}: {rules}")).collect();
    json!({"techniqueID": id, "score": vendors.values().sum::<usize>(), "comment": comment.join(", "), "enabled": true})
}
