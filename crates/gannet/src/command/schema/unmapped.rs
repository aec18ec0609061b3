//! `gannet schema unmapped`

use crate::{command::catalog::Printing, corpus::Rules, exit::Exit, output::catalog::Sheet};
use catalog::tables::{self, Share, UnmappedRow};
use clap::Args;
use ir::Vendor;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Fields and log sources of rules that have no mapping, the most used first
#[derive(Args, Debug)]
pub struct Unmapped {
    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Unmapped {
    pub fn run(self) -> Exit {
        self.rules.each(|loaded, rules| {
            let rows = tables::unmapped(rules, &loaded.mappings);
            let shares = tables::shares(rules, &loaded.mappings);
            for (vendor, Share { tests, mapped }) in &shares {
                anstream::eprintln!("{vendor}: {mapped} of {tests} tests are of fields with a canonical name");
            }
            self.printing.sheet(&sheet(&rows), || json(&rows, &shares))
        })
    }
}

fn sheet(rows: &[UnmappedRow]) -> Sheet {
    let cells = |row: &UnmappedRow| {
        let UnmappedRow { vendor, kind, name, uses, rules, example } = row;
        vec![
            vendor.to_string(),
            kind.name().to_owned(),
            name.clone(),
            uses.to_string(),
            rules.to_string(),
            example.clone(),
        ]
    };
    Sheet {
        columns: &["vendor", "what", "name", "uses", "rules", "for example"],
        rows: rows.iter().map(cells).collect(),
    }
}

fn json(rows: &[UnmappedRow], shares: &BTreeMap<Vendor, Share>) -> Value {
    let row = |row: &UnmappedRow| {
        let UnmappedRow { vendor, kind, name, uses, rules, example } = row;
        let vendor = vendor.name();
        json!({"vendor": vendor, "what": kind.name(), "name": name, "uses": uses, "rules": rules, "example": example})
    };
    let share = |(vendor, share): (&Vendor, &Share)| {
        (vendor.name().to_owned(), json!({"tests": share.tests, "mapped": share.mapped}))
    };
    let summary: serde_json::Map<String, Value> = shares.iter().map(share).collect();
    json!({"unmapped": rows.iter().map(row).collect::<Vec<_>>(), "summary": summary})
}
