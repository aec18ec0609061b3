//! `gannet catalog value`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{Polarity, export, tables};
use clap::Args;
use serde_json::json;

/// Search values: which rules look for a text or exclude it
#[derive(Args, Debug)]
pub struct Search {
    /// A part of the value, in letters of any case
    #[arg(value_name = "TEXT")]
    text: String,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Search {
    pub fn run(self) -> Exit {
        let text = self.text.to_lowercase();
        self.rules.each(|loaded, rules| {
            let rows = |polarity| {
                let mut rows = tables::indicators(&loaded.corpus, rules, polarity);
                rows.retain(|row| row.value.to_lowercase().contains(&text));
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
                    "indicators": included.iter().map(export::indicator).collect::<Vec<_>>(),
                    "exclusions": excluded.iter().map(export::indicator).collect::<Vec<_>>(),
                })
            })
        })
    }
}
