//! Pages and rows as JSON.

use crate::tables::{Comparison, EventRow, FieldRow, IndicatorRow};
use crate::{Indicator, Predicate, RuleFacts, TechniquePage, Value as Tested};
use ir::{Diagnostic, LineColumn, Vendor};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The whole page of a technique.
pub fn technique(page: &TechniquePage<'_>) -> Value {
    let known = schema::attack::technique(&page.id);
    json!({
        "technique": {
            "id": page.id,
            "name": known.map(|technique| technique.name),
            "tactics": known.map_or(&[][..], |technique| technique.tactics),
        },
        "vendors": vendors_with(&page.vendors),
        "rules": page.rules.iter().map(|facts| rule(facts)).collect::<Vec<_>>(),
        "fields": page.fields.iter().map(field).collect::<Vec<_>>(),
        "indicators": page.indicators.iter().map(indicator).collect::<Vec<_>>(),
        "exclusions": page.exclusions.iter().map(indicator).collect::<Vec<_>>(),
        "events": page.events.iter().map(event).collect::<Vec<_>>(),
        "comparison": comparison(&page.comparison),
    })
}

/// A rule with its facts.
pub fn rule(facts: &RuleFacts) -> Value {
    let rule = &facts.rule;
    json!({
        "vendor": rule.vendor.name(),
        "id": rule.id,
        "title": rule.title,
        "path": facts.path,
        "status": rule.status.name(),
        "severity": rule.severity.name(),
        "language": rule.language,
        "techniques": rule.techniques.iter().map(|technique| &technique.id).collect::<Vec<_>>(),
        "event_classes": facts.classes.iter().map(|class| class.id).collect::<Vec<_>>(),
        "log_sources": rule.log_sources.iter().map(|source| &source.name).collect::<Vec<_>>(),
        "building_block": rule.building_block,
        "state": rule.state().name(),
        "predicates": facts.predicates.iter().map(predicate).collect::<Vec<_>>(),
        "diagnostics": facts.diagnostics().map(|(problem, at)| diagnostic(problem, at)).collect::<Vec<_>>(),
    })
}

fn predicate(predicate: &Predicate) -> Value {
    let value = match &predicate.value {
        Tested::None => Value::Null,
        Tested::One(text) => json!(text),
        Tested::List(elements) => elements.iter().map(|element| element.text.as_str()).collect(),
    };
    let mut object = json!({
        "field": predicate.field,
        "vendor_field": predicate.vendor_field,
        "op": predicate.op,
        "value": value,
        "polarity": predicate.polarity,
        "line": predicate.at.line,
        "column": predicate.at.column,
    });
    if let (Some(via), Some(object)) = (&predicate.via, object.as_object_mut()) {
        object.insert("via".to_owned(), json!(via));
    }
    object
}

/// A diagnostic with its place; null where it has none.
pub fn diagnostic(problem: &Diagnostic, at: Option<LineColumn>) -> Value {
    json!({
        "code": problem.code.0,
        "message": problem.message,
        "hint": problem.hint,
        "line": at.map(|at| at.line),
        "column": at.map(|at| at.column),
    })
}

pub fn field(row: &FieldRow) -> Value {
    let ops: Map<String, Value> = row.ops.iter().map(|(op, rules)| (op.name().to_owned(), json!(rules))).collect();
    json!({
        "field": row.field,
        "rules": row.rules,
        "ops": ops,
        "vendor_fields": row.vendor_fields,
        "vendors": vendors_with(&row.vendors),
        "samples": row.samples,
    })
}

pub fn indicator(row: &IndicatorRow) -> Value {
    json!({
        "field": row.field,
        "op": row.op,
        "value": row.value,
        "rules": row.rules,
        "corpus": row.corpus,
        "reach": if row.is_specific() { "specific" } else { "common" },
        "rule_ids": row.rule_ids,
        "vendors": vendors(&row.vendors),
    })
}

pub fn event(row: &EventRow) -> Value {
    json!({"id": row.id, "name": row.name, "rules": row.rules, "vendors": vendors(&row.vendors)})
}

fn comparison(comparison: &Comparison) -> Value {
    let shared = |rows: &[(Indicator, BTreeSet<Vendor>)]| -> Vec<Value> {
        rows.iter().map(|(indicator, of)| with(compared(indicator), "vendors", vendors(of))).collect()
    };
    let uneven = comparison.uneven_exclusions.iter().map(|row| {
        json!({
            "value": compared(&row.value),
            "exclusion": compared(&row.exclusion),
            "excluded_by": vendors(&row.excluded_by),
            "not_by": vendors(&row.not_by),
        })
    });
    let near = comparison.near_duplicates.iter().map(|pair| {
        json!({
            "rules": pair.rules,
            "vendors": pair.vendors.map(Vendor::name),
            "shared_values": pair.shared,
            "likeness": (pair.likeness * 100.0).round() / 100.0,
        })
    });
    let unexcluded = comparison.unexcluded.iter().map(|row| {
        let noise = row.noise.iter().map(|(indicator, rules)| with(compared(indicator), "rules", json!(rules)));
        json!({"field": row.field, "noise": noise.collect::<Vec<_>>()})
    });
    json!({
        "shared_values": shared(&comparison.shared_values),
        "shared_exclusions": shared(&comparison.shared_exclusions),
        "uneven_exclusions": uneven.collect::<Vec<_>>(),
        "near_duplicates": near.collect::<Vec<_>>(),
        "unexcluded_noise": unexcluded.collect::<Vec<_>>(),
    })
}

fn compared(indicator: &Indicator) -> Value {
    json!({"field": indicator.field, "op": indicator.op, "value": indicator.value})
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
    object
}

fn vendors(vendors: &BTreeSet<Vendor>) -> Value {
    vendors.iter().map(|vendor| vendor.name()).collect()
}

fn vendors_with(counts: &BTreeMap<Vendor, usize>) -> Value {
    let counts: Map<String, Value> = counts.iter().map(|(vendor, rules)| (vendor.to_string(), json!(rules))).collect();
    Value::Object(counts)
}
