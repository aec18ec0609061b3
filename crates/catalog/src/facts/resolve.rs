//! The vendor's names, as what they mean: log sources as event classes, fields as canonical fields. A name that has no
//! meaning in the tables stays as it is, with a diagnostic.

use super::Predicate;
use super::demands::{Demands, demands};
use ir::{Diagnostic, LogSourceKind, Rule, codes};
use schema::Mappings;
use schema::class::{self, EventClass};
use std::collections::BTreeSet;

/// The kinds of events that a rule reads: those of its log sources, as far as its conditions can hold for them.
pub fn classes(rule: &mut Rule, mappings: &Mappings) -> Vec<&'static EventClass> {
    let mut found = Vec::new();
    let mut unmapped = Vec::new();
    for source in &rule.log_sources {
        // A pattern that excludes adds no events.
        if source.kind == LogSourceKind::Index && source.name.starts_with('-') {
            continue;
        }
        match mappings.classes(source.kind.name(), &source.name) {
            Some(classes) => found.extend(classes),
            None => {
                let message = format!("no event class is known for the log source `{}`", source.name);
                unmapped.push(Diagnostic::note(codes::UNMAPPED_SOURCE, message).at(source.span));
            }
        }
    }
    rule.diagnostics.append(&mut unmapped);
    let found = class::most_special(found);
    let Some(body) = &rule.body else { return found };
    let vendor = rule.vendor.name();
    let refined = demands(body).iter().flat_map(|demands| refine(&found, demands, vendor, mappings)).collect();
    class::most_special(refined)
}

fn refine(
    classes: &[&'static EventClass],
    demands: &Demands,
    vendor: &str,
    mappings: &Mappings,
) -> Vec<&'static EventClass> {
    let canonical = demands.iter().filter_map(|(field, values)| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        mappings.field(vendor, classes, field).map(|field| (field.into_owned(), values))
    });
    let canonical: Vec<(String, Vec<&str>)> = canonical.collect();
    let conditions: Vec<class::Condition<'_>> =
        canonical.iter().map(|(field, values)| (field.as_str(), values.as_slice())).collect();
    class::refine(classes, &conditions)
}

/// Gives each predicate its canonical field.
pub fn fields(rule: &mut Rule, classes: &[&EventClass], predicates: &mut [Predicate], mappings: &Mappings) {
    let vendor = rule.vendor.name();
    let mut unmapped = BTreeSet::new();
    for predicate in predicates {
        match mappings.field(vendor, classes, &predicate.vendor_field) {
            Some(canonical) => predicate.field = canonical.into_owned(),
            // The text of the event as a whole is no field.
            None if predicate.vendor_field == "*" => {}
            None => {
                if unmapped.insert(predicate.vendor_field.clone()) {
                    let message = format!("`{}` has no canonical field", predicate.vendor_field);
                    rule.diagnostics.push(Diagnostic::note(codes::UNMAPPED_FIELD, message).at(predicate.span));
                }
            }
        }
    }
}
