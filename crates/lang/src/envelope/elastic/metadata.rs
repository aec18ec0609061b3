//! What a rule's author says of it: how finished it is, how bad a finding is, and which techniques it is about.

use super::Reader;
use crate::envelope::toml_file::{Table, Value};
use ir::{Rule, Status, Technique};

impl Reader<'_> {
    pub fn status(&mut self, metadata: Table<'_>, rule: &mut Rule) {
        match self.string(metadata, "maturity").as_deref() {
            Some("deprecated") => rule.status = Status::Deprecated,
            Some("experimental" | "beta" | "development") if rule.status == Status::Production => {
                rule.status = Status::Experimental;
            }
            _ => {}
        }
        if metadata.get("deprecation_date").is_some() {
            rule.status = Status::Deprecated;
        }
    }

    pub fn grade(&mut self, table: Table<'_>, rule: &mut Rule) {
        if let (Some(name), Some(value)) = (self.required(table, "severity"), table.get("severity")) {
            match name.parse() {
                Ok(severity) => rule.severity = severity,
                Err(message) => self.envelope(message, value.span),
            }
        }
        let Some(value) = table.get("risk_score") else { return };
        match value.as_integer().and_then(|score| u8::try_from(score).ok()).filter(|&score| score <= 100) {
            Some(score) => rule.risk_score = Some(score),
            None => self.envelope("`risk_score` is an integer from 0 to 100", value.span),
        }
    }

    /// The most specific techniques of each `[[rule.threat]]`: a technique with sub-techniques stands for them, and a
    /// tactic without techniques is kept by its own id.
    pub fn techniques(&mut self, table: Table<'_>) -> Vec<Technique> {
        let mut techniques: Vec<Technique> = Vec::new();
        for threat in self.tables(table, "threat") {
            let tactic = threat.get("tactic").and_then(Value::as_table);
            let tactic_id = tactic.and_then(|tactic| self.string(tactic, "id"));
            let mut add = |id: String, name: String| match techniques.iter_mut().find(|known| known.id == id) {
                Some(known) => known.tactics.extend(tactic_id.clone()),
                None => techniques.push(Technique { id, name, tactics: tactic_id.iter().cloned().collect() }),
            };
            let named = self.tables(threat, "technique");
            if let (true, Some(tactic), Some(id)) = (named.is_empty(), tactic, &tactic_id) {
                add(id.clone(), self.string(tactic, "name").unwrap_or_default());
            }
            for technique in named {
                let below = self.tables(technique, "subtechnique");
                for named in if below.is_empty() { vec![technique] } else { below } {
                    let id = self.required(named, "id").unwrap_or_default();
                    add(id, self.string(named, "name").unwrap_or_default());
                }
            }
        }
        techniques
    }
}
