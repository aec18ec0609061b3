//! From firings to findings: one for each rule and group, with the events behind it.

use super::{Firing, Panes, evidence::Evidence};
use crate::{
    finding::{Finding, RuleSummary},
    table::Tables,
};
use ingest::Lost;
use ir::{Confidence, Diagnostic, Rule, codes};
use serde_json::Value;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

/// The column of a rule's result that says how sure the rule is.
const CONFIDENCE: &str = "confidence";

/// A finding whose sample events are still to be read.
pub struct Unsampled {
    finding: Finding,
    ids: Vec<String>,
}

/// Puts together what fired in several windows for one group.
pub fn merge(
    rule: &Rule,
    panes: Panes,
    firings: Vec<Firing>,
    mut evidence: HashMap<Option<usize>, Evidence>,
) -> Vec<Unsampled> {
    let mut best: BTreeMap<String, Firing> = BTreeMap::new();
    for firing in firings {
        // A rule without groups tells its rows apart by what they say.
        let key = match firing.group.is_empty() && firing.group_id.is_none() {
            true => Value::Object(firing.values.clone()).to_string(),
            false => Value::Object(firing.group.clone()).to_string(),
        };
        let rank = |firing: &Firing| (firing.weight, Reverse(firing.run));
        match best.get(&key) {
            Some(known) if rank(known) >= rank(&firing) => {}
            _ => {
                best.insert(key, firing);
            }
        }
    }
    let nothing = Evidence::default();
    let of_all = evidence.remove(&None);
    best.into_values()
        .map(|firing| {
            let own = firing.group_id.and_then(|_| evidence.get(&firing.group_id));
            finding(rule, panes, &firing, own.or(of_all.as_ref()).unwrap_or(&nothing))
        })
        .collect()
}

fn finding(rule: &Rule, panes: Panes, firing: &Firing, evidence: &Evidence) -> Unsampled {
    let mut values = firing.values.clone();
    let stated = values.get(CONFIDENCE).and_then(Value::as_str).and_then(|text| text.parse().ok());
    if stated.is_some() {
        values.remove(CONFIDENCE);
    }
    let window = panes.window(firing.run);
    let (first_seen, last_seen) = evidence.behind.span.unwrap_or((window.from, window.to));
    let finding = Finding {
        rule: RuleSummary {
            id: rule.id.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            confidence: stated.unwrap_or(Confidence::Medium),
            techniques: rule.techniques.clone(),
        },
        group: firing.group.clone(),
        values,
        window,
        first_seen,
        last_seen,
        events: evidence.behind.events,
        timeline: evidence.timeline.iter().map(|(start, events)| (*start, *events)).collect(),
        samples: Vec::new(),
    };
    Unsampled { finding, ids: evidence.behind.ids.iter().map(|(_, id)| id.clone()).collect() }
}

/// Reads the events that stand for each finding again, whole, and tells of those that are gone.
pub fn with_samples(unsampled: Vec<Unsampled>, tables: &Tables) -> (Vec<Finding>, Vec<Diagnostic>) {
    let ids: Vec<&str> = unsampled.iter().flat_map(|finding| finding.ids.iter().map(String::as_str)).collect();
    let (documents, lost) = tables.events.as_ref().map(|events| events.documents(&ids)).unwrap_or_default();
    let sampled = |Unsampled { mut finding, ids }: Unsampled| {
        finding.samples = ids.iter().filter_map(|id| documents.get(id).cloned()).collect();
        finding
    };
    let gone = |Lost { path, events, reason }: Lost| {
        let message = format!("{events} sample events of `{path}` could not be read again: {reason}");
        Diagnostic::note(codes::INPUT_CHANGED, message)
    };
    (unsampled.into_iter().map(sampled).collect(), lost.into_iter().map(gone).collect())
}

/// Worst first; equals in the order of rule and group, so that the same events give the same report.
pub fn rank(findings: &mut [Finding]) {
    findings.sort_by_cached_key(|finding| {
        let rule = &finding.rule;
        let group = Value::Object(finding.group.clone()).to_string();
        (Reverse((rule.severity, rule.confidence, finding.events)), rule.id.clone(), group)
    });
}
