//! The command line. One file for each subcommand, and no logic here: what a command finds out is a value of a library,
//! how it looks is in [`output`].

mod cli;
mod command;
mod corpus;
mod exit;
mod lookup;
mod output;
mod progress;
mod report;
mod rules;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::Cli::parse().command.run().into()
}
