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

/// Batches are large and live shortly. The system's allocator gives their memory back to the kernel each time, which
/// costs more than some of the work on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::Cli::parse().command.run().into()
}
