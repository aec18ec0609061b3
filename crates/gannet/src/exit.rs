//! Exit codes: a contract with scripts.

use std::process::ExitCode;

/// How a command ended. Where several hold, the one that casts most doubt on the result is reported: an input that could
/// not be read makes both findings and their absence incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; a hunt found nothing.
    Clean,
    /// The hunt found something.
    Findings,
    /// The command line, the query or every rule is wrong.
    Usage,
    /// An input could not be read, or not to its end.
    Input,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
        })
    }
}
