//! `gannet catalog technique`

use super::{Format, Printing, printed};
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{TechniquePage, export};
use clap::Args;

/// Everything that rules for one ATT&CK technique look for
#[derive(Args, Debug)]
pub struct Technique {
    /// The technique's id, such as T1071.004; one without sub-technique stands for all of its own
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Technique {
    pub fn run(self) -> Exit {
        let id = self.id.to_ascii_uppercase();
        if catalog::current(&id) != id {
            anstream::eprintln!(
                "note: ATT&CK has replaced {id} by {}; rules filed under either are shown",
                catalog::current(&id)
            );
        }
        self.rules.each(|loaded, _| {
            let page = TechniquePage::new(&loaded.corpus, &id, &self.rules.selection.catalog());
            printed(|out| match self.printing.format {
                Format::Table => out.write_all(output::catalog::technique(&page, self.printing.top).as_bytes()),
                Format::Json => writeln!(out, "{:#}", export::technique(&page)),
                Format::Csv => output::catalog::indicators(&page.indicators).csv(out),
            })
        })
    }
}
