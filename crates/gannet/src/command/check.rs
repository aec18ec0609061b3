//! `gannet check`

use crate::corpus::{self, Loaded, Mapping};
use crate::{command::hunt::broken_output, exit::Exit, output};
use catalog::export;
use clap::{Args, ValueEnum, ValueHint};
use ir::{Level, State};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

const EXAMPLES: &str = "\
Examples:
  gannet check my-rules/                       what is wrong with each rule
  gannet check --format junit rules/ > r.xml   for a build server";

/// Check rules: does each parse, is it understood, can it run, and why not
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// Directories, files, or git URLs
    #[arg(required = true, value_name = "RULES", value_hint = ValueHint::AnyPath)]
    rules: Vec<String>,

    #[command(flatten)]
    mapping: Mapping,

    /// How the result looks
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,

    /// Show notes too, not only what refuses a rule or loses something
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Each problem drawn under the offending text, then the counts
    Table,
    /// Every rule with its state and diagnostics, then the counts
    Json,
    /// For build servers: a refused rule is a failure
    Junit,
}

/// The states of one vendor's rules.
#[derive(Default)]
struct Tally {
    total: usize,
    runs: usize,
    runs_with_loss: usize,
    /// By the code of the first refusal.
    refused: BTreeMap<&'static str, usize>,
}

impl Check {
    pub fn run(self) -> Exit {
        let loaded = match corpus::load(&self.rules, &catalog::Selection::default(), &self.mapping) {
            Ok(loaded) => loaded,
            Err(error) => return output::usage_error(&error),
        };
        let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
        let written = match self.format {
            Format::Table => self.table(&loaded, &mut out),
            Format::Json => writeln!(out, "{:#}", json(&loaded)),
            Format::Junit => junit(&loaded, &mut out),
        };
        if let Err(error) = written.and_then(|()| out.flush()) {
            return broken_output(&error);
        }
        let refused = loaded.corpus.rules().iter().any(|facts| facts.rule.state() == State::Refused);
        match (loaded.errors.is_empty(), refused) {
            (false, _) => Exit::Input,
            (true, true) => Exit::Usage,
            (true, false) => Exit::Clean,
        }
    }

    fn table(&self, loaded: &Loaded, out: &mut dyn Write) -> io::Result<()> {
        for facts in loaded.corpus.rules() {
            for problem in &facts.rule.diagnostics {
                if self.verbose || problem.level != Level::Note {
                    let (path, text) = loaded.place(facts, problem);
                    writeln!(out, "{}\n", output::diagnostic::draw(problem, path, text, true))?;
                }
            }
        }
        for (vendor, tally) in tallies(loaded) {
            writeln!(out, "{vendor}: {}", summary(&tally))?;
        }
        if loaded.others > 0 {
            writeln!(out, "{} files hold no rules", loaded.others)?;
        }
        loaded.errors.iter().try_for_each(|error| writeln!(out, "not read: {error}"))
    }
}

fn tallies(loaded: &Loaded) -> BTreeMap<&'static str, Tally> {
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for facts in loaded.corpus.rules() {
        let tally = tallies.entry(facts.rule.vendor.name()).or_default();
        tally.total += 1;
        match facts.rule.state() {
            State::Runs => tally.runs += 1,
            State::RunsWithLoss => tally.runs_with_loss += 1,
            State::Refused => {
                let refusal = facts.rule.diagnostics.iter().find(|problem| problem.level == Level::Refusal);
                *tally.refused.entry(refusal.map_or("", |problem| problem.code.0)).or_default() += 1;
            }
        }
    }
    tallies
}

fn summary(tally: &Tally) -> String {
    let mut line = format!("{} rules, {} run, {} with loss", tally.total, tally.runs, tally.runs_with_loss);
    for (code, rules) in &tally.refused {
        line.push_str(&format!(", {rules} refused ({code})"));
    }
    line
}

/// The contract of `--format json`.
fn json(loaded: &Loaded) -> Value {
    let rules = loaded.corpus.rules().iter().map(|facts| {
        json!({
            "vendor": facts.rule.vendor.name(),
            "id": facts.rule.id,
            "path": facts.path,
            "language": facts.rule.language,
            "state": facts.rule.state().name(),
            "diagnostics": facts.diagnostics().map(|(problem, at)| export::diagnostic(problem, at)).collect::<Vec<_>>(),
        })
    });
    let summary: BTreeMap<&str, Value> = tallies(loaded)
        .into_iter()
        .map(|(vendor, tally)| {
            let counts = json!({
                "total": tally.total,
                "runs": tally.runs,
                "runs_with_loss": tally.runs_with_loss,
                "refused": tally.refused,
            });
            (vendor, counts)
        })
        .collect();
    json!({
        "rules": rules.collect::<Vec<_>>(),
        "summary": summary,
        "files_without_rules": loaded.others,
        "errors": loaded.errors,
    })
}

/// One test case for each rule; JUnit's XML as build servers read it.
fn junit(loaded: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    let rules = loaded.corpus.rules();
    let failures = rules.iter().filter(|facts| facts.rule.state() == State::Refused).count();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuite name="gannet check" tests="{}" failures="{failures}">"#, rules.len())?;
    for facts in rules {
        let (name, class) = (escaped(&facts.rule.title), escaped(&facts.path));
        writeln!(out, r#"  <testcase classname="{class}" name="{name}">"#)?;
        for (problem, at) in facts.diagnostics().filter(|(problem, _)| problem.level == Level::Refusal) {
            let place = at.map_or(String::new(), |at| format!(" at {at}"));
            let message = escaped(&format!("{}: {}{place}", problem.code, problem.message));
            writeln!(out, r#"    <failure type="{}" message="{message}"/>"#, problem.code)?;
        }
        writeln!(out, "  </testcase>")?;
    }
    writeln!(out, "</testsuite>")
}

/// Text inside an XML attribute; characters that XML cannot hold are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
