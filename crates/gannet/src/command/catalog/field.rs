//! `gannet catalog field`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{Polarity, export, tables};
use clap::Args;
use serde_json::json;

/// One field: the values that rules look for in it and exclude
#[derive(Args, Debug)]
pub struct Field {
    /// The canonical field, or a vendor's name of it
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Field {
    pub fn run(self) -> Exit {
        self.rules.each(|loaded, rules| {
            let canonical = rules
                .iter()
                .flat_map(|facts| &facts.predicates)
                .find(|test| test.field == self.name || test.vendor_field.eq_ignore_ascii_case(&self.name));
            let Some(field) = canonical.map(|test| test.field.clone()) else {
                return output::usage_error(&format!("no rule tests a field `{}`", self.name));
            };
            let rows = |polarity| {
                let mut rows = tables::indicators(&loaded.corpus, rules, polarity);
                rows.retain(|row| row.field == field);
                rows
            };
            let (included, excluded) = (rows(Polarity::Include), rows(Polarity::Exclude));
            let mut sheet = output::catalog::indicators(&included);
            sheet.rows.extend(output::catalog::indicators(&excluded).rows.into_iter().map(|mut row| {
                row[1] = format!("not {}", row[1]);
                row
            }));
            self.printing.sheet(&sheet, || {
                json!({
                    "field": field,
                    "indicators": included.iter().map(export::indicator).collect::<Vec<_>>(),
                    "exclusions": excluded.iter().map(export::indicator).collect::<Vec<_>>(),
                })
            })
        })
    }
}
