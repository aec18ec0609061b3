//! `gannet catalog`: one file for each of its subcommands.

mod events;
mod field;
mod fields;
mod html;
mod navigator;
mod rule;
mod rules;
mod technique;
mod techniques;
mod value;

use crate::corpus::{self, Loaded, Rules};
use crate::{command::hunt::broken_output, exit::Exit, output, output::catalog::Sheet};
use catalog::RuleFacts;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;
use std::io::{self, Write};

const EXAMPLES: &str = "\
Examples:
  gannet catalog technique T1071.004 --rules sigma/ detection-rules/ security_content/
  gannet catalog value powershell.exe --rules sigma/rules
  gannet catalog fields --rules https://github.com/SigmaHQ/sigma --format csv";

/// See what rules look for: fields, values, exclusions and events, side by side across vendors
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Catalog {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Technique(technique::Technique),
    Techniques(techniques::Techniques),
    Fields(fields::Fields),
    Events(events::Events),
    Rules(rules::List),
    Rule(rule::Show),
    Field(field::Field),
    Value(value::Search),
    Html(html::Html),
    Navigator(navigator::Navigator),
}

impl Catalog {
    pub fn run(self) -> Exit {
        match self.command {
            Command::Technique(technique) => technique.run(),
            Command::Techniques(techniques) => techniques.run(),
            Command::Fields(fields) => fields.run(),
            Command::Events(events) => events.run(),
            Command::Rules(rules) => rules.run(),
            Command::Rule(rule) => rule.run(),
            Command::Field(field) => field.run(),
            Command::Value(value) => value.run(),
            Command::Html(html) => html.run(),
            Command::Navigator(navigator) => navigator.run(),
        }
    }
}

/// How rows are printed.
#[derive(Args, Debug)]
pub struct Printing {
    /// How the result looks
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,

    /// How many rows a table shows
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output")]
    top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading
    Table,
    /// For programs: the contract
    Json,
    /// For spreadsheets
    Csv,
}

impl Printing {
    /// Prints one sheet, or the JSON of the same rows.
    pub fn sheet(&self, sheet: &Sheet, json: impl FnOnce() -> Value) -> Exit {
        printed(|out| match self.format {
            Format::Table => out.write_all(sheet.draw(self.top).as_bytes()),
            Format::Json => writeln!(out, "{:#}", json()),
            Format::Csv => sheet.csv(out),
        })
    }
}

/// Writes to standard output.
fn printed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Exit::Clean,
        Err(error) => broken_output(&error),
    }
}

impl Rules {
    /// Reads the repositories and gives them to `show`; what could not be read is said on standard error.
    pub fn each(&self, show: impl FnOnce(&Loaded, &[&RuleFacts]) -> Exit) -> Exit {
        let selection = self.selection.catalog();
        let loaded = match corpus::load(&self.sources, &selection, &self.mapping) {
            Ok(loaded) => loaded,
            Err(error) => return output::usage_error(&error),
        };
        for error in &loaded.errors {
            anstream::eprintln!("warning: {error}");
        }
        let rules: Vec<&RuleFacts> = loaded.corpus.rules().iter().filter(|facts| selection.includes(facts)).collect();
        let exit = show(&loaded, &rules);
        if exit == Exit::Clean && !loaded.errors.is_empty() { Exit::Input } else { exit }
    }
}
