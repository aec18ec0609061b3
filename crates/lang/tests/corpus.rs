//! Real queries through every stage. The rates may only rise.

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
