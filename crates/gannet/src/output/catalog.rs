//! The catalog for a terminal, and its rows for spreadsheets.

use super::csv;
use super::text::{counted, printable};
use catalog::tables::{Comparison, EventRow, FieldRow, IndicatorRow};
use catalog::{Indicator, Predicate, RuleFacts, TechniquePage, Value};
use comfy_table::{Attribute, Cell, ContentArrangement, LineStyle, Table, presets};
use ir::Vendor;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

/// The longest text of a cell, in characters.
const CELL: usize = 90;

/// Rows under a heading: what the terminal draws as a table and a spreadsheet reads as lines.
pub struct Sheet {
    pub columns: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The first `top` rows as a table, and how many more there are.
    pub fn draw(&self, top: usize) -> String {
        if self.rows.is_empty() {
            return "none\n".to_owned();
        }
        let mut table = Table::new();
        // A line under the heading only: rows are many and short.
        let style = presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─'));
        table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            table.set_width(super::table::WIDTH);
        }
        table.set_header(self.columns.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
        for row in self.rows.iter().take(top) {
            table.add_row(row.iter().map(|cell| Cell::new(shortened(&printable(cell)))));
        }
        let mut out: String = table.lines().map(|line| line + "\n").collect();
        if self.rows.len() > top {
            let _infallible = writeln!(out, "and {} more (--top N shows more)", self.rows.len() - top);
        }
        out
    }

    pub fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv::header(out, self.columns.iter().copied())?;
        self.rows.iter().try_for_each(|row| csv::record(out, row.iter().map(String::as_str)))
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CELL) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Everything about a technique.
pub fn technique(page: &TechniquePage<'_>, top: usize) -> String {
    let known = schema::attack::technique(&page.id);
    let tactics: Vec<&str> =
        known.map_or(&[][..], |known| known.tactics).iter().filter_map(|name| tactic_name(name)).collect();
    let mut out = String::new();
    let name = known.map_or("not a technique of ATT&CK", |known| known.name);
    let _infallible = writeln!(out, "{}  {name}  ({})", page.id, tactics.join(", "));
    let _infallible = writeln!(out, "{}: {}", counted(page.rules.len() as u64, "rule"), counts(&page.vendors));
    for (heading, sheet) in [
        ("Fields filtered most", fields(&page.fields)),
        ("Values looked for", indicators(&page.indicators)),
        ("Exclusions", indicators(&page.exclusions)),
        ("Events covered", events(&page.events)),
        ("Rules", rules(&page.rules)),
    ] {
        let _infallible = writeln!(out, "\n{heading}\n{}", sheet.draw(top));
    }
    for (heading, sheet) in comparison(&page.comparison) {
        if !sheet.rows.is_empty() {
            let _infallible = writeln!(out, "\n{heading}\n{}", sheet.draw(top));
        }
    }
    out
}

fn tactic_name(name: &&str) -> Option<&'static str> {
    schema::attack::tactic(name).map(|tactic| tactic.name)
}

pub fn fields(rows: &[FieldRow]) -> Sheet {
    let row = |row: &FieldRow| {
        let ops: Vec<String> = row.ops.iter().map(|(op, rules)| format!("{} {rules}", op.name())).collect();
        let names: Vec<&str> = row.vendor_fields.keys().map(String::as_str).collect();
        vec![row.field.clone(), row.rules.to_string(), ops.join(", "), names.join(", "), row.samples.join(", ")]
    };
    Sheet {
        columns: &["field", "rules", "operators", "vendors write", "samples"],
        rows: rows.iter().map(row).collect(),
    }
}

pub fn indicators(rows: &[IndicatorRow]) -> Sheet {
    let row = |row: &IndicatorRow| {
        vec![
            row.field.clone(),
            row.op.name().to_owned(),
            row.value.clone(),
            row.rules.to_string(),
            row.corpus.to_string(),
            if row.is_specific() { "specific" } else { "common" }.to_owned(),
            names(&row.vendors),
        ]
    };
    Sheet {
        columns: &["field", "operator", "value", "rules", "corpus", "reach", "vendors"],
        rows: rows.iter().map(row).collect(),
    }
}

pub fn events(rows: &[EventRow]) -> Sheet {
    let row = |row: &EventRow| vec![row.id.to_owned(), row.name.to_owned(), row.rules.to_string(), names(&row.vendors)];
    Sheet { columns: &["event class", "name", "rules", "vendors"], rows: rows.iter().map(row).collect() }
}

