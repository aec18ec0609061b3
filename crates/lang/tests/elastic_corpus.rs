//! Every rule of Elastic's repository, through envelope and dialect. The rates may only rise.

use ir::{Level, Rule, State, Status};
use lang::envelope::elastic;
use std::collections::BTreeMap;
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

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|found| found == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

struct File {
    path: PathBuf,
    text: String,
    rule: Rule,
}

fn rules() -> Vec<File> {
    let Some(folder) = shared("corpora/elastic") else { return Vec::new() };
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let rule = elastic::read(&path, &text);
        File { path, text, rule }
    };
    files(&folder).into_iter().map(read).collect()
}

#[test]
fn every_rule_lowers() {
    let rules = rules();
    let mut active = 0;
    let mut failures = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for File { path, text, rule } in &rules {
        active += usize::from(rule.status != Status::Deprecated);
        for diagnostic in rule.diagnostics.iter().filter(|found| found.level == Level::Refusal) {
            let span = diagnostic.span.unwrap().of(text);
            failures.push(format!("{}: {diagnostic} at `{span}`", path.file_name().unwrap().display()));
        }
        assert_eq!(State::of(&rule.diagnostics) == State::Refused, rule.body.is_none(), "{}", path.display());
        if let Some(body) = &rule.body {
            *kinds.entry(format!("{} {}", rule.language, body.kind())).or_default() += 1;
        }
    }
    println!("{} rules, {active} active, {} refused\n{kinds:#?}", rules.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rules.is_empty() || (rules.len(), active) >= (2192, 2068), "{} {active}", rules.len());
}
