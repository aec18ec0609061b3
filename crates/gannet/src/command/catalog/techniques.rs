//! `gannet catalog techniques`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output::catalog::Sheet};
use clap::Args;
use ir::Vendor;
use serde_json::json;
use std::collections::BTreeMap;

/// Techniques with the number of rules that each vendor has
#[derive(Args, Debug)]
pub struct Techniques {
    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Techniques {
    pub fn run(self) -> Exit {
        self.rules.each(|_, rules| {
            let mut counts: BTreeMap<&str, BTreeMap<Vendor, usize>> = BTreeMap::new();
            for facts in rules {
                for id in facts.technique_ids() {
                    *counts.entry(id).or_default().entry(facts.rule.vendor).or_default() += 1;
                }
            }
            let mut rows: Vec<_> =
                counts.iter().map(|(id, vendors)| (*id, vendors.values().sum::<usize>(), vendors)).collect();
            rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            let name = |id: &str| schema::attack::technique(id).map(|technique| technique.name);
            let sheet = Sheet {
                columns: &["technique", "name", "rules", "vendors"],
                rows: rows
                    .iter()
                    .map(|(id, rules, vendors)| {
                        let vendors: Vec<String> = vendors.iter().map(|(vendor, n)| format!("{vendor} {n}")).collect();
                        vec![
                            (*id).to_owned(),
                            name(id).unwrap_or_default().to_owned(),
                            rules.to_string(),
                            vendors.join(", "),
                        ]
                    })
                    .collect(),
            };
            self.printing.sheet(&sheet, || {
                let techniques = rows.iter().map(|(id, rules, vendors)| {
                    let vendors: BTreeMap<&str, usize> =
                        vendors.iter().map(|(vendor, n)| (vendor.name(), *n)).collect();
                    json!({"id": id, "name": name(id), "rules": rules, "vendors": vendors})
                });
                json!({"techniques": techniques.collect::<Vec<_>>()})
            })
        })
    }
}
