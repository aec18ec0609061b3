//! `gannet catalog rule`

use super::{Format, Printing, printed};
use crate::{corpus::Rules, exit::Exit, output};
use catalog::export;
use clap::Args;
use serde_json::json;

/// One rule: what it tests, line by line
#[derive(Args, Debug)]
pub struct Show {
    /// The rule's id, or a part of its title
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    printing: Printing,
}

impl Show {
    pub fn run(self) -> Exit {
        let wanted = self.id.to_lowercase();
        self.rules.each(|loaded, _| {
            let all = loaded.corpus.rules();
            let mut found: Vec<_> = all.iter().filter(|facts| facts.rule.id.eq_ignore_ascii_case(&wanted)).collect();
            if found.is_empty() {
                found = all.iter().filter(|facts| facts.rule.title.to_lowercase().contains(&wanted)).collect();
            }
            if found.is_empty() {
                return output::usage_error(&format!("no rule has the id, or in its title, `{}`", self.id));
            }
            printed(|out| match self.printing.format {
                Format::Json => {
                    writeln!(
                        out,
                        "{:#}",
                        json!({"rules": found.iter().map(|facts| export::rule(facts)).collect::<Vec<_>>()})
                    )
                }
                Format::Csv => {
                    found.iter().try_for_each(|facts| output::catalog::predicates(&facts.predicates).csv(out))
                }
                Format::Table => found.iter().try_for_each(|facts| {
                    let rule = &facts.rule;
                    writeln!(
                        out,
                        "{}  {}\n{}  {}  {}",
                        rule.vendor,
                        rule.title,
                        rule.id,
                        rule.state().name(),
                        facts.path
                    )?;
                    for problem in &rule.diagnostics {
                        let (path, text) = loaded.place(facts, problem);
                        writeln!(out, "{}", output::diagnostic::draw(problem, path, text, true))?;
                    }
                    writeln!(out, "{}", output::catalog::predicates(&facts.predicates).draw(usize::MAX))
                }),
            })
        })
    }
}
