//! The JSON contract of a hunt; `docs/json.md` describes it.

use super::text::time;
use engine::finding::{Finding, InputOutcome, Report, RuleOutcome};
use ir::Diagnostic;
use serde_json::{Value, json};

pub fn report(report: &Report) -> Value {
    json!({
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
        "inputs": report.inputs.iter().map(input).collect::<Vec<_>>(),
    })
}

pub fn finding(finding: &Finding) -> Value {
    let techniques = finding.rule.techniques.iter().map(|technique| technique.id.as_str());
    json!({
        "rule": {
            "id": finding.rule.id,
            "title": finding.rule.title,
            "severity": finding.rule.severity.name(),
            "confidence": finding.rule.confidence.name(),
            "techniques": techniques.collect::<Vec<_>>(),
        },
        "group": finding.group,
        "values": finding.values,
        "window": { "from": time(finding.window.from), "to": time(finding.window.to) },
        "first_seen": time(finding.first_seen),
        "last_seen": time(finding.last_seen),
        "events": finding.events,
        "samples": finding.samples,
    })
}

fn rule(rule: &RuleOutcome) -> Value {
    json!({
        "id": rule.id,
        "title": rule.title,
        "state": rule.state.name(),
        "diagnostics": rule.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
    })
}

pub fn diagnostic(diagnostic: &Diagnostic) -> Value {
    json!({ "code": diagnostic.code.0, "message": diagnostic.message })
}

fn input(input: &InputOutcome) -> Value {
    let examples = input.tally.examples.iter();
    let mut value = json!({
        "path": input.path,
        "source": input.source,
        "events": input.tally.events,
        "unreadable": input.tally.unreadable,
        "other": input.tally.other,
        "several_values": input.tally.several_values,
        "unconverted": input.tally.unconverted,
        "lossy": input.tally.lossy,
        "first": input.tally.first.map(time),
        "last": input.tally.last.map(time),
        "notes": input.notes,
        "examples": examples
            .map(|example| json!({ "line": example.record, "reason": example.reason, "excerpt": example.excerpt }))
            .collect::<Vec<_>>(),
    });
    if let Some(error) = &input.error {
        value["error"] = json!(error);
    }
    if let Some(reason) = &input.skipped {
        value["skipped"] = json!(reason);
    }
    value
}
