//! The definitions from which parsing, `--help`, completions and manual pages all come.

use crate::{command, exit::Exit};
use clap::{Args, Parser, Subcommand, ValueHint};
use engine::{
    hunt::Period,
    session::{Session, Settings},
};
use ingest::Zone;
use ir::Diagnostic;

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing found
  1  findings
  2  the command line, the query or every rule is wrong
  3  an input could not be read to its end";

/// Runs detection rules of every vendor on the logs you have
#[derive(Debug, Parser)]
#[command(name = "gannet", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Hunt(command::hunt::Hunt),
    Query(command::query::Query),
    Catalog(command::catalog::Catalog),
    Check(command::check::Check),
    Schema(command::schema::Schema),
    Completions(command::completions::Completions),
    Man(command::man::Man),
}

impl Command {
    pub fn run(self) -> Exit {
        match self {
            Command::Hunt(hunt) => hunt.run(),
            Command::Query(query) => query.run(),
            Command::Catalog(catalog) => catalog.run(),
            Command::Check(check) => check.run(),
            Command::Schema(schema) => schema.run(),
            Command::Completions(completions) => completions.run(),
            Command::Man(man) => man.run(),
        }
    }
}

/// How logs are read, for every command that reads some.
#[derive(Args, Debug)]
pub struct Reading {
    /// Take the private section of the public suffix list into account for registered domains
    ///
    /// With it `a.b.github.io` is registered as `b.github.io`, without it as `github.io`.
    #[arg(long, help_heading = "Reading")]
    pub private_suffixes: bool,

    /// Read this column of a CSV or Parquet file as that ECS field; may be repeated
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = column_mapping, help_heading = "Reading")]
    pub columns: Vec<(String, String)>,

    /// Zone of logs that write local time without one, such as `Europe/Berlin` or `+02:00`; UTC where absent
    #[arg(long, value_name = "ZONE", help_heading = "Reading")]
    pub timezone: Option<Zone>,

    /// Only events at or after this time, such as 2026-11-21, 2026-11-21T08:00:00Z or `24h` ago
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Reading")]
    pub since: Option<jiff::Timestamp>,

    /// Only events before this time
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Reading")]
    pub until: Option<jiff::Timestamp>,

    /// Worker threads; one for each core where absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Limits")]
    pub threads: Option<u16>,

    /// Memory for query state in MiB; sorts and joins beyond it go to disk, groups beyond it end the rule
    #[arg(long, value_name = "MIB", default_value_t = 1024, help_heading = "Limits")]
    pub memory: usize,
}

impl Reading {
    pub fn options(&self) -> ingest::Options {
        ingest::Options {
            private_suffixes: self.private_suffixes,
            columns: self.columns.clone(),
            zone: self.timezone.clone().unwrap_or_default(),
        }
    }

    /// The threads, memory and clock of the engine.
    ///
    /// # Errors
    /// The system refuses them.
    pub fn session(&self) -> Result<Session, Diagnostic> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let now = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        Session::new(&Settings {
            memory: self.memory << 20,
            partitions: self.threads.map_or_else(cores, usize::from),
            now,
            spill: None,
        })
    }

    pub fn period(&self) -> Period {
        let millis = |moment: Option<jiff::Timestamp>| moment.map(|moment| moment.as_millisecond());
        Period { since: millis(self.since), until: millis(self.until) }
    }
}

/// The logs to read.
#[derive(Args, Debug)]
pub struct Logs {
    /// Files, directories (read recursively), globs, or - for standard input; compressed ones as they are
    #[arg(value_name = "LOGS", required = true, value_hint = ValueHint::AnyPath)]
    pub logs: Vec<String>,
}

fn column_mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, field)) if !column.is_empty() && !field.is_empty() => Ok((column.into(), field.into())),
        _ => Err("expected COLUMN=FIELD, such as `qname=dns.question.name`".into()),
    }
}

/// A moment: a timestamp, a date (midnight UTC), or a span before now.
fn moment(text: &str) -> Result<jiff::Timestamp, String> {
    if let Ok(timestamp) = text.parse() {
        return Ok(timestamp);
    }
    if let Ok(date) = text.parse::<jiff::civil::DateTime>() {
        return date.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|e| e.to_string());
    }
    let expected = "expected a time such as `2026-11-21T08:00:00Z`, a date, or a span before now such as `24h`";
    let span: jiff::Span = text.parse().map_err(|_| expected.to_string())?;
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    now.checked_sub(span).map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn moments_are_timestamps_dates_and_spans_before_now() {
        assert_eq!(moment("2026-11-21"), moment("2026-11-21T00:00:00Z"));
        assert!(moment("24h").is_ok_and(|moment| moment < jiff::Timestamp::now()));
        assert!(moment("yesterday").is_err());
    }
}
