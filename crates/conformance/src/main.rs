//! Runs external suites and prints, last, `N passed, N failed, N skipped`.
//!
//! ```text
//! conformance esql DIR [--list]
//! ```
//!
//! `--list` prints each case's result. The exit code is 0 while at least as many cases pass as `floor.toml` says, or none
//! fails.

mod cell;
mod datasets;
mod esql;
mod ledger;
mod spec;
mod warnings;

use std::{path::Path, process::ExitCode};

/// Every suite by name.
/// Runs the cases of a folder.
type Suite = fn(&Path) -> Result<ledger::Ledger, String>;

const SUITES: &[(&str, Suite)] = &[("esql", esql::run)];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().any(|argument| argument == "--list");
    let operands: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let [suite, folder] = operands.as_slice() else {
        eprintln!("usage: conformance SUITE DIR [--list]");
        return ExitCode::from(2);
    };
    let Some((name, run)) = SUITES.iter().find(|(name, _)| name == suite) else {
        eprintln!("no suite `{suite}`; there is: esql");
        return ExitCode::from(2);
    };
    match run(Path::new(folder)) {
        Ok(ledger) => {
            ledger.print(list);
            ExitCode::from(u8::from(!ledger.holds(name)))
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}
