//! Findings for a terminal: a ranked table, the evidence, what was read, what did not run.

use super::{
    diagnostic,
    text::{self, counted, grouped, printable, short_time},
};
use crate::rules::RuleFile;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Row, Table, presets};
use engine::finding::{Finding, InputOutcome, Report, RuleOutcome};
use ir::{Diagnostic, Level, State};
use std::{collections::BTreeMap, fmt::Write};

/// How much of a finding's values one line of evidence shows, in characters.
const EVIDENCE: usize = 160;

/// Values that rules compute and the table has columns for.
const OWN_COLUMNS: [&str; 2] = ["first_seen", "last_seen"];

/// How wide a table is where there is no terminal to ask, in characters.
pub const WIDTH: u16 = 140;

/// The findings as a table, each with a line of evidence below the table.
pub fn findings(findings: &[Finding], verbose: bool) -> String {
    let mut out = String::new();
    if findings.is_empty() {
        out.push_str("No findings.\n");
        return out;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    table.set_header(["severity", "rule", "who", "what", "events", "first seen", "last seen"].map(heading));
    for finding in findings {
        table.add_row(row(finding));
    }
    for line in table.lines() {
        let _infallible = writeln!(out, "{line}");
    }
    if verbose {
        for finding in findings {
            samples(finding, &mut out);
        }
    }
    out
}

fn heading(name: &str) -> Cell {
    Cell::new(name).add_attribute(Attribute::Bold)
}

fn row(finding: &Finding) -> Row {
    let rule = &finding.rule;
    let color = match text::severity_color(rule.severity) {
        anstyle::AnsiColor::Red => Color::Red,
        anstyle::AnsiColor::Yellow => Color::Yellow,
        _ => Color::Blue,
    };
    let techniques: Vec<&str> = rule.techniques.iter().map(|technique| technique.id.as_str()).collect();
    Row::from(vec![
        Cell::new(format!("{}\n{} confidence", rule.severity, rule.confidence)).fg(color),
        Cell::new(format!("{}\n{}", printable(&rule.title), techniques.join(" "))),
        Cell::new(who(finding)),
        Cell::new(evidence(finding)),
        Cell::new(grouped(finding.events)),
        Cell::new(short_time(finding.first_seen)),
        Cell::new(short_time(finding.last_seen)),
    ])
}

/// The group's values; a rule without groups speaks of all events.
fn who(finding: &Finding) -> String {
    match finding.group.len() {
        0 => "all events".to_string(),
        _ => finding.group.values().map(text::value).collect::<Vec<_>>().join("\n"),
    }
}

/// The rule's other values on one line.
fn evidence(finding: &Finding) -> String {
    let shown = finding.values.iter().filter(|(name, _)| !OWN_COLUMNS.contains(&name.as_str()));
    let values = shown.map(|(name, value)| format!("{name} {}", text::value(value)));
    let line = values.collect::<Vec<_>>().join(" · ");
    match line.char_indices().nth(EVIDENCE) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

fn samples(finding: &Finding, out: &mut String) {
    let _infallible = writeln!(out, "\n{} · {}", printable(&finding.rule.title), who(finding).replace('\n', " "));
    for sample in &finding.samples {
        let _infallible = writeln!(out, "  {}", printable(&sample.to_string()));
    }
}

/// What was read, and what could not be.
pub fn inputs(inputs: &[InputOutcome]) -> String {
    let events: u64 = inputs.iter().map(|input| input.tally.events).sum();
    let first = inputs.iter().filter_map(|input| input.tally.first).min();
    let last = inputs.iter().filter_map(|input| input.tally.last).max();
    let read = inputs.iter().filter(|input| input.source.is_some()).count() as u64;
    let mut out = format!("Read {} from {}", counted(events, "event"), counted(read, "input"));
    if let (Some(first), Some(last)) = (first, last) {
        let _infallible = write!(out, ", {} to {} UTC", short_time(first), short_time(last));
    }
    out.push_str(".\n");
    inputs.iter().for_each(|input| problems(input, &mut out));
    out
}

fn problems(input: &InputOutcome, out: &mut String) {
    let path = printable(&input.path);
    for remark in remarks(input) {
        let _infallible = writeln!(out, "  {path}: {}", printable(&remark));
    }
    for example in &input.tally.examples {
        let (record, reason) = (example.record, printable(&example.reason));
        let _infallible = writeln!(out, "    {path}:{record}: {reason}: {}", printable(&example.excerpt));
    }
}

/// What is to be said of an input beside its events: why it was not read, what was assumed, what is left out.
pub fn remarks(input: &InputOutcome) -> Vec<String> {
    let tally = &input.tally;
    let mut remarks: Vec<String> = input.error.iter().cloned().collect();
    remarks.extend(input.skipped.iter().map(|reason| format!("skipped: {reason}")));
    remarks.extend(input.notes.iter().cloned());
    if tally.unreadable > 0 {
        remarks.push(format!("{} not readable", counted(tally.unreadable, "record")));
    }
    if let Some(field) = &tally.several_values_field {
        let lost = counted(tally.several_values, "value");
        remarks.push(format!("{lost} left out of single-valued fields, the first in `{field}`"));
    }
    if let Some(field) = &tally.unconverted_field {
        let lost = counted(tally.unconverted, "value");
        remarks.push(format!("{lost} not of their field's type, the first in `{field}`"));
    }
    if tally.lossy > 0 {
        remarks.push(format!("{} not wholly UTF-8", counted(tally.lossy, "record")));
    }
    if tally.other > 0 {
        remarks.push(format!("{} without an event", counted(tally.other, "record")));
    }
    remarks
}

/// How many refused rules are explained one by one; of more, only the codes are counted.
const EXPLAINED: u64 = 20;

/// How many rules ran, and why the others did not. `files` are those of the outcomes, in the same order.
pub fn rules(outcomes: &[RuleOutcome], files: &[RuleFile], verbose: bool) -> String {
    let with = |state| outcomes.iter().filter(|outcome| outcome.state == state).count() as u64;
    let (lossy, refused) = (with(State::RunsWithLoss), with(State::Refused));
    let mut out = format!("{} ran", counted(with(State::Runs) + lossy, "rule"));
    if lossy > 0 {
        let _infallible = write!(out, ", {lossy} of them with loss");
    }
    let explained = verbose || refused <= EXPLAINED;
    if refused > 0 {
        let _infallible = write!(out, "; {refused} refused");
    }
    if !explained {
        let _infallible = write!(out, " ({}); -v explains each", codes(outcomes));
    }
    out.push_str(".\n");
    for (outcome, file) in outcomes.iter().zip(files) {
        if outcome.state == State::Refused && !explained {
            continue;
        }
        for problem in outcome.diagnostics.iter().filter(|problem| verbose || problem.level > Level::Note) {
            out.push_str(&drawn(problem, file));
            out.push('\n');
        }
    }
    out
}

/// The first code of each refused rule, with how many rules have it.
fn codes(outcomes: &[RuleOutcome]) -> String {
    let mut counts = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.state == State::Refused) {
        let refusal = outcome.diagnostics.iter().find(|problem| problem.level == Level::Refusal);
        *counts.entry(refusal.map_or("no code", |problem| problem.code.0)).or_insert(0) += 1;
    }
    counts.iter().map(|(code, rules)| format!("{code} {rules}")).collect::<Vec<_>>().join(", ")
}

/// A problem under the rule's text, or in one line where it stands in another file than the rule's own.
fn drawn(problem: &Diagnostic, file: &RuleFile) -> String {
    match problem.span {
        Some(span) if span.file > 0 => format!("{}: {problem}", file.path),
        _ => diagnostic::draw(problem, &file.path, &file.text, true),
    }
}

/// All that a hunt has to say.
pub fn report(report: &Report, files: &[RuleFile], verbose: bool) -> String {
    let mut out = findings(&report.findings, verbose);
    out.push('\n');
    out.push_str(&inputs(&report.inputs));
    out.push_str(&rules(&report.rules, files, verbose));
    out
}
