//! `gannet catalog html`

use crate::{corpus::Rules, exit::Exit, output};
use catalog::site;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Write the catalog as a static site: the ATT&CK matrix, a page for each technique, a search
#[derive(Args, Debug)]
pub struct Html {
    /// The folder to write into; opening its index.html needs no server and no network
    #[arg(short, long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    output: PathBuf,

    #[command(flatten)]
    rules: Rules,
}

impl Html {
    pub fn run(self) -> Exit {
        self.rules.each(|loaded, _| {
            match site::write(&loaded.corpus, &self.rules.selection.catalog(), &loaded.texts, &self.output) {
                Ok(pages) => {
                    anstream::eprintln!("{pages} techniques: {}", self.output.join("index.html").display());
                    Exit::Clean
                }
                Err(error) => output::usage_error(&format!("{}: {error}", self.output.display())),
            }
        })
    }
}
