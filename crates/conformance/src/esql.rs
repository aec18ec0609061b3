//! Elastic's csv-spec cases for ES|QL.

use crate::{
    cell::Cell,
    datasets::{self, Datasets},
    ledger::{Ledger, Outcome},
    spec::{self, Case, Expected},
    warnings,
};
use engine::session::{Answer, Session, Settings};
use regex::Regex;
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// Cases that are not run, each with its reason.
const SKIPS: &str = include_str!("../skips.toml");

/// Runs every `*.csv-spec` file of a folder.
///
/// # Errors
/// The folder cannot be read, or a file in it is not of the form.
pub fn run(folder: &Path) -> Result<Ledger, String> {
    let skips: toml::Table = SKIPS.parse().map_err(|error| format!("skips.toml: {error}"))?;
    let datasets = Datasets::load(folder)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
    let session = Session::new(&Settings { now, ..Settings::default() }).map_err(|error| error.to_string())?;
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv-spec"));
    files.sort();
    let mut ledger = Ledger::default();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for case in spec::parse(&text).map_err(|error| format!("{}: {error}", file.display()))? {
            let name = format!("{stem}.{}", case.name);
            let reason = skips.get("esql").and_then(|esql| esql.get(&name)).and_then(toml::Value::as_str);
            let outcome = match reason.map(str::to_string).or_else(|| cannot_run(&case, &datasets)) {
                Some(reason) => Outcome::Skipped(reason),
                None => match catch_unwind(AssertUnwindSafe(|| check(&case, &session, &datasets))) {
                    Ok(Ok(())) => Outcome::Passed,
                    Ok(Err(problem)) => Outcome::Failed(problem),
                    Err(_) => Outcome::Failed("panicked".to_string()),
                },
            };
            ledger.add(name, outcome);
        }
    }
    Ok(ledger)
}

/// Why a case cannot be run at all: the suite disables it, or its data is not in the folder.
fn cannot_run(case: &Case, datasets: &Datasets) -> Option<String> {
    if case.name.ends_with("-Ignore") {
        return Some("disabled in the suite itself".to_string());
    }
    let words: Vec<&str> = case.query.split([' ', ',', '\n', '\t']).collect();
    let is_read = |name: &&String| words.iter().any(|word| word.trim_end_matches('*') == name.trim_end_matches('*'));
    let missing = datasets.missing.iter().find(is_read);
    missing.map(|name| format!("the data set `{name}` is not in the folder"))
}

fn check(case: &Case, session: &Session, datasets: &Datasets) -> Result<(), String> {
    let told = |problems: Vec<ir::Diagnostic>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let pipeline = lang::esql::compile(&case.query, &lang::esql::Params::none()).map_err(told)?;
    let answer = session.query(&pipeline, &case.query, &datasets.tables).map_err(told)?;
    check_columns(case, &answer)?;
    check_rows(case, &answer)?;
    check_warnings(case, &answer)
}

fn check_columns(case: &Case, answer: &Answer) -> Result<(), String> {
    let found: Vec<String> = answer.fields.iter().map(|field| format!("{}:{}", field.name, field.ty)).collect();
    let mut expected = Vec::with_capacity(case.columns.len());
    for (name, ty) in &case.columns {
        let ty = datasets::canonical(ty).ok_or_else(|| format!("the expected type `{ty}` is unknown"))?;
        expected.push(format!("{name}:{ty}"));
    }
    if found == expected {
        return Ok(());
    }
    Err(format!("columns are {found:?}, expected {expected:?}"))
}

fn check_rows(case: &Case, answer: &Answer) -> Result<(), String> {
    let mut found = Vec::new();
    for batch in &answer.batches {
        for row in 0..batch.num_rows() {
            let cells =
                batch.columns().iter().zip(&answer.fields).map(|(column, field)| Cell::of(column, field.ty, row));
            found.push(cells.collect::<Vec<_>>());
        }
    }
    let mut expected = Vec::with_capacity(case.rows.len());
    for row in &case.rows {
        if row.len() != answer.fields.len() {
            return Err(format!("an expected row has {} cells", row.len()));
        }
        let cells = row.iter().zip(&answer.fields).map(|(text, field)| Cell::parse(text, field.ty));
        expected.push(cells.collect::<Result<Vec<_>, _>>()?);
    }
    if found.len() != expected.len() {
        let first: Vec<String> = found.iter().take(3).map(|row| shown(row)).collect();
        return Err(format!("{} rows, expected {}; the first: {first:?}", found.len(), expected.len()));
    }
    let any_order = case.ignore_value_order;
    let same = |a: &[Cell], b: &[Cell]| a.iter().zip(b).all(|(a, b)| a.same(b, any_order));
    for (at, row) in expected.iter().enumerate() {
        if case.ignore_order {
            let position = found.iter().position(|other| same(row, other));
            found.swap_remove(position.ok_or_else(|| format!("no row is {}", shown(row)))?);
        } else if let Some(other) = found.get(at).filter(|other| !same(row, other)) {
            return Err(format!("row {} is {}, expected {}", at + 1, shown(other), shown(row)));
        }
    }
    Ok(())
}

fn shown(row: &[Cell]) -> String {
    row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

/// All expected warnings and no others.
fn check_warnings(case: &Case, answer: &Answer) -> Result<(), String> {
    let found = warnings::rendered(&case.query, &answer.warnings, &answer.diagnostics);
    /// An expected warning and the test that a given one is it.
    type Test = (String, Box<dyn Fn(&str) -> bool>);
    let mut tests: Vec<Test> = Vec::new();
    for expected in &case.warnings {
        match expected {
            Expected::Text(text) => {
                // Some files leave out the place of the warning.
                let text = text.clone();
                tests.push((text.clone(), Box::new(move |line| line.ends_with(&text))));
            }
            Expected::Regex(pattern) => {
                let regex = Regex::new(pattern).map_err(|error| error.to_string())?;
                tests.push((pattern.clone(), Box::new(move |line| regex.is_match(line))));
            }
        }
    }
    if let Some((missing, _)) = tests.iter().find(|(_, test)| !found.iter().any(|line| test(line))) {
        return Err(format!("missing warning `{missing}` among {found:?}"));
    }
    // The older files leave out the warnings of tests on several values.
    let several = "single-value function encountered multi-value";
    if tests.is_empty() && answer.warnings.iter().all(|warning| warning.reason.to_string() == several) {
        return Ok(());
    }
    match found.iter().find(|line| !tests.iter().any(|(_, test)| test(line))) {
        Some(extra) => Err(format!("unexpected warning `{extra}`")),
        None => Ok(()),
    }
}
