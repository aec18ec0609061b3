//! `gannet catalog events`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{export, tables};
use clap::Args;
use serde_json::json;

/// Event classes with the number of rules that read them
#[derive(Args, Debug)]
pub struct Events {
    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Events {
    pub fn run(self) -> Exit {
        self.rules.each(|_, rules| {
            let rows = tables::events(rules);
            self.printing.sheet(
                &output::catalog::events(&rows),
                || json!({"events": rows.iter().map(export::event).collect::<Vec<_>>()}),
            )
        })
    }
}
