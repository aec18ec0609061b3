//! `gannet query`

use super::hunt::broken_output;
use crate::{
    cli::Reading,
    exit::Exit,
    lookup,
    output::{diagnostic, help, rows, table, text},
    progress, report,
};
use clap::{Args, ValueEnum, ValueHint};
use engine::{
    finding::InputOutcome,
    session::Answer,
    table::{Events, Tables},
};
use ir::{Diagnostic, Literal};
use lang::dialect::esql::{self, Params};
use std::{
    io::{self, Write},
    path::PathBuf,
};

const EXAMPLES: &str = "\
Examples:
  gannet query 'FROM logs-* | STATS n = COUNT(*) BY dns.question.type | SORT n DESC' dns.log
  gannet query 'FROM logs-*dns* | WHERE LENGTH(dns.question.name) > ?length | LIMIT 10' --param length=60 capture.pcap
  gannet query --lookup hosts=hosts.csv 'FROM logs-* | LOOKUP JOIN hosts ON source.ip' dns.log
  gannet query --help-function SPLIT";

/// Ask an ES|QL question of logs
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Query {
    /// The query
    #[arg(value_name = "ES|QL", required_unless_present = "help_function")]
    query: Option<String>,

    /// Files, directories (read recursively), globs, or - for standard input; compressed ones as they are
    #[arg(value_name = "LOGS", value_hint = ValueHint::AnyPath)]
    logs: Vec<String>,

    /// The value of a query parameter: of `?name`, or of the next `?` where it has no name; may be repeated
    #[arg(long = "param", value_name = "[NAME=]VALUE", help_heading = "Query")]
    params: Vec<String>,

    /// A table for LOOKUP JOIN and ENRICH, from a CSV or Parquet file; may be repeated
    #[arg(long = "lookup", value_name = "NAME=PATH", value_parser = named_path, help_heading = "Query")]
    lookups: Vec<(String, PathBuf)>,

    /// Describe a function; `all` lists them, `reference` prints the whole reference
    #[arg(long, value_name = "NAME", help_heading = "Query")]
    help_function: Option<String>,

    #[command(flatten)]
    reading: Reading,

    /// How the result looks
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    /// One JSON document: columns, rows, warnings
    Json,
    /// One JSON object a row
    Ndjson,
    Csv,
}

impl Query {
    pub fn run(self) -> Exit {
        if let Some(name) = &self.help_function {
            return help::function(name);
        }
        let mut out = anstream::AutoStream::auto(io::stdout());
        match self.answer(&mut out).and_then(|exit| out.flush().map(|()| exit)) {
            Ok(exit) => exit,
            Err(error) => broken_output(&error),
        }
    }

    fn answer(&self, out: &mut dyn Write) -> io::Result<Exit> {
        let source = self.query.as_deref().unwrap_or("");
        let opened = ingest::open(&self.logs, &self.reading.options());
        let answered = self.tables(opened.inputs).and_then(|tables| self.ask(source, &tables).map(|a| (tables, a)));
        let (tables, answer) = match answered {
            Ok(answered) => answered,
            Err(problems) => {
                problems.iter().for_each(|problem| diagnostic::print(problem, "query", source));
                return Ok(Exit::Usage);
            }
        };
        match self.format {
            Format::Table => rows::table(&answer, out)?,
            Format::Json => writeln!(out, "{:#}", rows::json(&answer))?,
            Format::Ndjson => rows::ndjson(&answer, out)?,
            Format::Csv => rows::csv(&answer, out)?,
        }
        let inputs = report::inputs(&tables, opened.errors, &self.logs);
        remarks(&answer, source, &inputs)?;
        let complete = inputs.iter().all(|input| input.error.is_none());
        Ok(if complete { Exit::Clean } else { Exit::Input })
    }

    fn ask(&self, source: &str, tables: &Tables) -> Result<Answer, Vec<Diagnostic>> {
        let pipeline = esql::compile(source, &self.parameters())?;
        let pipeline = self.reading.period().bound(pipeline);
        let session = self.reading.session().map_err(|problem| vec![problem])?;
        progress::over(tables, || session.query(&pipeline, source, tables))
    }

    fn tables(&self, inputs: Vec<ingest::Input>) -> Result<Tables, Vec<Diagnostic>> {
        let mut tables = Tables { events: Some(Events::new(inputs)), ..Tables::default() };
        for (name, path) in &self.lookups {
            let table = lookup::load(path).map_err(|problem| vec![problem])?;
            tables.policies.insert(name.clone(), lookup::policy(table.clone()));
            tables.lookups.insert(name.clone(), table);
        }
        Ok(tables)
    }

    fn parameters(&self) -> Params {
        let mut params = Params::none();
        for param in &self.params {
            match param.split_once('=') {
                Some((name, value)) if is_name(name) => params.set(name, literal(value)),
                _ => params.push(literal(param)),
            }
        }
        params
    }
}

/// Warnings and what was read, on standard error.
fn remarks(answer: &Answer, source: &str, inputs: &[InputOutcome]) -> io::Result<()> {
    answer.diagnostics.iter().for_each(|noted| diagnostic::print(noted, "query", source));
    let mut err = anstream::stderr();
    for warning in &answer.warnings {
        let call = text::printable(&warning.text);
        writeln!(err, "warning: [{call}] became {} in some rows: {}", warning.treated_as, warning.reason)?;
    }
    if inputs.is_empty() { Ok(()) } else { err.write_all(table::inputs(inputs).as_bytes()) }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A number, boolean or null where the text is one, otherwise the string.
fn literal(text: &str) -> Literal {
    match text {
        "null" => Literal::Null,
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        _ => {
            let integer = text.parse().ok().map(Literal::Integer);
            let long = || text.parse().ok().map(Literal::Long);
            let double = || text.parse().ok().map(Literal::Double);
            integer.or_else(long).or_else(double).unwrap_or_else(|| Literal::String(text.to_string()))
        }
    }
}

fn named_path(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok((name.into(), path.into())),
        _ => Err("expected NAME=PATH, such as `hosts=hosts.csv`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_typed_by_their_text() {
        let typed = ["7", "3000000000", "1.5", "true", "null", "1.2.3.4"].map(literal);
        assert_eq!(
            typed,
            [
                Literal::Integer(7),
                Literal::Long(3_000_000_000),
                Literal::Double(1.5),
                Literal::Boolean(true),
                Literal::Null,
                Literal::String("1.2.3.4".to_string()),
            ]
        );
    }
}
