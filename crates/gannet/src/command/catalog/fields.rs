//! `gannet catalog fields`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{export, tables};
use clap::Args;
use serde_json::json;

/// Fields with the number of rules that test them, and how
#[derive(Args, Debug)]
pub struct Fields {
    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Fields {
    pub fn run(self) -> Exit {
        self.rules.each(|_, rules| {
            let rows = tables::fields(rules);
            self.printing.sheet(
                &output::catalog::fields(&rows),
                || json!({"fields": rows.iter().map(export::field).collect::<Vec<_>>()}),
            )
        })
    }
}
