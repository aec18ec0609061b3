//! Real queries through every stage. The rates may only rise.

use ir::{Body, ExprKind, Level, Pipeline, StageKind, State, codes};
use lang::envelope::elastic;
use lang::esql::{self, Params};
use std::path::{Path, PathBuf};

/// Other people's data, outside the repository; `None` where it is absent, with a notice.
fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GANNET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent; GANNET_SHARED names the folder it is in", path.display());
    None
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The cases of a csv-spec file, as name and query.
fn cases(text: &str) -> Vec<(String, String)> {
    let mut cases = Vec::new();
    let mut lines = text.lines().filter(|line| !line.starts_with("//") && !line.starts_with('#'));
    while let Some(name) = lines.by_ref().map(str::trim).find(|line| !line.is_empty()) {
        let is_directive = |line: &str| {
            let word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            line.split_once(':').is_some_and(|(before, _)| word(before))
        };
        let mut query = String::new();
        for line in lines.by_ref() {
            if query.is_empty() && is_directive(line) {
                continue;
            }
            let line = line.trim_end();
            let last = line.ends_with(';') && !line.ends_with("\\;");
            query.push_str(if last { &line[..line.len() - 1] } else { line });
            query.push('\n');
            if last {
                break;
            }
        }
        cases.push((name.to_owned(), query.replace("\\;", ";")));
        lines.by_ref().find(|line| line.trim() == ";");
    }
    cases
}

/// The query without places, which is what printing must keep.
fn shape(query: &esql::ast::Query) -> String {
    let text = format!("{query:#?}");
    text.lines().filter(|line| !line.contains("start: ") && !line.contains("end: ")).collect::<Vec<_>>().join("\n")
}

fn round_trip(query: &str) -> Result<(), String> {
    let first = esql::parse(query).map_err(|errors| format!("{}", errors[0]))?;
    let printed = esql::print(&first);
    let second = esql::parse(&printed).map_err(|errors| format!("printed: {}\n{printed}", errors[0]))?;
    if shape(&first) == shape(&second) { Ok(()) } else { Err(format!("changed by printing:\n{printed}")) }
}

#[test]
fn every_case_of_the_specification_parses_and_lowers() {
    let Some(folder) = shared("spec/esql") else { return };
    let mut failures = Vec::new();
    let mut total = 0;
    for file in files(&folder, "csv-spec") {
        for (name, query) in cases(&std::fs::read_to_string(&file).unwrap()) {
            // Disabled upstream; the one there is lacks its end.
            if name.ends_with("-Ignore") {
                continue;
            }
            total += 1;
            let at = format!("{}:{name}", file.file_stem().unwrap().display());
            if let Err(errors) = esql::compile(&query, &Params::none()) {
                let span = errors[0].span.map_or("", |span| span.of(&query));
                failures.push(format!("{at}: {} at `{span}`", errors[0]));
            }
            if let Err(error) = round_trip(&query) {
                failures.push(format!("{at}: {error}"));
            }
        }
    }
    println!("{} of {total} cases", total - failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(total >= 532, "{total} cases found");
}

/// Every ES|QL rule of Elastic's repository, as path and text.
fn elastic_rules() -> Vec<(PathBuf, String)> {
    let Some(folder) = shared("corpora/elastic") else { return Vec::new() };
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    };
    files(&folder, "toml").into_iter().map(read).collect()
}

#[test]
fn every_esql_rule_of_elastic_parses() {
    let rules = elastic_rules();
    let (mut esql, mut runs, mut failures, mut refused) = (0, 0, Vec::new(), Vec::new());
    for (path, text) in &rules {
        let rule = elastic::read(path, text);
        assert_eq!(State::of(&rule.diagnostics) == State::Refused, rule.body.is_none(), "{}", path.display());
        if rule.language != "esql" {
            continue;
        }
        esql += 1;
        if let Some(Body::Pipeline(pipeline)) = &rule.body {
            runs += 1;
            check_spans(pipeline, text);
        }
        for diagnostic in rule.diagnostics.iter().filter(|found| found.level == Level::Refusal) {
            let span = diagnostic.span.unwrap().of(text);
            let line = format!("{}: {diagnostic} at `{span}`", path.file_name().unwrap().display());
            let known = diagnostic.code == codes::UNSUPPORTED_COMMAND;
            if known { refused.push(line) } else { failures.push(line) }
        }
    }
    println!("{esql} rules in ES|QL of {}, {runs} run\n{}", rules.len(), refused.join("\n"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rules.is_empty() || (rules.len(), esql, runs) >= (2192, 212, 212), "{} {esql} {runs}", rules.len());
}

/// Every plain column name in the rule's conditions, against the bytes of the file under its span.
fn check_spans(pipeline: &Pipeline, file: &str) {
    for stage in &pipeline.stages {
        if let StageKind::Filter(condition) = &stage.kind {
            condition.walk(&mut |expr| {
                if let ExprKind::Field(name) = &expr.kind {
                    let found: String = expr.span.of(file).chars().filter(|&found| found != '`').collect();
                    assert_eq!(&found, name);
                }
            });
        }
    }
}
