//! `gannet man`

use crate::{cli::Cli, exit::Exit, output};
use clap::{Args, CommandFactory, ValueHint};
use std::path::PathBuf;

/// Write the manual pages into a directory
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  gannet man /usr/local/share/man/man1")]
pub struct Man {
    #[arg(value_hint = ValueHint::DirPath)]
    directory: PathBuf,
}

impl Man {
    pub fn run(self) -> Exit {
        match clap_mangen::generate_to(Cli::command(), &self.directory) {
            Ok(()) => Exit::Clean,
            Err(error) => output::usage_error(&format!("{}: {error}", self.directory.display())),
        }
    }
}
