//! `gannet schema`: one file for each of its subcommands.

mod events;
mod fields;
mod mappings;
mod unmapped;

use crate::exit::Exit;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  gannet schema fields dns.question                what events may hold
  gannet schema mappings --vendor sigma Image      what a vendor's field is canonically
  gannet schema mappings --log-sources --vendor kusto SigninLogs
  gannet schema unmapped --rules sigma/ --mappings mine.csv";

/// See the vocabulary of events: fields, event classes, and what vendors call them
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Schema {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Fields(fields::Fields),
    Events(events::Events),
    Mappings(mappings::List),
    Unmapped(unmapped::Unmapped),
}

impl Schema {
    pub fn run(self) -> Exit {
        match self.command {
            Command::Fields(fields) => fields.run(),
            Command::Events(events) => events.run(),
            Command::Mappings(list) => list.run(),
            Command::Unmapped(unmapped) => unmapped.run(),
        }
    }
}

/// Which names are shown.
#[derive(Args, Debug)]
struct Pattern {
    /// Only names with this in them, in any case; with `*` in it, names that fit it as a whole
    #[arg(value_name = "PATTERN")]
    pattern: Option<String>,
}

impl Pattern {
    fn fits(&self, name: &str) -> bool {
        let Some(pattern) = self.pattern.as_ref().map(|pattern| pattern.to_lowercase()) else { return true };
        if pattern.contains('*') {
            schema::wildcard_matches(&pattern, &name.to_lowercase())
        } else {
            name.to_lowercase().contains(&pattern)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_are_parts_of_names_or_wildcards_over_all_of_them() {
        for (pattern, name, fits) in [
            (None, "dns.id", true),
            (Some("dns"), "network_traffic.DNS.id", true),
            (Some("dns.*"), "dns.id", true),
            (Some("dns.*"), "suricata.dns.id", false),
            (Some("*.ID"), "dns.id", true),
            (Some("x"), "dns.id", false),
        ] {
            assert_eq!(Pattern { pattern: pattern.map(str::to_owned) }.fits(name), fits, "{pattern:?} {name}");
        }
    }
}
