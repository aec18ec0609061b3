//! Which fields are filtered, and how.

use crate::{Operator, RuleFacts, Value};
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many values of a field are shown.
const SAMPLES: usize = 5;

/// One canonical field, all spellings of the vendors in one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldRow {
    pub field: String,
    /// Rules that test the field.
    pub rules: usize,
    /// Rules that test it so.
    pub ops: BTreeMap<Operator, usize>,
    /// Rules that spell it so.
    pub vendor_fields: BTreeMap<String, usize>,
    pub vendors: BTreeMap<Vendor, usize>,
    /// The values that most rules have.
    pub samples: Vec<String>,
}

/// The fields that rules test, those of most rules first.
pub fn fields(rules: &[&RuleFacts]) -> Vec<FieldRow> {
    let mut rows: HashMap<&str, (FieldRow, BTreeMap<&str, usize>)> = HashMap::new();
    for facts in rules {
        let of_rule: BTreeSet<&str> = facts.predicates.iter().map(|predicate| predicate.field.as_str()).collect();
        for field in of_rule {
            let (row, values) = rows.entry(field).or_default();
            add(row, values, facts, field);
        }
    }
    let mut rows: Vec<FieldRow> = rows.into_values().map(|(row, values)| with_samples(row, values)).collect();
    rows.sort_by(|a, b| b.rules.cmp(&a.rules).then_with(|| a.field.cmp(&b.field)));
    rows
}

fn add<'a>(row: &mut FieldRow, values: &mut BTreeMap<&'a str, usize>, facts: &'a RuleFacts, field: &str) {
    let of_field = || facts.predicates.iter().filter(|predicate| predicate.field == field);
    row.field = field.to_owned();
    row.rules += 1;
    *row.vendors.entry(facts.rule.vendor).or_default() += 1;
    for op in of_field().map(|predicate| predicate.op).collect::<BTreeSet<_>>() {
        *row.ops.entry(op).or_default() += 1;
    }
    for name in of_field().map(|predicate| predicate.vendor_field.as_str()).collect::<BTreeSet<_>>() {
        *row.vendor_fields.entry(name.to_owned()).or_default() += 1;
    }
    let mut of_rule = BTreeSet::new();
    for predicate in of_field().filter(|predicate| predicate.via.is_none()) {
        match &predicate.value {
            Value::None => {}
            Value::One(text) => _ = of_rule.insert(text.as_str()),
            Value::List(elements) => of_rule.extend(elements.iter().map(|element| element.text.as_str())),
        }
    }
    for value in of_rule {
        *values.entry(value).or_default() += 1;
    }
}

fn with_samples(mut row: FieldRow, values: BTreeMap<&str, usize>) -> FieldRow {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    row.samples = values.into_iter().take(SAMPLES).map(|(value, _)| value.to_owned()).collect();
    row
}
