//! `gannet catalog rules`

use super::Printing;
use crate::{corpus::Rules, exit::Exit, output};
use catalog::{RuleFacts, export};
use clap::Args;
use serde_json::json;

/// List rules, all or those for a technique
#[derive(Args, Debug)]
pub struct List {
    /// Only rules for this ATT&CK technique or its sub-techniques
    #[arg(long, value_name = "ID")]
    technique: Option<String>,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl List {
    pub fn run(self) -> Exit {
        let technique = self.technique.as_ref().map(|id| id.to_ascii_uppercase());
        self.rules.each(|_, rules| {
            let listed: Vec<&RuleFacts> = rules
                .iter()
                .copied()
                .filter(|facts| technique.as_ref().is_none_or(|technique| facts.is_for(technique)))
                .collect();
            self.printing.sheet(
                &output::catalog::rules(&listed),
                || json!({"rules": listed.iter().map(|facts| export::rule(facts)).collect::<Vec<_>>()}),
            )
        })
    }
}
