//! `gannet hunt`

use crate::{
    cli::{Logs, Reading},
    exit::Exit,
    output::{self, csv, html, json, table},
    progress, report,
    rules::{self, RuleFile},
};
use clap::{Args, ValueEnum, ValueHint};
use engine::{
    finding::Report,
    hunt::HuntRule,
    table::{Events, Tables},
};
use ingest::Opened;
use ir::{Severity, State};
use std::{
    io::{self, Write},
    path::PathBuf,
};

const EXAMPLES: &str = "\
Examples:
  gannet hunt dns.log                          one log, the built-in rules
  gannet hunt /var/log/zeek capture.pcapng     everything below a directory, and a capture
  zstdcat dns.json.zst | gannet hunt -         standard input
  gannet hunt --format json logs/ | jq .       the report for machines
  gannet hunt --rules my-rules/ --since 7d logs/";

/// Find command and control in logs: run rules over them and rank what fired
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Hunt {
    #[command(flatten)]
    logs: Logs,

    /// A rule file or a directory of them, in place of the built-in rules; may be repeated
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = "Rules")]
    rules: Vec<PathBuf>,

    /// Only rules for this ATT&CK technique or its sub-techniques, such as T1071.004
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    technique: Option<String>,

    /// Only rules of at least this severity: low, medium, high or critical
    #[arg(long, value_name = "SEVERITY", help_heading = "Rules")]
    min_severity: Option<Severity>,

    #[command(flatten)]
    reading: Reading,

    /// How the report looks
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,

    /// Show sample events of each finding, and notes on rules that ran
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Ranked findings, what was read, what did not run
    Table,
    /// The whole report as one JSON document
    Json,
    /// One finding a line
    Ndjson,
    /// One finding a line, for spreadsheets
    Csv,
    /// A self-contained page with timelines
    Html,
}

impl Hunt {
    pub fn run(self) -> Exit {
        let files = match self.rule_files() {
            Ok(files) => files,
            Err(exit) => return exit,
        };
        let opened = ingest::open(&self.logs.logs, &self.reading.options());
        let report = match self.hunt(&files, opened) {
            Ok(report) => report,
            Err(error) => return output::usage_error(&error.to_string()),
        };
        let mut out = anstream::AutoStream::auto(io::stdout());
        if let Err(error) = self.print(&report, &files, &mut out).and_then(|()| out.flush()) {
            return broken_output(&error);
        }
        exit(&report)
    }

    /// The rules that the user asked for.
    fn rule_files(&self) -> Result<Vec<RuleFile>, Exit> {
        let mut files = Vec::new();
        if self.rules.is_empty() {
            files = rules::built_in();
        }
        for path in &self.rules {
            match rules::load(path) {
                Ok(found) => files.extend(found),
                Err(errors) => return Err(output::usage_error(&errors.join("\n"))),
            }
        }
        files.retain(|file| rules::wanted(&file.rule, self.technique.as_deref(), self.min_severity));
        if files.is_empty() {
            return Err(output::usage_error("no rule is of that technique and severity"));
        }
        Ok(files)
    }

    fn hunt(&self, files: &[RuleFile], opened: Opened) -> Result<Report, ir::Diagnostic> {
        let session = self.reading.session()?;
        let tables = Tables { events: Some(Events::new(opened.inputs)), ..Tables::default() };
        let rules: Vec<HuntRule<'_>> =
            files.iter().map(|file| HuntRule { rule: &file.rule, text: &file.text }).collect();
        let (findings, rules) =
            progress::over(&tables, || engine::hunt::hunt(&session, &tables, &rules, self.reading.period()));
        Ok(Report { findings, rules, inputs: report::inputs(&tables, opened.errors, &self.logs.logs) })
    }

    fn print(&self, report: &Report, files: &[RuleFile], out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::Table => out.write_all(table::report(report, files, self.verbose).as_bytes()),
            Format::Json => writeln!(out, "{:#}", json::report(report)),
            Format::Ndjson => {
                report.findings.iter().try_for_each(|finding| writeln!(out, "{}", json::finding(finding)))?;
                self.remarks(report, files)
            }
            Format::Csv => {
                csv::findings(&report.findings, out)?;
                self.remarks(report, files)
            }
            Format::Html => {
                out.write_all(html::page(report).map_err(io::Error::other)?.as_bytes())?;
                self.remarks(report, files)
            }
        }
    }

    /// What was read and what did not run, on standard error, for forms that have no place for it.
    fn remarks(&self, report: &Report, files: &[RuleFile]) -> io::Result<()> {
        let mut err = anstream::stderr();
        err.write_all(table::inputs(&report.inputs).as_bytes())?;
        err.write_all(table::rules(&report.rules, files, self.verbose).as_bytes())
    }
}

/// A reader that closes its end early has seen enough; anything else is an error.
pub fn broken_output(error: &io::Error) -> Exit {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Exit::Clean,
        _ => output::usage_error(&format!("cannot write the output: {error}")),
    }
}

fn exit(report: &Report) -> Exit {
    if report.rules.iter().all(|rule| rule.state == State::Refused) {
        Exit::Usage
    } else if report.inputs.iter().any(|input| input.error.is_some()) {
        Exit::Input
    } else if report.findings.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    }
}