pub fn rules(rules: &[&RuleFacts]) -> Sheet {
    let row = |facts: &&RuleFacts| {
        let rule = &facts.rule;
        let techniques: Vec<&str> = rule.techniques.iter().map(|technique| technique.id.as_str()).collect();
        vec![
            rule.vendor.to_string(),
            rule.id.clone(),
            rule.title.clone(),
            rule.language.to_owned(),
            rule.severity.to_string(),
            rule.state().name().to_owned(),
            techniques.join(" "),
            facts.path.clone(),
        ]
    };
    Sheet {
        columns: &["vendor", "id", "title", "language", "severity", "state", "techniques", "path"],
        rows: rules.iter().map(row).collect(),
    }
}

/// The predicates of one rule.
pub fn predicates(predicates: &[Predicate]) -> Sheet {
    let row = |predicate: &Predicate| {
        let value = match &predicate.value {
            Value::None => String::new(),
            Value::One(text) => text.clone(),
            Value::List(elements) => {
                elements.iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let op = match &predicate.via {
            Some(via) => format!("{} of {via}", predicate.op.name()),
            None => predicate.op.name().to_owned(),
        };
        let side = if predicate.polarity == catalog::Polarity::Exclude { "excludes" } else { "" };
        vec![
            predicate.at.to_string(),
            side.to_owned(),
            predicate.field.clone(),
            op,
            value,
            predicate.vendor_field.clone(),
        ]
    };
    Sheet {
        columns: &["line", "", "field", "operator", "value", "vendor writes"],
        rows: predicates.iter().map(row).collect(),
    }
}

/// What vendors have in common, and what sets them apart.
fn comparison(comparison: &Comparison) -> [(&'static str, Sheet); 5] {
    let shared = |rows: &[(Indicator, BTreeSet<Vendor>)]| Sheet {
        columns: &["field", "operator", "value", "vendors"],
        rows: rows.iter().map(|(indicator, vendors)| with(indicator, [names(vendors)])).collect(),
    };
    let uneven = comparison
        .uneven_exclusions
        .iter()
        .map(|row| with(&row.exclusion, [phrase(&row.value), names(&row.excluded_by), names(&row.not_by)]));
    let near = comparison.near_duplicates.iter().map(|pair| {
        let rules = pair.rules.iter().zip(pair.vendors).map(|(id, vendor)| format!("{vendor} {id}"));
        rules.chain([pair.shared.to_string(), format!("{:.0} %", pair.likeness * 100.0)]).collect()
    });
    let unexcluded = comparison.unexcluded.iter().map(|row| {
        let noise: Vec<String> =
            row.noise.iter().take(5).map(|(indicator, rules)| format!("{} ({rules})", indicator.value)).collect();
        vec![row.field.clone(), noise.join(", ")]
    });
    [
        ("Values that several vendors look for", shared(&comparison.shared_values)),
        ("Exclusions that several vendors have", shared(&comparison.shared_exclusions)),
        (
            "Exclusions that one vendor has and another lacks",
            Sheet {
                columns: &["field", "operator", "excluded", "by rules for", "excluded by", "not by"],
                rows: uneven.collect(),
            },
        ),
        (
            "Rules of two vendors that look for much the same",
            Sheet { columns: &["rule", "rule", "shared values", "likeness"], rows: near.collect() },
        ),
        (
            "Fields without an exclusion here, and what rules elsewhere exclude (rules)",
            Sheet { columns: &["field", "excluded elsewhere"], rows: unexcluded.collect() },
        ),
    ]
}

fn with<const N: usize>(indicator: &Indicator, more: [String; N]) -> Vec<String> {
    let mut row = vec![indicator.field.clone(), indicator.op.name().to_owned(), indicator.value.clone()];
    row.extend(more);
    row
}

fn phrase(indicator: &Indicator) -> String {
    format!("{} {} {}", indicator.field, indicator.op.name(), indicator.value)
}

fn names(vendors: &BTreeSet<Vendor>) -> String {
    vendors.iter().map(|vendor| vendor.name()).collect::<Vec<_>>().join(", ")
}

fn counts(vendors: &BTreeMap<Vendor, usize>) -> String {
    vendors.iter().map(|(vendor, rules)| format!("{vendor} {rules}")).collect::<Vec<_>>().join(", ")
}
