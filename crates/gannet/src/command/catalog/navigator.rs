//! `gannet catalog navigator`

use super::printed;
use crate::{corpus::Rules, exit::Exit};
use catalog::export;
use clap::Args;

/// A layer for the ATT&CK Navigator: the number of rules for each technique
#[derive(Args, Debug)]
pub struct Navigator {
    #[command(flatten)]
    rules: Rules,
}

impl Navigator {
    pub fn run(self) -> Exit {
        self.rules.each(|_, rules| printed(|out| writeln!(out, "{:#}", export::layer(rules))))
    }
}
