//! The first page: techniques as the columns of the matrix.

use super::{file_name, full_name};
use crate::RuleFacts;
use askama::Template;
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Template)]
#[template(path = "index.html")]
struct Page {
    rules: usize,
    vendors: Vec<(&'static str, usize)>,
    tactics: Vec<Column>,
    /// Techniques that are in no column: of other matrices, or no longer current.
    others: Vec<Cell>,
}

struct Column {
    name: &'static str,
    cells: Vec<Cell>,
}

struct Cell {
    id: String,
    name: String,
    file: String,
    /// Rules for the technique and those below it.
    rules: usize,
    /// From 0 to 4, by the number of rules.
    heat: usize,
    vendors: String,
    below: Vec<Cell>,
}

pub fn page(rules: &[&RuleFacts], techniques: &BTreeSet<String>) -> Result<String, askama::Error> {
    let counts = Counts::of(rules, techniques);
    let parents: Vec<&String> = techniques.iter().filter(|id| !is_below(id)).collect();
    let mut placed = BTreeSet::new();
    let mut columns = Vec::new();
    for tactic in schema::attack::tactics() {
        let of_tactic = parents.iter().filter(|id| {
            schema::attack::technique(id).is_some_and(|technique| technique.tactics.contains(&tactic.shortname))
        });
        let mut cells: Vec<Cell> = of_tactic.map(|id| counts.cell(id)).collect();
        cells.sort_by(|a, b| b.rules.cmp(&a.rules).then_with(|| a.name.cmp(&b.name)));
        placed.extend(cells.iter().map(|cell| cell.id.clone()));
        if !cells.is_empty() {
            columns.push(Column { name: tactic.name, cells });
        }
    }
    let others = parents.iter().filter(|id| !placed.contains(id.as_str())).map(|id| counts.cell(id)).collect();
    let vendors = counts.vendors.iter().map(|(vendor, rules)| (vendor.name(), *rules)).collect();
    Page { rules: rules.len(), vendors, tactics: columns, others }.render()
}

fn is_below(id: &str) -> bool {
    id.strip_prefix("AML.").unwrap_or(id).contains('.')
}

/// Rules of each technique, counted once where a rule names a technique and a part of it.
struct Counts<'t> {
    techniques: &'t BTreeSet<String>,
    by_technique: BTreeMap<&'t str, BTreeMap<Vendor, usize>>,
    vendors: BTreeMap<Vendor, usize>,
}

impl<'t> Counts<'t> {
    fn of(rules: &[&'t RuleFacts], techniques: &'t BTreeSet<String>) -> Self {
        let mut counts = Counts { techniques, by_technique: BTreeMap::new(), vendors: BTreeMap::new() };
        for facts in rules {
            *counts.vendors.entry(facts.rule.vendor).or_default() += 1;
            let named = facts.technique_ids().into_iter();
            let ids: BTreeSet<&str> =
                named.flat_map(|id| [Some(id), id.rsplit_once('.').map(|(parent, _)| parent)]).flatten().collect();
            for id in ids {
                *counts.by_technique.entry(id).or_default().entry(facts.rule.vendor).or_default() += 1;
            }
        }
        counts
    }

    fn cell(&self, id: &str) -> Cell {
        let of_vendors = self.by_technique.get(id);
        let rules = of_vendors.map_or(0, |vendors| vendors.values().sum());
        let vendors = of_vendors.into_iter().flatten().map(|(vendor, rules)| format!("{vendor} {rules}"));
        let prefix = format!("{id}.");
        let below = self.techniques.iter().filter(|other| other.starts_with(&prefix) && id != "AML");
        Cell {
            name: schema::attack::technique(id).map_or_else(|| full_name(id), |technique| technique.name.to_owned()),
            file: file_name(id),
            rules,
            heat: heat(rules),
            vendors: vendors.collect::<Vec<_>>().join(", "),
            below: below.map(|other| self.cell(other)).collect(),
            id: id.to_owned(),
        }
    }
}

/// Steps of a scale that looks even for counts from one to a thousand.
fn heat(rules: usize) -> usize {
    match rules {
        0 => 0,
        1..=4 => 1,
        5..=24 => 2,
        25..=99 => 3,
        _ => 4,
    }
}
