//! `gannet completions`

use crate::{cli::Cli, exit::Exit};
use clap::{Args, CommandFactory};

/// Print the completion script of a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  gannet completions bash > /etc/bash_completion.d/gannet")]
pub struct Completions {
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(self) -> Exit {
        clap_complete::generate(self.shell, &mut Cli::command(), "gannet", &mut std::io::stdout());
        Exit::Clean
    }
}
