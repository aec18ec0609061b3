//! Which keys `[rule]` has. Keys that change what a rule reports in Kibana and change nothing here are noted, and so are
//! keys that no rule has, which are most likely misspelt.

use super::Reader;
use crate::envelope::toml_file::Table;
use crate::similar::similar;
use ir::{Diagnostic, codes};

/// Keys without an effect, with what is done instead.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("alert_suppression", "findings are grouped by rule and group already"),
    ("exceptions_list", "the lists are kept in Kibana, not in the rule's repository"),
    ("max_signals", "every finding is reported"),
    ("risk_score_mapping", "all findings have the rule's own risk score"),
    ("rule_name_override", "all findings have the rule's own name"),
    ("severity_mapping", "all findings have the rule's own severity"),
    ("tiebreaker_field", "events of one time keep the order of the log"),
    ("timestamp_override", "windows are cut by `@timestamp`"),
    ("to", "every window ends when the rule runs"),
];

/// All others.
const KNOWN: &[&str] = &[
    "actions",
    "anomaly_threshold",
    "author",
    "building_block_type",
    "data_view_id",
    "description",
    "enabled",
    "event_category_override",
    "false_positives",
    "filters",
    "from",
    "index",
    "interval",
    "investigation_fields",
    "language",
    "license",
    "machine_learning_job_id",
    "meta",
    "name",
    "new_terms",
    "note",
    "query",
    "references",
    "related_integrations",
    "required_fields",
    "response_actions",
    "revision",
    "risk_score",
    "rule_id",
    "saved_id",
    "setup",
    "severity",
    "tags",
    "threat",
    "threat_filters",
    "threat_index",
    "threat_indicator_path",
    "threat_language",
    "threat_mapping",
    "threat_query",
    "threshold",
    "throttle",
    "timeline_id",
    "timeline_title",
    "timestamp_field",
    "timestamp_override_fallback_disabled",
    "type",
    "version",
];

impl Reader<'_> {
    pub fn check_keys(&mut self, table: Table<'_>) {
        let mut keys: Vec<_> = table.keys().collect();
        keys.sort_by_key(|key| key.span);
        for key in keys {
            if let Some((name, hint)) = WITHOUT_EFFECT.iter().find(|(name, _)| *name == key.value) {
                let message = format!("`{name}` has no effect");
                self.diagnostics.push(Diagnostic::note(codes::IGNORED_KEY, message).at(key.span).hint(*hint));
            } else if !KNOWN.contains(&key.value) {
                let note = Diagnostic::note(codes::UNKNOWN_KEY, format!("rules have no key `{}`", key.value));
                let known = WITHOUT_EFFECT.iter().map(|(name, _)| *name).chain(KNOWN.iter().copied());
                self.diagnostics.push(match similar(key.value, known) {
                    Some(meant) => note.at(key.span).hint(format!("a similar key is `{meant}`")),
                    None => note.at(key.span),
                });
            }
        }
    }
}
